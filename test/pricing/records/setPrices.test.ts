import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import {
  makePriceRecordsService,
  type PriceChange,
  type PriceRecordsService,
} from '../../../src/pricing/records/service.ts';
import { makeSalesService } from '../../../src/sales/service.ts';
import { makeStockFixture, resultOf, type StockFixture } from '../../support/stockFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';

let database: Database;
let stock: StockFixture;
let records: PriceRecordsService;

beforeAll(async () => {
  database = await openTestDatabase();
  stock = await makeStockFixture(database);
  records = makePriceRecordsService({ database, clock: () => stock.time.now });
});
afterAll(() => database.close());

/** Variants of the fixture cost 5.00 GBP; the day is 2026-03-01. */
const change = (variantId: number, fields: Partial<PriceChange> = {}): PriceChange => ({
  variantId,
  price: '4.50',
  listPrice: null,
  comparePrice: null,
  currencyCode: null,
  validFrom: null,
  source: 'RECOMMENDATION',
  reference: 'run-1',
  actor: 'Ada',
  reason: 'Excess stock',
  ...fields,
});
const set = (changes: readonly PriceChange[], mode: 'EACH' | 'ALL_OR_NONE' = 'EACH') =>
  database.sql.transaction((tx) => records.setPrices(tx, changes, mode));
const pricesOf = async (variantId: number) => {
  const [row] = await database.sql.query<{ price: string; listPrice: string }>(
    'SELECT price, list_price AS "listPrice" FROM product_variant WHERE id = $1',
    [variantId],
  );
  return `${row?.price} ${row?.listPrice}`;
};
const historyOf = async (variantId: number, status: 'SCHEDULED' | 'EFFECTIVE' | 'LAPSED' | 'CANCELLED') =>
  ((await records.listPrices([variantId], status))[0] ?? []).map((row) => `${row.validFrom} ${row.price}`);
/** Moves the clock to a day and lets due prices begin; the clock goes back afterwards. */
async function on<Result>(day: string, work: () => Promise<Result>): Promise<Result> {
  const { now } = stock.time;
  stock.time.now = new Date(`${day}T00:00:30.000Z`);
  try {
    return await work();
  } finally {
    stock.time.now = now;
  }
}

describe('setting prices', () => {
  it('changes the price and writes who, why and against what into the history', async () => {
    const id = await stock.addVariant();
    const [result] = await set([change(id, { comparePrice: '5' })]);
    expect(result).toEqual({
      kind: 'set',
      priceId: expect.any(Number),
      now: { price: '4.50', listPrice: '5.0000' },
      before: expect.objectContaining({ price: '5.0000', listPrice: '5.0000' }),
      isScheduled: false,
    });
    expect(await pricesOf(id)).toBe('4.5000 5.0000');
    const [[row]] = (await records.listPrices([id], 'EFFECTIVE')) as [[object]];
    expect(row).toEqual({
      id: result?.kind === 'set' ? result.priceId : 0,
      variantId: id,
      validFrom: '2026-03-01',
      price: '4.5000',
      listPrice: '5.0000',
      currencyCode: 'GBP',
      status: 'EFFECTIVE',
      source: 'RECOMMENDATION',
      reference: 'run-1',
      actor: 'Ada',
      reason: 'Excess stock',
      comparePrice: '5.0000',
      createdAt: stock.time.now,
      settledAt: null,
      cancelledBy: null,
      cancelReason: null,
    });
  });

  it('keeps every change of one day, of which the last counts', async () => {
    const id = await stock.addVariant();
    await set([change(id)]);
    await set([change(id, { price: '5', source: 'REVERSAL', comparePrice: '4.5' })]);
    expect(await historyOf(id, 'EFFECTIVE')).toEqual(['2026-03-01 4.5000', '2026-03-01 5.0000']);
    expect(await pricesOf(id)).toBe('5.0000 5.0000');
  });

  it('raises the regular price with a price above it, and takes a given one', async () => {
    const [raised, given] = [await stock.addVariant(), await stock.addVariant()];
    await set([change(raised, { price: '6.25' }), change(given, { listPrice: '7.99' })]);
    expect([await pricesOf(raised), await pricesOf(given)]).toEqual(['6.2500 6.2500', '4.5000 7.9900']);
  });

  it('writes nothing where the prices hold already', async () => {
    const id = await stock.addVariant();
    expect(await set([change(id, { price: '5.00' })])).toMatchObject([{ kind: 'unchanged' }]);
    expect(await historyOf(id, 'EFFECTIVE')).toEqual([]);
  });

  it('sends three statements for a thousand variants', async () => {
    const rows = await database.sql.query<{ id: number }>(
      `WITH product AS (INSERT INTO product (handle, name) VALUES ('many', 'Many') RETURNING id)
       INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
       SELECT product.id, 'MANY-' || number, 'Many', 5, 5, 'GBP' FROM product, generate_series(1, 1000) AS number RETURNING id`,
    );
    const count = { statements: 0 };
    const results = await withStatementCount(count, () => set(rows.map(({ id }) => change(id))));
    expect(count.statements).toBe(3);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['set']));
    expect(new Set(results.map((result) => result.kind === 'set' && result.priceId)).size).toBe(1_000);
  });

  it.each([
    ['stale', { comparePrice: '4.99' }, { kind: 'stale', present: { price: '5.0000' } }],
    ['in another currency', { currencyCode: 'EUR' }, { kind: 'currencyMismatch', currencyCode: 'GBP' }],
    [
      'above the regular price given with it',
      { listPrice: '4.49' },
      { kind: 'listPriceBelowPrice', listPrice: '4.49', price: '4.50' },
    ],
  ])('refuses one that is %s, and sets the others', async (_, fields, refusal) => {
    const [bad, good] = [await stock.addVariant(), await stock.addVariant()];
    expect(await set([change(bad, fields), change(good)])).toMatchObject([refusal, { kind: 'set' }]);
    expect([await pricesOf(bad), await pricesOf(good)]).toEqual(['5.0000 5.0000', '4.5000 5.0000']);
    expect(await historyOf(bad, 'EFFECTIVE')).toEqual([]);
  });

  it('sets all or none where asked to', async () => {
    const id = await stock.addVariant();
    const results = await set([change(id), change(2_000_000)], 'ALL_OR_NONE');
    expect(results).toEqual([{ kind: 'heldBack' }, { kind: 'unknownVariant' }]);
    expect(await pricesOf(id)).toBe('5.0000 5.0000');
  });

  it('throws for a variant named twice and for what is no price', async () => {
    const id = await stock.addVariant();
    await expect(set([change(id), change(id)])).rejects.toThrow(
      `A variant must be priced once in a call, got ${id} twice.`,
    );
    await expect(set([change(id, { price: '0' })])).rejects.toThrow(
      'A price must be above 0 with at most four decimals, got 0.',
    );
  });

  it('lets one of two changes at the same moment go before, and finds the other stale', async () => {
    const id = await stock.addVariant();
    const results = await Promise.all(
      ['4.50', '4.75'].map((price) => set([change(id, { price, comparePrice: '5' })])),
    );
    expect(results.map(([result]) => result?.kind).sort()).toEqual(['set', 'stale']);
    expect(await historyOf(id, 'EFFECTIVE')).toHaveLength(1);
  });
});

