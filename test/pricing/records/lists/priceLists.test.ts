import { randomUUID } from 'node:crypto';
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

const termsOf = (fields: object = {}) => ({
  name: `List ${randomUUID()}`,
  currencyCode: 'GBP',
  validFrom: null,
  validTo: null,
  customerGroup: null,
  channel: null,
  priority: 0,
  ...fields,
});
/** Makes a list in which variants cost what is said. */
async function addList(prices: Readonly<Record<number, string>>, fields: object = {}): Promise<number> {
  const terms = termsOf(fields);
  const priceListId = resultOf(await records.createPriceList(terms));
  const entries = Object.entries(prices).map(([id, price]) => ({ variantId: Number(id), price }));
  resultOf(await records.setPriceListEntries({ priceListId, currencyCode: terms.currencyCode, entries }));
  return priceListId;
}
const priceOf = async (variantId: number, question: object = {}) => {
  const asked = { currencyCode: 'GBP', at: null, customerGroup: null, channel: null, ...question };
  const [row] = await records.findHoldingPrices([variantId], asked);
  return row === null || row === undefined ? null : [row.price, row.priceListId];
};
const at = (text: string) => new Date(text);

describe('the price that holds', () => {
  it('is that of the list with the highest priority, then for the group, then for the channel, then begun last, then newest', async () => {
    const id = await stock.addVariant();
    const old = await addList({ [id]: '4.10' }, { validFrom: at('2026-01-01T00:00:00Z') });
    expect(await priceOf(id)).toEqual(['4.1000', old]);
    const begun = await addList({ [id]: '4.20' }, { validFrom: at('2026-02-01T00:00:00Z') });
    await addList({ [id]: '4.15' }); // holds since ever, so it began first
    expect(await priceOf(id)).toEqual(['4.2000', begun]);
    const newest = await addList({ [id]: '4.30' }, { validFrom: at('2026-02-01T00:00:00Z') });
    expect(await priceOf(id)).toEqual(['4.3000', newest]);
    const web = await addList({ [id]: '4.40' }, { channel: 'web' });
    expect(await priceOf(id, { channel: 'web' })).toEqual(['4.4000', web]);
    const trade = await addList({ [id]: '4.50' }, { customerGroup: 'trade' });
    expect(await priceOf(id, { channel: 'web', customerGroup: 'trade' })).toEqual(['4.5000', trade]);
    const both = await addList({ [id]: '4.60' }, { customerGroup: 'trade', channel: 'web' });
    expect(await priceOf(id, { channel: 'web', customerGroup: 'trade' })).toEqual(['4.6000', both]);
    expect(await priceOf(id, { channel: 'shop', customerGroup: 'Trade' })).toEqual(['4.3000', newest]);
    const first = await addList({ [id]: '4.70' }, { priority: 1 });
    expect(await priceOf(id, { channel: 'web', customerGroup: 'trade' })).toEqual(['4.7000', first]);
  });

  it('begins with the first moment of a list and ends with its last, whatever overlaps', async () => {
    const id = await stock.addVariant();
    const period = { validFrom: at('2026-03-10T08:00:00Z'), validTo: at('2026-03-20T08:00:00Z') };
    const sale = await addList({ [id]: '3' }, { ...period, priority: 5 });
    const later = await addList({ [id]: '4' }, { validFrom: at('2026-03-15T00:00:00Z') });
    expect(await priceOf(id, { at: '2026-03-10T07:59:59.999Z' })).toEqual(['5.0000', null]);
    expect(await priceOf(id, { at: '2026-03-10T08:00:00.000Z' })).toEqual(['3.0000', sale]);
    expect(await priceOf(id, { at: '2026-03-20T07:59:59.999Z' })).toEqual(['3.0000', sale]);
    expect(await priceOf(id, { at: '2026-03-20T08:00:00.000Z' })).toEqual(['4.0000', later]);
  });

  it('is in the currency asked for only, and nothing is converted', async () => {
    const id = await stock.addVariant();
    const euro = await addList({ [id]: '6.20' }, { currencyCode: 'EUR' });
    expect(await priceOf(id, { currencyCode: 'EUR' })).toEqual(['6.2000', euro]);
    expect(await priceOf(id)).toEqual(['5.0000', null]);
    expect(await priceOf(id, { currencyCode: 'USD' })).toBeNull();
  });

  it("is the variant's own where no list names it: of its history, of today, and as scheduled", async () => {
    const id = await stock.addVariant();
    await database.sql.query(
      `INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code)
       VALUES ($1, '2026-01-01', 4, 4, 'GBP'), ($1, '2026-02-01', 5, 5, 'GBP')`,
      [id],
    );
    const change = {
      variantId: id,
      price: '6',
      listPrice: null,
      comparePrice: null,
      currencyCode: null,
      validFrom: '2026-03-10',
      source: 'MANUAL' as const,
      reference: null,
      actor: null,
      reason: null,
    };
    await database.sql.transaction((tx) => records.setPrices(tx, [change], 'ALL_OR_NONE'));
    expect(await priceOf(id, { at: '2025-12-31T23:59:59Z' })).toBeNull();
    expect(await priceOf(id, { at: '2026-01-31T23:59:59Z' })).toEqual(['4.0000', null]);
    expect(await priceOf(id)).toEqual(['5.0000', null]);
    expect(await priceOf(id, { at: '2026-03-09T00:00:00Z' })).toEqual(['5.0000', null]);
    expect(await priceOf(id, { at: '2026-03-10T00:00:00Z' })).toEqual(['6.0000', null]);
  });

  it('is read for many variants by one statement', async () => {
    const [one, two] = [await stock.addVariant(), await stock.addVariant()];
    await addList({ [two]: '4' });
    const count = { statements: 0 };
    const question = { currencyCode: 'GBP', at: null, customerGroup: null, channel: null };
    const rows = await withStatementCount(count, () =>
      records.findHoldingPrices([two, 2_000_000, one], question),
    );
    expect(count.statements).toBe(1);
    expect(rows.map((row) => row?.price ?? null)).toEqual(['4.0000', null, '5.0000']);
  });
});

