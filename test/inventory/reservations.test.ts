import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import type { StatementCount } from '../../src/database/statementMeter.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { toGlobalId } from '../../src/globalId.ts';
import type { ReserveInput } from '../../src/inventory/reserve.ts';
import {
  errorsOf,
  expectConsistent,
  makeStockFixture,
  resultOf,
  type StockFixture,
} from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
let london: number;
let leeds: number;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
  [london, leeds] = shop.warehouseIds;
});
afterAll(() => database.close());

function reserve(lines: ReserveInput['lines'], more: Partial<ReserveInput> = {}) {
  return shop.inventory.reserve({
    reason: 'Basket',
    referenceDocumentUri: null,
    expiresInSeconds: 60,
    lines,
    ...more,
  });
}

function passSeconds(seconds: number) {
  shop.time.now = new Date(shop.time.now.getTime() + seconds * 1000);
}

async function ledgerOf(variantId: number) {
  const { nodes } = await shop.inventory.listMovements({ variantId }, { last: 100 });
  return nodes;
}

describe('inventoryReserve', () => {
  it('holds units until the reservation expires, lines of one level added up', async () => {
    const variantId = await shop.addVariant([5]);
    const line = { variantId, warehouseId: london, quantity: 2 };
    const reservation = resultOf(await reserve([line, line], { referenceDocumentUri: 'gid://shop/Order/1' }));
    expect(reservation).toMatchObject({
      status: 'ACTIVE',
      expiresAt: new Date(shop.time.now.getTime() + 60_000),
      referenceDocumentUri: 'gid://shop/Order/1',
    });
    expect(await shop.inventory.listReservationLines([reservation.id])).toMatchObject([
      [{ variantId, warehouseId: london, quantity: 4 }],
    ]);
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 5, reserved: 4 });
    expect((await ledgerOf(variantId)).at(-1)).toMatchObject({
      quantityName: 'RESERVED',
      type: 'RESERVATION',
      delta: 4,
      balanceAfter: 4,
      reason: 'Basket',
      referenceDocumentUri: 'gid://shop/Order/1',
    });
    await expectConsistent(shop.inventory);
  });

  it('keeps the safety stock back and holds all lines or none', async () => {
    const [scarce, plenty] = [await shop.addVariant([5]), await shop.addVariant([5])];
    await shop.change(scarce, london, { SAFETY_STOCK: 3, DAMAGED: 1 });
    const lines = [
      { variantId: plenty, warehouseId: london, quantity: 1 },
      { variantId: scarce, warehouseId: london, quantity: 1 },
      { variantId: scarce, warehouseId: london, quantity: 1 },
      { variantId: plenty, warehouseId: leeds, quantity: 1 },
    ];
    expect(errorsOf(await reserve(lines))).toEqual([
      {
        code: 'INSUFFICIENT_STOCK',
        field: ['input', 'lines', '1', 'quantity'],
        message: 'input.lines.1.quantity must be at most the 1 units available, got 2 in all.',
      },
      {
        code: 'INSUFFICIENT_STOCK',
        field: ['input', 'lines', '3', 'quantity'],
        message: 'input.lines.3.quantity must be at most the 0 units available, got 1 in all.',
      },
    ]);
    expect(await shop.levelOf(plenty, london)).toMatchObject({ reserved: 0 });
  });

  it('refuses an expiry, a quantity or a number of lines out of range, and unknown variants', async () => {
    const line = { variantId: 999_999, warehouseId: london, quantity: 0 };
    expect(
      errorsOf(await reserve([line], { expiresInSeconds: 604_801 })).map(({ message }) => message),
    ).toEqual([
      'input.expiresInSeconds must be 1 to 604,800, got 604,801.',
      'input.lines.0.quantity must be 1 to 1,000,000, got 0.',
    ]);
    const many = Array.from({ length: 101 }, () => ({ ...line, quantity: 1 }));
    expect(errorsOf(await reserve(many))).toMatchObject([{ code: 'TOO_MANY_LINES' }]);
    expect(errorsOf(await reserve([{ ...line, quantity: 1 }]))).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'lines', '0', 'variantId'] },
    ]);
  });

  it('frees expired reservations of the same levels, with no timer running', async () => {
    const [wanted, other] = [await shop.addVariant([2]), await shop.addVariant([2])];
    const lines = [wanted, other].map((variantId) => ({ variantId, warehouseId: london, quantity: 2 }));
    const first = resultOf(await reserve(lines));
    passSeconds(59);
    errorsOf(await reserve([{ variantId: wanted, warehouseId: london, quantity: 1 }]));
    passSeconds(1);
    resultOf(await reserve([{ variantId: wanted, warehouseId: london, quantity: 1 }]));
    expect(await shop.inventory.findReservations([first.id])).toMatchObject([{ status: 'EXPIRED' }]);
    expect(await shop.levelOf(wanted, london)).toMatchObject({ reserved: 1 });
    expect(await shop.levelOf(other, london)).toMatchObject({ reserved: 0 });
    expect((await ledgerOf(wanted)).slice(-2)).toMatchObject([
      {
        type: 'RELEASE',
        delta: -2,
        balanceAfter: 0,
        reason: 'Expiry',
        referenceDocumentUri: `gid://supplygraph/InventoryReservation/${first.id}`,
      },
      { type: 'RESERVATION', delta: 1, balanceAfter: 1 },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('costs four statements', async () => {
    const variantId = await shop.addVariant([5]);
    const count: StatementCount = { statements: 0 };
    await withStatementCount(count, () => reserve([{ variantId, warehouseId: london, quantity: 1 }]));
    expect(count.statements).toBe(4);
  });
});

describe('inventoryRelease and inventoryReservationConfirm', () => {
  async function reserved(quantity: number) {
    const variantId = await shop.addVariant([5]);
    const { id } = resultOf(await reserve([{ variantId, warehouseId: london, quantity }]));
    return { variantId, id };
  }

  it('gives the units back on release, once', async () => {
    const { variantId, id } = await reserved(3);
    expect(resultOf(await shop.inventory.release({ reservationId: id, reason: 'Gone' }))).toMatchObject({
      status: 'RELEASED',
    });
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 5, reserved: 0 });
    expect(errorsOf(await shop.inventory.release({ reservationId: id, reason: 'Gone' }))).toEqual([
      {
        code: 'NOT_ACTIVE',
        field: ['input', 'reservationId'],
        message: 'input.reservationId must be an ACTIVE reservation, got one that is RELEASED.',
      },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('turns the units into a sale on confirmation', async () => {
    const { variantId, id } = await reserved(3);
    expect(resultOf(await shop.inventory.confirm({ reservationId: id, reason: 'Paid' }))).toMatchObject({
      status: 'CONFIRMED',
    });
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 2, reserved: 0 });
    expect((await ledgerOf(variantId)).slice(-2)).toMatchObject([
      { quantityName: 'RESERVED', type: 'RELEASE', delta: -3, balanceAfter: 0, reason: 'Paid' },
      { quantityName: 'ON_HAND', type: 'SALE', delta: -3, balanceAfter: 2 },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('refuses to confirm what has expired, swept or not, but releases what is still held', async () => {
    const { variantId, id } = await reserved(3);
    passSeconds(60);
    expect(errorsOf(await shop.inventory.confirm({ reservationId: id, reason: 'Paid' }))).toMatchObject([
      {
        code: 'NOT_ACTIVE',
        message: 'input.reservationId must be an ACTIVE reservation, got one that is EXPIRED.',
      },
    ]);
    resultOf(await shop.inventory.release({ reservationId: id, reason: 'Gone' }));
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 5, reserved: 0 });
  });

  it('refuses blank reasons and unknown reservations', async () => {
    expect(errorsOf(await shop.inventory.confirm({ reservationId: 1, reason: '' }))).toMatchObject([
      { code: 'BLANK_REASON' },
    ]);
    expect(errorsOf(await shop.inventory.release({ reservationId: 999_999, reason: 'Gone' }))).toEqual([
      {
        code: 'NOT_FOUND',
        field: ['input', 'reservationId'],
        message: `input.reservationId must be the id of an existing InventoryReservation, got '${toGlobalId('InventoryReservation', 999_999)}'.`,
      },
    ]);
  });

  it('expires everything that is due, over several batches, and nothing else', async () => {
    await shop.inventory.expireReservations(shop.time.now);
    const variantId = await shop.addVariant([300]);
    const line = { variantId, warehouseId: london, quantity: 1 };
    await insertReservations(variantId, 205);
    resultOf(await reserve([line], { expiresInSeconds: 61 }));
    passSeconds(60);
    const count: StatementCount = { statements: 0 };
    const expired = await withStatementCount(count, () => shop.inventory.expireReservations(shop.time.now));
    expect(expired).toBe(205);
    expect(count.statements).toBe(15); // three batches of five statements
    expect(await shop.levelOf(variantId, london)).toMatchObject({ reserved: 1 });
    await expectConsistent(shop.inventory);
  });

  /** As `reserve` would, but with two statements. */
  async function insertReservations(variantId: number, count: number) {
    await shop.change(variantId, london, { RESERVED: count });
    await database.sql.query(
      `WITH reservation AS (
         INSERT INTO inventory_reservation (expires_at)
         SELECT $1::timestamptz FROM generate_series(1, $2::int) RETURNING id
       )
       INSERT INTO inventory_reservation_line (reservation_id, variant_id, warehouse_id, quantity)
       SELECT id, $3::int, $4::int, 1 FROM reservation`,
      [new Date(shop.time.now.getTime() + 60_000), count, variantId, london],
    );
  }
});
