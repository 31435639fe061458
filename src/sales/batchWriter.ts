import { createHash } from 'node:crypto';
import type { Sql } from '../database/sql.ts';
import { fromDayNumber } from './calendarDay.ts';
import { type DailyTotal, toDailyTotals } from './dailyTotals.ts';
import * as articles from './importArticleRepository.ts';
import * as repository from './importRepository.ts';
import type { Refusal, RefusalReason, SalesRow } from './salesRow.ts';
import { findUsualPrice, type PriceChange, recordPrice } from './usualPrice.ts';

/** Where the rows of an import go. */
export type Destination = {
  readonly importId: number;
  readonly warehouse: repository.WarehouseRow;
  readonly channel: string;
  readonly currencyCode: string;
  readonly categoryId: number | null;
};

/** What became of a batch: rows written, rows left out. */
export type WrittenBatch = { readonly kept: readonly SalesRow[]; readonly refusals: readonly Refusal[] };

/** Writes batches of one import. */
export type BatchWriter = ReturnType<typeof makeBatchWriter>;

type Article = { readonly id: number; readonly currencyCode: string; readonly prices: PriceChange[] };

/**
 * Makes the writer of one import. `write` puts a batch into the store inside the caller's transaction: orders,
 * lines, daily totals, prices and whatever they need. It remembers articles between batches, so a writer whose
 * transaction failed must not be used again.
 */
export function makeBatchWriter(destination: Destination) {
  const known = new Map<string, Article>();
  let salesThrough = destination.warehouse.salesThrough ?? '';

  return {
    async write(tx: Sql, rows: readonly SalesRow[]): Promise<WrittenBatch> {
      const orders = await findOrders(tx, destination, rows);
      await learnArticles(tx, known, rows);
      const refusals = rows.flatMap((row) => findProblem(row, orders.foreign, known, destination) ?? []);
      const refusedLines = new Set(refusals.map(({ line }) => line));
      const kept = rows.filter(({ line }) => !refusedLines.has(line));
      if (kept.length === 0) return { kept, refusals };
      await createArticles(tx, known, kept, destination);
      await insertSales(tx, kept, { own: orders.own, known, destination });
      const lastDay = fromDayNumber(kept.reduce((last, { day }) => Math.max(last, day), 0));
      await addTotals(tx, toDailyTotals(kept), { known, destination, salesThrough });
      if (lastDay > salesThrough) {
        salesThrough = lastDay;
        await repository.raiseSalesThrough(tx, destination.warehouse.id, lastDay);
      }
      return { kept, refusals };
    },
  };
}

/** Orders that this import began in an earlier batch, and the numbers that another import or request brought. */
async function findOrders(
  tx: Sql,
  { channel, importId }: Destination,
  rows: readonly SalesRow[],
): Promise<{ readonly own: Map<string, number>; readonly foreign: Set<string> }> {
  const numbers = [...new Set(rows.map(({ orderNumber }) => orderNumber))];
  const found = await repository.listOrders(tx, channel, numbers);
  const isOwn = (order: { readonly importId: number | null }) => order.importId === importId;
  return {
    own: new Map(found.filter(isOwn).map(({ number, id }) => [number, id])),
    foreign: new Set(found.filter((order) => !isOwn(order)).map(({ number }) => number)),
  };
}

async function learnArticles(tx: Sql, known: Map<string, Article>, rows: readonly SalesRow[]): Promise<void> {
  const unknown = [...new Set(rows.map(({ sku }) => sku))].filter((sku) => !known.has(sku));
  if (unknown.length === 0) return;
  for (const row of await articles.listKnownVariants(tx, unknown)) {
    const days = (row.days ?? '').split(',');
    const prices = (row.prices ?? '').split(',');
    known.set(row.sku, {
      id: row.id,
      currencyCode: row.currencyCode,
      prices:
        row.days === null ? [] : days.map((day, at) => ({ day: Number(day), price: Number(prices[at]) })),
    });
  }
}

function findProblem(
  row: SalesRow,
  foreignOrders: ReadonlySet<string>,
  known: ReadonlyMap<string, Article>,
  { channel, currencyCode }: Destination,
): Refusal[] | null {
  const refuse = (reason: RefusalReason, message: string) => [{ line: row.line, reason, message }];
  if (foreignOrders.has(row.orderNumber))
    return refuse(
      'DUPLICATE_ORDER',
      `orderNumber must be new in the channel '${channel}', but '${row.orderNumber}' was imported before.`,
    );
  const article = known.get(row.sku);
  if (article !== undefined && article.currencyCode !== currencyCode)
    return refuse(
      'CURRENCY_MISMATCH',
      `unitPrice of '${row.sku}' must be in its currency ${article.currencyCode}, got ${currencyCode}.`,
    );
  return null;
}