describe('price lists', () => {
  it('are changed in what is said, and cleared where null is said', async () => {
    const priceListId = resultOf(
      await records.createPriceList(
        termsOf({ channel: 'web', priority: 3, validTo: at('2027-01-01T00:00:00Z') }),
      ),
    );
    resultOf(await records.updatePriceList({ priceListId, channel: null, name: 'Renamed' }));
    expect((await records.findPriceLists([priceListId]))[0]).toMatchObject({
      name: 'Renamed',
      currencyCode: 'GBP',
      channel: null,
      priority: 3,
      validTo: at('2027-01-01T00:00:00Z'),
    });
    resultOf(await records.updatePriceList({ priceListId, name: 'Renamed', priority: 4 }));
  });

  it('keep the entries that are not named, and lose those that are taken off', async () => {
    const [one, two] = [await stock.addVariant(), await stock.addVariant()];
    const priceListId = await addList({ [one]: '3', [two]: '4' });
    const set = (variantId: number, price: string | null) =>
      records.setPriceListEntries({ priceListId, currencyCode: 'GBP', entries: [{ variantId, price }] });
    await set(one, '3.5');
    await set(two, null);
    const { nodes } = await records.listPriceListEntries({ priceListIds: [priceListId] }, {});
    expect(nodes.map(({ variantId, price }) => [variantId, price])).toEqual([[one, '3.5000']]);
    expect((await records.listPriceListEntries({ variantIds: [two] }, {})).nodes).toEqual([]);
  });

  it.each([
    ['BLANK', 'name', { name: ' ' }, 'a text with a character that can be seen, got none'],
    ['BLANK', 'channel', { channel: '' }, 'a text with a character that can be seen, got none'],
    ['NAME_TAKEN', 'name', { name: 'Taken' }, "a name that no other price list has, got 'Taken'"],
    [
      'INVALID_PERIOD',
      'validTo',
      { validFrom: at('2026-02-01T00:00:00Z'), validTo: at('2026-02-01T00:00:00Z') },
      'after validFrom, 2026-02-01T00:00:00.000Z, got 2026-02-01T00:00:00.000Z',
    ],
    ['INVALID_PRIORITY', 'priority', { priority: 1_001 }, '0 to 1,000, got 1001'],
  ])('are refused with %s for %s, made and changed alike', async (code, name, fields, rule) => {
    await records.createPriceList(termsOf({ name: 'Taken' }));
    const refusal = {
      kind: 'refused',
      userErrors: [{ code, field: ['input', name], message: `input.${name} must be ${rule}.` }],
    };
    expect(await records.createPriceList(termsOf(fields))).toEqual(refusal);
    const priceListId = resultOf(await records.createPriceList(termsOf()));
    expect(await records.updatePriceList({ priceListId, ...fields })).toEqual(refusal);
  });

  it('refuse entries in another currency, of unknown variants, without a price and named twice, all of them', async () => {
    const id = await stock.addVariant();
    const priceListId = await addList({ [id]: '4' });
    const entries = [
      { variantId: id, price: '3' },
      { variantId: 2_000_000, price: '3' },
      { variantId: id, price: '0' },
    ];
    expect(await records.setPriceListEntries({ priceListId, currencyCode: 'EUR', entries })).toEqual({
      kind: 'refused',
      userErrors: [
        {
          code: 'CURRENCY_MISMATCH',
          field: ['input', 'currencyCode'],
          message: 'input.currencyCode must be the currency of the price list, GBP, got EUR.',
        },
        {
          code: 'NOT_FOUND',
          field: ['input', 'entries', '1', 'variantId'],
          message: `input.entries.1.variantId must be the id of an existing ProductVariant, got '${toGlobalId('ProductVariant', 2_000_000)}'.`,
        },
        {
          code: 'INVALID_PRICE',
          field: ['input', 'entries', '2', 'price'],
          message:
            'input.entries.2.price must be above 0 and below 10,000,000,000, with at most four decimals, got 0.',
        },
        {
          code: 'DUPLICATE_VARIANT',
          field: ['input', 'entries', '2'],
          message: 'input.entries.2 must name a variant of its own, got that of input.entries.0.',
        },
      ],
    });
    expect(await priceOf(id)).toEqual(['4.0000', priceListId]);
    const unknown = { priceListId: 2_000_000, currencyCode: 'GBP', entries };
    expect(await records.setPriceListEntries(unknown)).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'priceListId'] }],
    });
  });
});
