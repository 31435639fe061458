import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { withStatementCount } from '../../../../src/database/statementMeter.ts';
import { toGlobalId } from '../../../../src/globalId.ts';
import {
  makePriceHistoriesService,
  type PriceHistoriesService,
} from '../../../../src/pricing/records/histories/priceHistories.ts';
import {
  makePriceRecordsService,
  type PriceRecordsService,
} from '../../../../src/pricing/records/service.ts';
import { makeSalesService } from '../../../../src/sales/service.ts';
import { makeSignalsService } from '../../../../src/signals/service.ts';
import { makeStockFixture, resultOf, type StockFixture } from '../../../support/stockFixture.ts';
import { openTestDatabase } from '../../../support/testDatabase.ts';

let database: Database;
let stock: StockFixture;
let records: PriceRecordsService;
let histories: PriceHistoriesService;

beforeAll(async () => {
  database = await openTestDatabase();
  stock = await makeStockFixture(database);
  const clock = () => stock.time.now;
  records = makePriceRecordsService({ database, clock });
  histories = makePriceHistoriesService({
    database,
    sales: makeSalesService({ database, clock }),
    signals: makeSignalsService({ database }),
    costs: records,
    clock,
  });
  await database.sql.query(`UPDATE warehouse SET sales_through = '2026-02-15'`); // a Sunday
});
afterAll(() => database.close());

type Sale = readonly [
  date: string,
  units: number,
  revenue: number,
  more?: {
    readonly warehouse?: 0 | 1;
    readonly listPrice?: number;
    readonly inStock?: boolean;
    readonly promoted?: boolean;
  },
];
/** A variant of 5.00 GBP with sales in the first two warehouses. */
async function addVariant(...sales: readonly Sale[]): Promise<number> {
  const id = await stock.addVariant([1]);
  for (const [date, units, revenue, more = {}] of sales)
    await database.sql.query(
      `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue, list_price, in_stock, promoted)
       VALUES ($1, $2, $3, $4, $5::text::numeric, $6::text::numeric, $7, $8)`,
      [
        id,
        stock.warehouseIds[more.warehouse ?? 0],
        date,
        units,
        String(revenue),
        more.listPrice === undefined ? null : String(more.listPrice),
        more.inStock ?? true,
        more.promoted ?? false,
      ],
    );
  return id;
}
/** The prices of a variant by the day from which they held: what is paid, and the regular price where it is another. */
const addPrices = async (
  variantId: number,
  prices: readonly (readonly [day: string, price: number, list?: number])[],
) => {
  for (const [day, price, list] of prices)
    await database.sql.query(
      `INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code)
       VALUES ($1, $2, $3::text::numeric, $4::text::numeric, 'GBP')`,
      [variantId, day, String(price), String(list ?? price)],
    );
};
const observe = async (
  variantId: number,
  ...seen: readonly (readonly [competitor: string, at: string, price: string])[]
) =>
  resultOf(
    await records.recordCompetitorPrices({
      source: 'test',
      prices: seen.map(([competitor, at, price]) => ({
        variantId,
        competitor,
        price,
        currencyCode: 'GBP',
        observedAt: `${at}T08:00:00.000Z`,
      })),
    }),
  );
const read = async (variantId: number, range: Parameters<PriceHistoriesService['listPriceHistories']>[1]) => {
  const [one] = await histories.listPriceHistories([variantId], range);
  if (one === null || one === undefined) throw new Error('The variant must be known.');
  return one;
};
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