describe('scheduled prices', () => {
  it('begin on their day and end with the next one that was compared with them', async () => {
    const id = await stock.addVariant();
    const start = change(id, { price: '4', comparePrice: '5', validFrom: '2026-03-05' });
    const end = change(id, { price: '5', comparePrice: '4', validFrom: '2026-03-12' });
    expect(await set([start])).toMatchObject([{ kind: 'set', isScheduled: true }]);
    expect(await set([end])).toMatchObject([{ kind: 'set', before: { price: '4.0000' } }]);
    expect(await pricesOf(id)).toBe('5.0000 5.0000');
    expect(await on('2026-03-04', () => records.activateDuePrices())).toEqual({ effective: [], lapsed: [] });
    expect((await on('2026-03-05', () => records.activateDuePrices())).effective).toHaveLength(1);
    expect(await pricesOf(id)).toBe('4.0000 5.0000');
    expect((await on('2026-03-13', () => records.activateDuePrices())).effective).toHaveLength(1);
    expect(await pricesOf(id)).toBe('5.0000 5.0000');
    expect(await historyOf(id, 'EFFECTIVE')).toEqual(['2026-03-05 4.0000', '2026-03-12 5.0000']);
  });

  it('lapse where another price holds by then, and those that were compared with them too', async () => {
    const id = await stock.addVariant();
    await set([change(id, { price: '4', comparePrice: '5', validFrom: '2026-03-05' })]);
    await set([change(id, { price: '5', comparePrice: '4', validFrom: '2026-03-06' })]);
    await set([change(id, { price: '3', validFrom: '2026-03-07' })]);
    await set([change(id, { price: '5.5', comparePrice: '5' })]);
    const activation = await on('2026-03-08', () => records.activateDuePrices());
    expect(activation).toMatchObject({ effective: { length: 1 }, lapsed: { length: 2 } });
    expect(await pricesOf(id)).toBe('3.0000 5.0000');
    expect(await historyOf(id, 'LAPSED')).toEqual(['2026-03-05 4.0000', '2026-03-06 5.0000']);
  });

  it('that are due begin before a change compares', async () => {
    const id = await stock.addVariant();
    await set([change(id, { price: '4', validFrom: '2026-03-05' })]);
    const late = await on('2026-03-06', () => set([change(id, { price: '6', comparePrice: '5' })]));
    expect(late).toMatchObject([{ kind: 'stale', present: { price: '4.0000' } }]);
    expect(await pricesOf(id)).toBe('4.0000 5.0000');
  });

  it('are cancelled until they have begun, and what was compared with them lapses', async () => {
    const id = await stock.addVariant();
    const schedule = async (fields: Partial<PriceChange>) => {
      const [result] = await set([change(id, fields)]);
      return result?.kind === 'set' ? result.priceId : 0;
    };
    const first = await schedule({ price: '4', comparePrice: '5', validFrom: '2026-03-05' });
    await schedule({ price: '3', comparePrice: '4', validFrom: '2026-03-06' });
    const cancel = (...priceIds: number[]) =>
      records.cancelVariantPrices({ actor: 'Bo', reason: 'Delivery is late', priceIds });
    expect(await cancel(first, 2_000_000)).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'priceIds', '1'] }],
    });
    expect(resultOf(await cancel(first, first))).toEqual([first]);
    expect(await cancel(first)).toEqual({
      kind: 'refused',
      userErrors: [
        {
          code: 'NOT_SCHEDULED',
          field: ['input', 'priceIds', '0'],
          message: 'input.priceIds.0 must be a price in state SCHEDULED, got CANCELLED.',
        },
      ],
    });
    expect(await records.findPrices([first])).toMatchObject([
      { status: 'CANCELLED', actor: 'Ada', cancelledBy: 'Bo', cancelReason: 'Delivery is late' },
    ]);
    expect(await on('2026-03-07', () => records.activateDuePrices())).toMatchObject({ effective: [] });
    expect(await historyOf(id, 'LAPSED')).toEqual(['2026-03-06 3.0000']);
    expect(await pricesOf(id)).toBe('5.0000 5.0000');
    const blank = await records.cancelVariantPrices({ actor: ' ', reason: 'x', priceIds: [first] });
    expect(blank).toMatchObject({ userErrors: [{ code: 'BLANK' }, { code: 'NOT_SCHEDULED' }] });
    expect(await cancel(...Array.from({ length: 251 }, () => first))).toMatchObject({
      userErrors: [{ code: 'TOO_MANY_LINES' }],
    });
  });

  it('begin for more variants than one transaction takes', async () => {
    const rows = await database.sql.query<{ id: number }>(
      `SELECT id FROM product_variant WHERE sku LIKE 'MANY-%' UNION ALL SELECT max(id) FROM product_variant`,
    );
    expect(rows.length).toBe(1_001);
    await set(rows.map(({ id }) => change(id, { price: '3', validFrom: '2026-03-09' })));
    const { effective } = await on('2026-03-09', () => records.activateDuePrices());
    expect(new Set(effective).size).toBe(1_001);
  });
});

