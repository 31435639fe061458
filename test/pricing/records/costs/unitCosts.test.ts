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

const costOf = (variantId: number, fields: object = {}) => ({
  variantId,
  cost: '2.10',
  currencyCode: 'GBP',
  validFrom: '2026-02-01',
  ...fields,
});
const record = (...costs: ReturnType<typeof costOf>[]) =>
  records.recordCosts({ actor: 'Ada', reference: 'contract', costs });
const on = async (variantId: number, day: string | null) => {
  const [row] = await records.findCosts([variantId], day);
  return row === null || row === undefined ? null : `${row.cost} ${row.source} ${row.validFrom}`;
};

describe('unit costs', () => {
  it('hold from their day until the next, and are read for a day by one statement', async () => {
    const [id, none] = [await stock.addVariant(), await stock.addVariant()];
    await record(costOf(id), costOf(id, { cost: '2.30', validFrom: '2026-03-05' }));
    expect(await on(id, '2026-01-31')).toBeNull();
    expect(await on(id, '2026-02-01')).toBe('2.1000 RECORDED 2026-02-01');
    expect(await on(id, null)).toBe('2.1000 RECORDED 2026-02-01');
    expect(await on(id, '2026-12-31')).toBe('2.3000 RECORDED 2026-03-05');
    const count = { statements: 0 };
    const rows = await withStatementCount(count, () => records.findCosts([none, id], '2026-02-02'));
    expect(count.statements).toBe(1);
    expect(rows.map((row) => row?.variantId ?? null)).toEqual([null, id]);
    expect((await records.listCosts([id]))[0]).toEqual([
      expect.objectContaining({ cost: '2.1000', reference: 'contract', actor: 'Ada' }),
      expect.objectContaining({ cost: '2.3000' }),
    ]);
  });

  it('of one day are replaced by the last, and stay in the history', async () => {
    const id = await stock.addVariant();
    await record(costOf(id));
    await record(costOf(id, { cost: '0' }));
    expect(await on(id, null)).toBe('0.0000 RECORDED 2026-02-01');
    expect((await records.listCosts([id]))[0]).toHaveLength(2);
    await expect(
      database.sql.query('UPDATE unit_cost SET cost = 1 WHERE variant_id = $1', [id]),
    ).rejects.toThrow('unit_cost is append-only');
  });

  it('are the preferred offer in the currency of the variant where none was recorded', async () => {
    const id = await stock.addVariant();
    const [acme, bolt] = stock.supplierIds;
    await stock.addOffer(acme, id, { unitCost: '1.00', currencyCode: 'EUR', isPreferred: true });
    expect(await on(id, null)).toBeNull();
    await stock.addOffer(bolt, id, { unitCost: '1.80' });
    expect(await on(id, null)).toBe('1.8000 OFFER null');
    await record(costOf(id, { validFrom: '2026-02-20' }));
    expect(await on(id, '2026-02-19')).toBe('1.8000 OFFER null');
    expect(await on(id, '2026-02-20')).toBe('2.1000 RECORDED 2026-02-20');
  });

  it('are what arrives, once a change, and only in the currency of the variant', async () => {
    const id = await stock.addVariant();
    const [supplierId, other] = stock.supplierIds;
    const [warehouseId] = stock.warehouseIds;
    await stock.addOffer(supplierId, id, { unitCost: '2.50' });
    await stock.addOffer(other, id, { unitCost: '9.00', currencyCode: 'EUR' });
    const buy = async (from: number) => {
      const lines = [{ variantId: id, quantity: 6 }];
      const input = {
        supplierId: from,
        warehouseId,
        reason: 'Restock',
        lines,
        proposalIds: null,
        expectedOn: null,
      };
      return resultOf(await stock.purchasing.createOrder(input));
    };
    const receive = async (order: { readonly id: number }, quantity: number) =>
      resultOf(
        await stock.purchasing.receiveOrder({
          purchaseOrderId: order.id,
          reason: 'Arrived',
          lines: [{ variantId: id, quantity, damagedQuantity: 0 }],
        }),
      );
    const order = await buy(supplierId);
    await receive(order, 2);
    await receive(order, 4);
    await receive(await buy(other), 6);
    expect((await records.listCosts([id]))[0]).toEqual([
      {
        variantId: id,
        cost: '2.5000',
        currencyCode: 'GBP',
        validFrom: '2026-03-01',
        source: 'RECEIPT',
        reference: order.number,
        actor: null,
      },
    ]);
  });

  it.each([
    [
      'CURRENCY_MISMATCH',
      'currencyCode',
      { currencyCode: 'EUR' },
      'the currency of its variant, GBP, got EUR',
    ],
    [
      'INVALID_COST',
      'cost',
      { cost: '-0.01' },
      '0 or more and below 10,000,000,000, with at most four decimals, got -0.01',
    ],
    ['DUPLICATE', 'validFrom', {}, 'another day than before for its variant, got 2026-02-01'],
    [
      'NOT_FOUND',
      'variantId',
      { variantId: 2_000_000 },
      `the id of an existing ProductVariant, got '${toGlobalId('ProductVariant', 2_000_000)}'`,
    ],
  ])('are refused with %s for %s, and nothing is stored', async (code, name, fields, rule) => {
    const id = await stock.addVariant();
    const field = ['input', 'costs', '1', name];
    expect(await record(costOf(id), costOf(id, fields))).toMatchObject({
      kind: 'refused',
      userErrors: expect.arrayContaining([{ code, field, message: `${field.join('.')} must be ${rule}.` }]),
    });
    expect(await on(id, null)).toBeNull();
  });

  it('are refused from a blank actor and beyond 1,000', async () => {
    const id = await stock.addVariant();
    const blank = await records.recordCosts({ actor: ' ', reference: null, costs: [costOf(id)] });
    expect(blank).toMatchObject({ userErrors: [{ code: 'BLANK', field: ['input', 'actor'] }] });
    expect(await record(...Array.from({ length: 1_001 }, () => costOf(id)))).toMatchObject({
      userErrors: [{ code: 'TOO_MANY_LINES' }],
    });
  });
});
