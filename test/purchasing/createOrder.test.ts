import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { type StatementCount, withStatementCount } from '../../src/database/statementMeter.ts';
import { toGlobalId } from '../../src/globalId.ts';
import type { CreateInput } from '../../src/purchasing/orderContent.ts';
import {
  errorsOf,
  expectConsistent,
  makeStockFixture,
  type OfferTerms,
  resultOf,
  type StockFixture,
} from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
let london: number;
let acme: number;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
  [london] = shop.warehouseIds;
  [acme] = shop.supplierIds;
});
afterAll(() => database.close());

function create(input: Partial<CreateInput>) {
  return shop.purchasing.createOrder({
    supplierId: acme,
    warehouseId: london,
    lines: null,
    proposalIds: null,
    expectedOn: null,
    ...input,
  });
}

async function offeredVariant(terms?: OfferTerms, onHand?: readonly number[]): Promise<number> {
  const variantId = await shop.addVariant(onHand);
  await shop.addOffer(acme, variantId, terms);
  return variantId;
}

async function ledgerOf(variantId: number) {
  return (await shop.inventory.listMovements({ variantId }, { last: 100 })).nodes;
}

describe('purchaseOrderCreate', () => {
  it('orders at the terms of the offers and counts the units as incoming', async () => {
    const fast = await offeredVariant({ unitCost: '1.25', leadTimeDaysMean: 2 }, [7]);
    const slow = await offeredVariant({ unitCost: '0.1', leadTimeDaysMean: 9.1 });
    const lines = [
      { variantId: slow, quantity: 3 },
      { variantId: fast, quantity: 10 },
      { variantId: slow, quantity: 2 },
    ];
    shop.time.now = new Date('2026-03-30T23:00:00.000Z');
    const order = resultOf(await create({ lines }));
    expect(order).toMatchObject({
      number: `PO-${String(order.id).padStart(6, '0')}`,
      supplierId: acme,
      warehouseId: london,
      status: 'OPEN',
      currencyCode: 'GBP',
      orderedAt: shop.time.now,
      expectedOn: '2026-04-09',
      lines: [
        { variantId: fast, quantity: 10, receivedQuantity: 0, unitCost: '1.2500', currencyCode: 'GBP' },
        { variantId: slow, quantity: 5, receivedQuantity: 0, unitCost: '0.1000' },
      ],
    });
    expect(await shop.purchasing.sumCostOfOrders([order.id])).toEqual(['13.0000']);
    expect(await shop.levelOf(fast, london)).toMatchObject({ onHand: 7, incoming: 10 });
    expect((await ledgerOf(slow)).at(-1)).toMatchObject({
      quantityName: 'INCOMING',
      type: 'RECEIPT',
      delta: 5,
      balanceAfter: 5,
      reason: `Order ${order.number}`,
      referenceDocumentUri: `gid://supplygraph/PurchaseOrder/${order.id}`,
    });
    await expectConsistent(shop.inventory);
  });

  it('takes the day of arrival it is given', async () => {
    const variantId = await offeredVariant();
    const lines = [{ variantId, quantity: 1 }];
    expect(resultOf(await create({ lines, expectedOn: '2027-01-31' }))).toMatchObject({
      expectedOn: '2027-01-31',
    });
  });

  it('checks the minimum and the packs on the sum of the lines of a variant', async () => {
    const variantId = await offeredVariant({ minimumOrderQuantity: 20, packSize: 6 });
    const half = { variantId, quantity: 12 };
    resultOf(await create({ lines: [half, half] }));
    expect(errorsOf(await create({ lines: [half, { variantId, quantity: 1 }] }))).toEqual([
      {
        code: 'BELOW_MINIMUM_ORDER_QUANTITY',
        field: ['input', 'lines', '0', 'quantity'],
        message: 'input.lines.0.quantity must be at least the minimum order quantity 20, got 13 in all.',
      },
      {
        code: 'NOT_A_PACK_MULTIPLE',
        field: ['input', 'lines', '0', 'quantity'],
        message: 'input.lines.0.quantity must be a multiple of the pack size 6, got 13 in all.',
      },
    ]);
  });

  it('refuses variants that are unknown, not offered or offered in another currency', async () => {
    const known = await offeredVariant();
    const bare = await shop.addVariant();
    const foreign = await offeredVariant({ currencyCode: 'EUR' });
    const lines = [known, bare, foreign, 999_999].map((variantId) => ({ variantId, quantity: 1 }));
    expect(errorsOf(await create({ lines })).map(({ code, message }) => [code, message])).toEqual([
      [
        'NOT_OFFERED',
        'input.lines.1.variantId must be a variant that the supplier offers, got one without an offer.',
      ],
      ['NOT_OFFERED', 'input.lines.2.variantId must be offered in GBP as the rest of the order is, got EUR.'],
      [
        'NOT_FOUND',
        `input.lines.3.variantId must be the id of an existing ProductVariant, got '${toGlobalId('ProductVariant', 999_999)}'.`,
      ],
    ]);
    expect((await shop.inventory.listLevelsOfVariants([known]))[0]).toEqual([]);
  });

  it('refuses an order of nothing, of both, to nowhere, from nobody and beyond the limits', async () => {
    const lines = [{ variantId: 1, quantity: 1 }];
    expect(errorsOf(await create({ lines: [], proposalIds: null }))).toEqual([
      {
        code: 'NO_LINES',
        field: ['input'],
        message: 'input must have either lines or proposalIds with at least one entry, got neither.',
      },
    ]);
    expect(errorsOf(await create({ lines, proposalIds: [1] }))).toMatchObject([{ code: 'NO_LINES' }]);
    expect(errorsOf(await create({ lines, supplierId: null, warehouseId: null }))).toMatchObject([
      { code: 'NOT_FOUND', message: 'input.supplierId must be given with lines, got null.' },
      { code: 'NOT_FOUND', message: 'input.warehouseId must be given with lines, got null.' },
    ]);
    expect(errorsOf(await create({ lines, supplierId: 999_999, warehouseId: 999_999 }))).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'supplierId'] },
      { code: 'NOT_FOUND', field: ['input', 'warehouseId'] },
    ]);
    const many = Array.from({ length: 501 }, () => ({ variantId: 1, quantity: 0 }));
    expect(errorsOf(await create({ lines: many }))).toMatchObject([
      { code: 'TOO_MANY_LINES', field: ['input', 'lines'] },
    ]);
    expect(errorsOf(await create({ lines: many.slice(500) }))).toMatchObject([
      { code: 'INVALID_QUANTITY', field: ['input', 'lines', '0', 'quantity'] },
    ]);
    expect(errorsOf(await create({ proposalIds: Array.from({ length: 501 }, () => 1) }))).toMatchObject([
      { code: 'TOO_MANY_LINES', field: ['input', 'proposalIds'] },
    ]);
  });

  it('throws where a level would overflow, and writes nothing', async () => {
    const variantId = await offeredVariant();
    const lines = Array.from({ length: 101 }, () => ({ variantId, quantity: 1_000_000 }));
    await expect(create({ lines })).rejects.toThrow(
      'input must leave INCOMING at 100,000,000 or less, got 101,000,000.',
    );
    expect((await shop.inventory.listLevelsOfVariants([variantId]))[0]).toEqual([]);
    await expectConsistent(shop.inventory);
  });

  it('costs a fixed number of statements', async () => {
    const variantIds = await Promise.all(Array.from({ length: 10 }, () => offeredVariant()));
    const count: StatementCount = { statements: 0 };
    await withStatementCount(count, () =>
      create({ lines: variantIds.map((variantId) => ({ variantId, quantity: 1 })) }),
    );
    expect(count.statements).toBe(7);
  });
});