describe('the price history', () => {
  it('takes prices of imported sales behind those that were set, and leaves scheduled ones alone', async () => {
    const id = await stock.addVariant();
    await set([change(id, { price: '6', validFrom: '2026-03-20' })]);
    await set([change(id, { price: '4' })]);
    const [variant] = await database.sql.query<{ sku: string }>(
      'SELECT sku FROM product_variant WHERE id = $1',
      [id],
    );
    const sale = { sku: variant?.sku ?? '', quantity: '1', unitPrice: '5.25', name: '', country: '' };
    const sales = makeSalesService({ database, clock: () => stock.time.now });
    const rows = ['2026-02-01', '2026-03-01'].map((day) => ({
      ...sale,
      orderNumber: `P-${day}`,
      soldAt: `${day}T08:00:00.000Z`,
      customerCode: '',
    }));
    await sales.importRows({ warehouseCode: 'LON', currencyCode: 'GBP', channel: 'prices', rows });
    expect(await historyOf(id, 'EFFECTIVE')).toEqual(['2026-02-01 5.2500', '2026-03-01 4.0000']);
    expect(await historyOf(id, 'SCHEDULED')).toEqual(['2026-03-20 6.0000']);
    expect(await pricesOf(id)).toBe('4.0000 5.0000');
  });

  it.each([
    ['rewritten', 'UPDATE variant_price SET price = 1 WHERE variant_id = $1', /append-only/],
    [
      'taken back once it holds',
      "UPDATE variant_price SET status = 'LAPSED', settled_at = now() WHERE variant_id = $1",
      /append-only/,
    ],
    [
      'given a price of 0',
      "INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code) VALUES ($1, '2026-01-01', 0, 0, 'GBP')",
      /variant_price_check/,
    ],
  ])('cannot be %s', async (_, statement, message) => {
    const id = await stock.addVariant();
    await set([change(id)]);
    await expect(database.sql.query(statement, [id])).rejects.toThrow(message);
  });

  it('is read oldest first, whatever the order in which it was written, by one statement', async () => {
    const [id, none] = [await stock.addVariant(), await stock.addVariant()];
    await database.sql.query(
      `INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code)
       VALUES ($1, '2026-02-01', 2.55, 3, 'GBP'), ($1, '2026-01-01', 3, 3, 'GBP')`,
      [id],
    );
    const count = { statements: 0 };
    const lists = await withStatementCount(count, () => records.listPrices([none, id], 'EFFECTIVE'));
    expect(count.statements).toBe(1);
    expect(lists.map((rows) => rows.map(({ validFrom, source }) => `${validFrom} ${source}`))).toEqual([
      [],
      ['2026-01-01 IMPORT', '2026-02-01 IMPORT'],
    ]);
  });
});
