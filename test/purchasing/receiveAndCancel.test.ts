import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
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
