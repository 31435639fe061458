import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { crash, dieAfterCommit, dieBeforeCommit } from '../support/failingTransactions.ts';
import {
  errorsOf,
  expectConsistent,
  makeStockFixture,
  resultOf,
  type StockFixture,
} from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const requests = 60;

let database: Database;
let shop: StockFixture;
let london: number;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
  [london] = shop.warehouseIds;
});
afterAll(() => database.close());

async function orderUnits(quantity: number) {
  const variantId = await shop.addVariant();
  await shop.addOffer(shop.supplierIds[0], variantId);
  const input = {
    supplierId: shop.supplierIds[0],
    warehouseId: london,
    lines: [{ variantId, quantity }],
    proposalIds: null,
    expectedOn: null,
  };
  const { id } = resultOf(await shop.purchasing.createOrder(input));
  const receipt = {
    purchaseOrderId: id,
    reason: 'Delivery',
    lines: [{ variantId, quantity: 1, damagedQuantity: 0 }],
  };
  return { id, variantId, receipt };
}

function inParallel<Result>(work: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: requests }, (_, index) => work(index)));
}

describe('parallel requests on one purchase order', () => {
  it('receive no more than was ordered', async () => {
    const { variantId, receipt } = await orderUnits(requests - 10);
    const answers = await inParallel(() => shop.purchasing.receiveOrder(receipt));
    expect(answers.filter((answer) => answer.kind === 'done')).toHaveLength(requests - 10);
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: requests - 10, incoming: 0 });
    await expectConsistent(shop.inventory);
  });

  it('receive before the order is cancelled, or not at all', async () => {
    const { id, variantId, receipt } = await orderUnits(requests);
    const kinds = await inParallel(async (index) => {
      const answer =
        index % 10 === 9
          ? await shop.purchasing.cancelOrder({ purchaseOrderId: id, reason: 'Too late' })
          : await shop.purchasing.receiveOrder(receipt);
      return answer.kind === 'done' ? answer.result.status : 'refused';
    });
    expect(kinds.filter((kind) => kind === 'CANCELLED')).toHaveLength(1);
    const received = kinds.filter((kind) => kind === 'PARTIALLY_RECEIVED').length;
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: received, incoming: 0 });
    await expectConsistent(shop.inventory);
  });

  it('receive while the same units are sold and moved', async () => {
    const { variantId, receipt } = await orderUnits(requests);
    const [, leeds] = shop.warehouseIds;
    const document = { reason: 'Race', referenceDocumentUri: null };
    await inParallel(async (index) => {
      if (index % 3 === 0) {
        resultOf(await shop.purchasing.receiveOrder(receipt));
      } else if (index % 3 === 1) {
        const lines = [{ variantId, warehouseId: london, quantity: 1 }];
        const held = await shop.inventory.reserve({ ...document, expiresInSeconds: 60, lines });
        if (held.kind === 'done')
          resultOf(await shop.inventory.confirm({ reservationId: held.result.id, reason: 'Sale' }));
      } else {
        const moves = [{ variantId, fromWarehouseId: london, toWarehouseId: leeds, quantity: 1 }];
        await shop.inventory.moveQuantities({ ...document, moves });
      }
    });
    const { onHand, incoming, reserved } = await shop.levelOf(variantId, london);
    expect(onHand).toBeGreaterThanOrEqual(0);
    expect({ incoming, reserved }).toEqual({ incoming: requests - requests / 3, reserved: 0 });
    await expectConsistent(shop.inventory);
  });
});

describe('a receipt that is sent again after a crash', () => {
  it('is booked once, whether the process died before or after the commit', async () => {
    for (const die of [dieBeforeCommit, dieAfterCommit]) {
      const { id, variantId, receipt } = await orderUnits(5);
      const idempotency = {
        key: `receipt-${die.name}`,
        mutation: 'purchaseOrderReceive',
        arguments: receipt,
      };
      const dying = shop.servicesOn(die(database.sql)).purchasing;
      await expect(dying.receiveOrder(receipt, idempotency)).rejects.toBe(crash);
      const answers = await Promise.allSettled(
        Array.from({ length: 50 }, () => shop.purchasing.receiveOrder(receipt, idempotency)),
      );
      expect(answers.some((answer) => answer.status === 'fulfilled')).toBe(true);
      const replay = resultOf(await shop.purchasing.receiveOrder(receipt, idempotency));
      expect(replay).toMatchObject({ id, status: 'PARTIALLY_RECEIVED', lines: [{ receivedQuantity: 1 }] });
      expect(replay.orderedAt).toEqual(shop.time.now);
      expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 1, incoming: 4 });
      await expectConsistent(shop.inventory);
    }
  });

  it('shows the order as the first answer did, even after later receipts', async () => {
    const { receipt } = await orderUnits(5);
    const idempotency = { key: 'receipt-replay', mutation: 'purchaseOrderReceive', arguments: receipt };
    const first = resultOf(await shop.purchasing.receiveOrder(receipt, idempotency));
    resultOf(await shop.purchasing.receiveOrder({ ...receipt, reason: 'Second delivery' }));
    expect(resultOf(await shop.purchasing.receiveOrder(receipt, idempotency))).toEqual(first);
  });

  it('replays a refusal as well', async () => {
    const { id, receipt } = await orderUnits(1);
    const many = { ...receipt, lines: receipt.lines.map((line) => ({ ...line, quantity: 2 })) };
    const idempotency = { key: 'receipt-refused', mutation: 'purchaseOrderReceive', arguments: many };
    const first = errorsOf(await shop.purchasing.receiveOrder(many, idempotency));
    resultOf(await shop.purchasing.cancelOrder({ purchaseOrderId: id, reason: 'Gone' }));
    expect(errorsOf(await shop.purchasing.receiveOrder(many, idempotency))).toEqual(first);
  });
});