/** Creates the articles that are new, and a level of zeros in the warehouse for every article of the batch. */
async function createArticles(
  tx: Sql,
  known: Map<string, Article>,
  rows: readonly SalesRow[],
  { warehouse, ...common }: Destination,
): Promise<void> {
  const firstRows = new Map<string, SalesRow>();
  for (const row of rows) if (!known.has(row.sku) && !firstRows.has(row.sku)) firstRows.set(row.sku, row);
  const fresh = [...firstRows.values()].map(({ sku, name, price }) => ({
    sku,
    handle: toHandle(sku),
    name: name ?? sku,
    price,
  }));
  if (fresh.length > 0)
    for (const { id, sku } of await articles.insertArticles(tx, fresh, common))
      known.set(sku, { id, currencyCode: common.currencyCode, prices: [] });
  const ids = new Set(rows.map(({ sku }) => known.get(sku)?.id ?? 0));
  await articles.insertEmptyLevels(tx, [...ids].sort(ascending), warehouse.id);
}

async function insertSales(
  tx: Sql,
  rows: readonly SalesRow[],
  {
    own,
    known,
    destination,
  }: {
    readonly own: Map<string, number>;
    readonly known: ReadonlyMap<string, Article>;
    readonly destination: Destination;
  },
): Promise<void> {
  const fresh = new Map<string, SalesRow>();
  for (const row of rows)
    if (!own.has(row.orderNumber) && !fresh.has(row.orderNumber)) fresh.set(row.orderNumber, row);
  if (fresh.size > 0)
    for (const { id, number } of await repository.insertOrders(tx, [...fresh.values()], destination))
      own.set(number, id);
  await repository.insertOrderLines(tx, rows, {
    orders: rows.map(({ orderNumber }) => own.get(orderNumber) ?? 0),
    variants: rows.map(({ sku }) => known.get(sku)?.id ?? 0),
    warehouseId: destination.warehouse.id,
  });
}

/**
 * Adds the daily totals and the price changes they show. A day that an earlier batch has judged keeps its price, so
 * a resumed import ends with the same prices as one that was never stopped.
 */
async function addTotals(
  tx: Sql,
  totals: readonly DailyTotal[],
  {
    known,
    destination,
    salesThrough,
  }: {
    readonly known: ReadonlyMap<string, Article>;
    readonly destination: Destination;
    readonly salesThrough: string;
  },
): Promise<void> {
  const withIds = totals.map((total) => ({ ...total, variantId: known.get(total.sku)?.id ?? 0 }));
  const reported = withIds.filter(({ day, units }) => units > 0 && fromDayNumber(day) <= salesThrough);
  const soldDays = reported.length === 0 ? new Set<string>() : await articles.listSoldDays(tx, reported);
  const changes: articles.PriceWrite[] = [];
  const writes = withIds.map((total): articles.DailyWrite => {
    const { variantId, day, commonPrice, sku } = total;
    const prices = known.get(sku)?.prices ?? [];
    if (commonPrice === 0 || soldDays.has(`${variantId} ${day}`)) return { ...total, usualPrice: 0 };
    const isChange = recordPrice(prices, day, commonPrice);
    const usualPrice = findUsualPrice(prices, day);
    if (isChange)
      changes.push({ variantId, day, price: commonPrice, listPrice: Math.max(usualPrice, commonPrice) });
    return { ...total, usualPrice };
  });
  await articles.addDailySales(tx, writes, destination.warehouse.id);
  if (changes.length > 0) await articles.insertPriceChanges(tx, changes, destination.currencyCode);
}

/** Handle of a code: itself in lower case where that says it all, with a piece of its hash otherwise. */
function toHandle(sku: string): string {
  const handle = sku
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (handle.toUpperCase() === sku) return handle;
  const hash = createHash('sha256').update(sku).digest('hex').slice(0, 8);
  return handle === '' ? hash : `${handle}-${hash}`;
}

function ascending(a: number, b: number): number {
  return a - b;
}
