import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import { withStatementCount } from '../../../../src/database/statementMeter.ts';
import { toGlobalId } from '../../../../src/globalId.ts';
import {
  makePriceRecordsService,
  type PriceRecordsService,
} from '../../../../src/pricing/records/service.ts';
import { makeStockFixture, resultOf, type StockFixture } from '../../../support/stockFixture.ts';
import { openTestDatabase } from '../../../support/testDatabase.ts';

let database: Database;
let stock: StockFixture;
let records: PriceRecordsService;

beforeAll(async () => {
  database = await openTestDatabase();
  stock = await makeStockFixture(database);
  records = makePriceRecordsService({ database, clock: () => stock.time.now });
});
afterAll(() => database.close());

const priceOf = (variantId: number, fields: object = {}) => ({
  variantId,
  competitor: 'Acme',
  price: '4.99',
  currencyCode: 'GBP',
  observedAt: '2026-02-27T08:00:00.000Z',
  ...fields,
});
const record = (prices: readonly ReturnType<typeof priceOf>[], source = 'crawler') =>
  records.recordCompetitorPrices({ source, prices });
const listOf = async (variantId: number) =>
  (await records.listCompetitorPrices({ variantIds: [variantId] }, {})).nodes.map(
    ({ competitor, price, source, observedAt }) =>
      `${observedAt.toISOString().slice(0, 10)} ${competitor} ${price} ${source}`,
  );

describe("competitors' prices", () => {
  it('are kept once a moment: the same moment replaces, another adds', async () => {
    const id = await stock.addVariant();
    const earlier = priceOf(id, { observedAt: '2026-02-20T08:00:00.000Z' });
    expect(resultOf(await record([priceOf(id), earlier]))).toBe(2);
    await record([priceOf(id, { price: '4.49' })], 'corrected');
    await record([earlier]);
    expect(await listOf(id)).toEqual(['2026-02-27 Acme 4.4900 corrected', '2026-02-20 Acme 4.9900 crawler']);
  });

  it('are stored by two statements, whatever their number', async () => {
    const id = await stock.addVariant();
    const prices = Array.from({ length: 1_000 }, (_, hour) =>
      priceOf(id, {
        competitor: `Shop ${hour % 7}`,
        observedAt: new Date(Date.UTC(2026, 0, 1, hour)).toISOString(),
      }),
    );
    const count = { statements: 0 };
    expect(resultOf(await withStatementCount(count, () => record(prices)))).toBe(1_000);
    expect(count.statements).toBe(2);
  });

  it('are read as the latest of each competitor, by name and with one statement', async () => {
    const [id, none] = [await stock.addVariant(), await stock.addVariant()];
    await record([
      priceOf(id, { competitor: 'Zeta', observedAt: '2026-02-01T00:00:00.000Z', price: '9' }),
      priceOf(id, { competitor: 'Zeta', observedAt: '2026-02-02T00:00:00.000Z', price: '8' }),
      priceOf(id, { competitor: 'Beta', observedAt: '2025-02-02T00:00:00.000Z', price: '7' }),
    ]);
    const count = { statements: 0 };
    const [nothing, latest = []] = await withStatementCount(count, () =>
      records.listLatestCompetitorPrices([none, id]),
    );
    expect(count.statements).toBe(1);
    expect(nothing).toEqual([]);
    expect(latest.map(({ competitor, price }) => `${competitor} ${price}`)).toEqual([
      'Beta 7.0000',
      'Zeta 8.0000',
    ]);
  });

  it('are listed by variant, competitor and time', async () => {
    const id = await stock.addVariant();
    await record([
      priceOf(id, { competitor: 'One', observedAt: '2026-02-01T00:00:00.000Z' }),
      priceOf(id, { competitor: 'Two', observedAt: '2026-02-02T00:00:00.000Z' }),
      priceOf(id, { competitor: 'One', observedAt: '2026-02-03T00:00:00.000Z' }),
    ]);
    const observedAt = { after: new Date('2026-02-02T00:00:00Z'), before: new Date('2026-03-01T00:00:00Z') };
    const late = await records.listCompetitorPrices({ variantIds: [id], observedAt }, { first: 1 });
    expect(late.nodes.map(({ competitor }) => competitor)).toEqual(['One']);
    expect(late.pageInfo.hasNextPage).toBe(true);
    expect(await late.countRows()).toBe(2);
    const next = await records.listCompetitorPrices(
      { variantIds: [id], observedAt },
      { first: 1, after: late.pageInfo.endCursor },
    );
    expect(next.nodes.map(({ competitor }) => competitor)).toEqual(['Two']);
    const own = await records.listCompetitorPrices({ variantIds: [id], competitors: ['Two'] }, {});
    expect(own.nodes).toHaveLength(1);
  });

  it.each([
    [
      'CURRENCY_MISMATCH',
      'currencyCode',
      { currencyCode: 'EUR' },
      'the currency of its variant, GBP, got EUR',
    ],
    [
      'INVALID_PRICE',
      'price',
      { price: '0.00' },
      'above 0 and below 10,000,000,000, with at most four decimals, got 0.00',
    ],
    ['BLANK', 'competitor', { competitor: ' ' }, 'a name with a character that can be seen, got none'],
    [
      'OBSERVED_IN_FUTURE',
      'observedAt',
      { observedAt: '2026-03-01T10:06:00.000Z' },
      'a moment that has passed, got 2026-03-01T10:06:00.000Z',
    ],
    [
      'NOT_FOUND',
      'variantId',
      { variantId: 2_000_000 },
      `the id of an existing ProductVariant, got '${toGlobalId('ProductVariant', 2_000_000)}'`,
    ],
  ])('are refused with %s for %s, and nothing is stored', async (code, name, fields, rule) => {
    const id = await stock.addVariant();
    const field = ['input', 'prices', '1', name];
    expect(await record([priceOf(id), priceOf(id, { competitor: 'Other', ...fields })])).toEqual({
      kind: 'refused',
      userErrors: [{ code, field, message: `${field.join('.')} must be ${rule}.` }],
    });
    expect(await listOf(id)).toEqual([]);
  });

  it('are refused twice of a moment, from a blank source, and beyond 1,000', async () => {
    const id = await stock.addVariant();
    expect(await record([priceOf(id), priceOf(id, { price: '5' })], '')).toEqual({
      kind: 'refused',
      userErrors: [
        {
          code: 'BLANK',
          field: ['input', 'source'],
          message: 'input.source must have at least one character that can be seen, got none.',
        },
        {
          code: 'DUPLICATE',
          field: ['input', 'prices', '1'],
          message:
            'input.prices.1 must be of another moment than before for its competitor, got 2026-02-27T08:00:00.000Z.',
        },
      ],
    });
    expect(await record(Array.from({ length: 1_001 }, () => priceOf(id)))).toMatchObject({
      userErrors: [{ code: 'TOO_MANY_LINES' }],
    });
  });
});