describe('price histories', () => {
  it('join sales of all warehouses, what was paid, and what held where nothing was sold', async () => {
    const id = await addVariant(
      ['2026-02-12', 2, 9, { listPrice: 5 }],
      ['2026-02-12', 1, 4.5, { warehouse: 1, listPrice: 5.5, promoted: true }],
      ['2026-02-14', 0, 0, { inStock: false }],
      ['2026-02-15', 1, 3.99],
    );
    await addPrices(id, [
      ['2026-02-13', 4, 5],
      ['2026-02-14', 3.99],
    ]);
    const { history } = await read(id, { frequency: 'DAILY' });
    const unknown = { competitorPrices: [], sentiment: Number.NaN, complaintRate: Number.NaN };
    expect(history).toEqual([
      {
        ...unknown,
        day: dayOf('2026-02-12'),
        units: 3,
        price: 4.5,
        regularPrice: 5.5,
        promoted: true,
        inStock: true,
      },
      {
        ...unknown,
        day: dayOf('2026-02-13'),
        units: 0,
        price: 4,
        regularPrice: 5,
        promoted: true,
        inStock: true,
      },
      {
        ...unknown,
        day: dayOf('2026-02-14'),
        units: 0,
        price: 3.99,
        regularPrice: 3.99,
        promoted: false,
        inStock: false,
      },
      {
        ...unknown,
        day: dayOf('2026-02-15'),
        units: 1,
        price: 3.99,
        regularPrice: 3.99,
        promoted: false,
        inStock: true,
      },
    ]);
  });

  it('add weeks up that end on the last reported day; one that is not whole is left out', async () => {
    const id = await addVariant(
      ['2026-01-30', 9, 90],
      ['2026-02-03', 2, 8],
      ['2026-02-08', 1, 5, { inStock: false }],
      ['2026-02-13', 0, 0],
    );
    await addPrices(id, [
      ['2026-01-01', 5],
      ['2026-02-09', 4, 5],
      ['2026-02-13', 6],
    ]);
    const { history } = await read(id, { frequency: 'WEEKLY' });
    expect(history).toMatchObject([
      { day: dayOf('2026-02-02'), units: 3, price: 13 / 3, regularPrice: 5, promoted: false, inStock: false },
      {
        day: dayOf('2026-02-09'),
        units: 0,
        regularPrice: (4 * 5 + 3 * 6) / 7,
        promoted: true,
        inStock: true,
      },
    ]);
    expect(history[1]?.price).toBeCloseTo((4 * 4 + 3 * 6) / 7, 12);
  });

  it('add whole calendar months up', async () => {
    const id = await addVariant(
      ['2025-11-20', 1, 5],
      ['2025-12-01', 2, 10],
      ['2026-01-31', 3, 12],
      ['2026-02-01', 1, 5],
    );
    const { history } = await read(id, { frequency: 'MONTHLY' });
    expect(history.map(({ day, units, price }) => [day, units, price])).toEqual([
      [dayOf('2025-12-01'), 2, 5],
      [dayOf('2026-01-01'), 3, 4],
    ]);
  });

  it('carry what each competitor asked for four weeks, and know nothing of what was seen later', async () => {
    const id = await addVariant(['2026-01-05', 1, 5], ['2026-02-15', 1, 5]);
    await observe(
      id,
      ['Zeta', '2026-01-10', '6'],
      ['Acme', '2025-12-20', '4'],
      ['Acme', '2026-02-08', '4.5'],
      ['Acme', '2026-02-20', '4.7'],
    );
    const { history, competitors, competitorPrices } = await read(id, { frequency: 'WEEKLY' });
    expect(competitors).toEqual(['Acme', 'Zeta']);
    expect(history.map(({ day, competitorPrices: prices }) => [day, ...prices])).toEqual([
      [dayOf('2026-01-05'), 4, 6],
      [dayOf('2026-01-12'), Number.NaN, 6], // the 18th is 29 days after the 20th of December
      [dayOf('2026-01-19'), Number.NaN, 6],
      [dayOf('2026-01-26'), Number.NaN, 6],
      [dayOf('2026-02-02'), 4.5, Number.NaN],
      [dayOf('2026-02-09'), 4.5, Number.NaN],
    ]);
    expect(competitorPrices).toEqual([4.7, Number.NaN]);
  });

  it('know of texts what was written in the last week that was over', async () => {
    const id = await addVariant(['2026-01-19', 1, 5], ['2026-02-15', 1, 5]);
    const texts = { variantId: id, texts: 20, sentiment: -0.5 };
    await makeSignalsService({ database }).recordSignals([
      { ...texts, weekStartsOn: '2026-01-19', complaints: 14 },
      { ...texts, weekStartsOn: '2026-02-02', complaints: 7 },
    ]);
    const weekly = await read(id, { frequency: 'WEEKLY' });
    expect(weekly.history.map(({ complaintRate, sentiment }) => [complaintRate, sentiment])).toEqual([
      [2, -0.5],
      [0, Number.NaN],
      [1, -0.5],
      [Number.NaN, Number.NaN],
    ]);
    const daily = await read(id, { frequency: 'DAILY', through: '2026-01-26' });
    expect(daily.history.map(({ complaintRate }) => complaintRate)).toEqual([
      ...Array.from({ length: 6 }, () => Number.NaN),
      2, // Sunday the 25th ends the week
      2,
    ]);
  });

  it('begin and end where asked to, within the sales', async () => {
    const id = await addVariant(['2026-02-01', 1, 5], ['2026-02-14', 1, 5]);
    const daysOf = async (from?: string, through?: string) => {
      const range = { frequency: 'DAILY' as const, ...(from && { from }), ...(through && { through }) };
      const days = (await read(id, range)).history.map(({ day }) => day);
      return [days[0], days.at(-1)].map(
        (day) => day && new Date(day * 86_400_000).toISOString().slice(5, 10),
      );
    };
    expect(await daysOf()).toEqual(['02-01', '02-15']);
    expect(await daysOf('2025-01-01', '2026-02-03')).toEqual(['02-01', '02-03']);
    expect(await daysOf('2026-02-10', '2027-01-01')).toEqual(['02-10', '02-15']);
    expect(await daysOf('2026-02-16')).toEqual([undefined, undefined]);
  });

  it('come with the price, cost and groups of today, and are empty where nothing was sold', async () => {
    const id = await addVariant();
    await records.recordCosts({
      actor: 'Ada',
      reference: null,
      costs: [{ variantId: id, cost: '2.25', currencyCode: 'GBP', validFrom: '2026-02-01' }],
    });
    const [row] = await database.sql.query<{ product: number; category: number }>(
      `WITH category AS (INSERT INTO category (code, name) VALUES ('C', 'C') RETURNING id)
       UPDATE product SET category_id = category.id FROM category, product_variant variant
        WHERE variant.id = $1 AND product.id = variant.product_id RETURNING product.id AS product, category.id AS category`,
      [id],
    );
    expect(await read(id, { frequency: 'WEEKLY' })).toEqual({
      id: toGlobalId('ProductVariant', id),
      variantId: id,
      sku: expect.stringMatching(/^SKU-\d+$/),
      currencyCode: 'GBP',
      history: [],
      unitCost: 2.25,
      currentPrice: 5,
      listPrice: 5,
      competitors: [],
      competitorPrices: [],
      groups: [`category:${row?.category}`, `product:${row?.product}`],
    });
    const other = await addVariant();
    expect((await read(other, { frequency: 'WEEKLY' })).unitCost).toBeNull();
    await database.sql.query('UPDATE product_variant SET price = 0 WHERE id = $1', [other]);
    expect(await histories.listPriceHistories([other, 2_000_000], { frequency: 'DAILY' })).toEqual([
      null,
      null,
    ]);
  });

  it('are read in key order, a thousand variants by six statements', async () => {
    const id = await addVariant(['2026-02-15', 4, 20]);
    await database.sql.query(
      `WITH product AS (INSERT INTO product (handle, name) VALUES ('many', 'Many') RETURNING id)
       INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
       SELECT product.id, 'MANY-' || number, 'Many', 5, 5, 'GBP' FROM product, generate_series(1, 1100) AS number`,
    );
    const rows = await database.sql.query<{ id: number }>(
      `SELECT id FROM product_variant WHERE sku LIKE 'MANY-%' ORDER BY id`,
    );
    const ids = [...rows.map((row) => row.id), id];
    const statementsOf = async (some: readonly number[]) => {
      const count = { statements: 0 };
      const found = await withStatementCount(count, () =>
        histories.listPriceHistories(some, { frequency: 'WEEKLY' }),
      );
      expect(found.map((one) => one?.variantId)).toEqual(some);
      return count.statements;
    };
    expect(await statementsOf([id])).toBe(6);
    expect(await statementsOf(ids.slice(-1_000))).toBe(6);
    expect(await statementsOf(ids)).toBe(12);
    const sizes: number[] = [];
    for await (const chunk of histories.readPriceHistories(ids, { frequency: 'DAILY' }))
      sizes.push(chunk.length);
    expect(sizes).toEqual([1_000, 101]);
  });
});
