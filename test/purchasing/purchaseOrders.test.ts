import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { type StatementCount, withStatementCount } from '../../src/database/statementMeter.ts';
import { toGlobalId } from '../../src/globalId.ts';
import type { CreateInput } from '../../src/purchasing/orderContent.ts';
import type { PurchaseOrderRow } from '../../src/purchasing/repository.ts';
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

async function ordered(quantity: number): Promise<{ variantId: number; order: PurchaseOrderRow }> {
  const variantId = await offeredVariant();
  return { variantId, order: resultOf(await create({ lines: [{ variantId, quantity }] })) };
}

function receive(order: PurchaseOrderRow, ...lines: [number, number, number?][]) {
  return shop.purchasing.receiveOrder({
    purchaseOrderId: order.id,
    reason: 'Delivery',
    lines: lines.map(([variantId, quantity, damagedQuantity = 0]) => ({
      variantId,
      quantity,
      damagedQuantity,
    })),
  });
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

describe('purchaseOrderReceive', () => {
  it('receives in parts until everything is there, damaged units inside on hand', async () => {
    const { variantId, order } = await ordered(10);
    expect(resultOf(await receive(order, [variantId, 3, 1], [variantId, 1]))).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
      lines: [{ quantity: 10, receivedQuantity: 4 }],
    });
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 4, incoming: 6, damaged: 1 });
    expect((await ledgerOf(variantId)).slice(1)).toMatchObject([
      { quantityName: 'INCOMING', type: 'RECEIPT', delta: -4, balanceAfter: 6, reason: 'Delivery' },
      { quantityName: 'ON_HAND', type: 'RECEIPT', delta: 4, balanceAfter: 4 },
      { quantityName: 'DAMAGED', type: 'RECEIPT', delta: 1, balanceAfter: 1 },
    ]);
    expect(resultOf(await receive(order, [variantId, 6]))).toMatchObject({ status: 'RECEIVED' });
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 10, incoming: 0 });
    expect(errorsOf(await receive(order, [variantId, 1]))).toEqual([
      {
        code: 'ORDER_CLOSED',
        field: ['input', 'purchaseOrderId'],
        message:
          'input.purchaseOrderId must be an OPEN or PARTIALLY_RECEIVED order, got one that is RECEIVED.',
      },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('refuses more than is still to come, variants not ordered and quantities out of range', async () => {
    const { variantId, order } = await ordered(10);
    const other = await offeredVariant();
    expect(errorsOf(await receive(order, [variantId, 6], [other, 1], [variantId, 5]))).toEqual([
      {
        code: 'MORE_THAN_ORDERED',
        field: ['input', 'lines', '0', 'quantity'],
        message: 'input.lines.0.quantity must be at most the 10 units still to come, got 11 in all.',
      },
      {
        code: 'NOT_ORDERED',
        field: ['input', 'lines', '1', 'variantId'],
        message: `input.lines.1.variantId must be a variant of ${order.number}, got another.`,
      },
    ]);
    const errors = errorsOf(await receive(order, [variantId, 0], [variantId, 2, 3]));
    expect(errors.map(({ message }) => message)).toEqual([
      'input.lines.0.quantity must be 1 to 1,000,000, got 0.',
      'input.lines.1.damagedQuantity must be 0 to 2, got 3.',
    ]);
    expect(errorsOf(await receive({ ...order, id: 999_999 }, [variantId, 1]))).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'purchaseOrderId'] },
    ]);
    await expectConsistent(shop.inventory);
  });
});

describe('purchaseOrderCancel', () => {
  it('calls off what has not been received, and that once', async () => {
    const { variantId, order } = await ordered(10);
    resultOf(await receive(order, [variantId, 4]));
    const input = { purchaseOrderId: order.id, reason: 'Too late' };
    expect(resultOf(await shop.purchasing.cancelOrder(input))).toMatchObject({
      status: 'CANCELLED',
      lines: [{ quantity: 10, receivedQuantity: 4 }],
    });
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 4, incoming: 0 });
    expect((await ledgerOf(variantId)).at(-1)).toMatchObject({
      delta: -6,
      balanceAfter: 0,
      reason: 'Too late',
    });
    expect(errorsOf(await shop.purchasing.cancelOrder(input))).toMatchObject([{ code: 'ORDER_CLOSED' }]);
    expect(errorsOf(await shop.purchasing.cancelOrder({ ...input, reason: ' ' }))).toMatchObject([
      { code: 'BLANK_REASON' },
    ]);
    expect(
      errorsOf(await shop.purchasing.cancelOrder({ purchaseOrderId: 999_999, reason: 'Gone' })),
    ).toMatchObject([{ code: 'NOT_FOUND' }]);
    await expectConsistent(shop.inventory);
  });
});
