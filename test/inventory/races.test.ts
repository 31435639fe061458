import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { DomainError } from '../../src/errors.ts';
import {
  errorsOf,
  expectConsistent,
  makeStockFixture,
  resultOf,
  type StockFixture,
} from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const requests = 60;
const document = { reason: 'Race', referenceDocumentUri: null };

let database: Database;
let shop: StockFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
});
afterAll(() => database.close());

function inParallel<Result>(work: (index: number) => Promise<Result>, count = requests) {
  return Promise.allSettled(Array.from({ length: count }, (_, index) => work(index)));
}

/** Outcomes of requests that must all have been answered. */
function answersOf<Result>(settled: readonly PromiseSettledResult<Result>[]): Result[] {
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function reserveOne(variantId: number, quantity = 1) {
  const lines = [{ variantId, warehouseId: shop.warehouseIds[0], quantity }];
  return shop.inventory.reserve({ ...document, expiresInSeconds: 900, lines });
}

describe('parallel requests', () => {
  it('reserve the last unit once', async () => {
    const variantId = await shop.addVariant([1]);
    const answers = answersOf(await inParallel(() => reserveOne(variantId)));
    expect(answers.filter((answer) => answer.kind === 'done')).toHaveLength(1);
    expect(answers.flatMap((answer) => (answer.kind === 'refused' ? answer.userErrors : []))).toHaveLength(
      requests - 1,
    );
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({ onHand: 1, reserved: 1 });
    await expectConsistent(shop.inventory);
  });

  it('check two lines of one variant together', async () => {
    const variantId = await shop.addVariant([5]);
    const line = { variantId, warehouseId: shop.warehouseIds[0], quantity: 2 };
    const answers = answersOf(
      await inParallel(() =>
        shop.inventory.reserve({
          ...document,
          expiresInSeconds: 900,
          lines: [line, { ...line, quantity: 1 }],
        }),
      ),
    );
    expect(answers.filter((answer) => answer.kind === 'done')).toHaveLength(1); // 3 of 5: a second 3 do not fit
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({ onHand: 5, reserved: 3 });
    await expectConsistent(shop.inventory);
  });

  it('name levels in opposite orders without a deadlock', async () => {
    const [first, second] = [await shop.addVariant([500, 500]), await shop.addVariant([500, 500])];
    const [london, leeds] = shop.warehouseIds;
    const changes = [
      { variantId: first, warehouseId: london, delta: -1 },
      { variantId: second, warehouseId: leeds, delta: -1 },
    ];
    const there = { variantId: first, fromWarehouseId: london, toWarehouseId: leeds, quantity: 1 };
    const back = { variantId: first, fromWarehouseId: leeds, toWarehouseId: london, quantity: 1 };
    const answers = answersOf(
      await inParallel(async (index) => {
        if (index % 2 === 0) {
          const input = { ...document, name: 'ON_HAND' as const };
          const ordered = index % 4 === 0 ? changes : changes.toReversed();
          return (await shop.inventory.adjustQuantities({ ...input, changes: ordered })).kind;
        }
        const moves = [index % 4 === 1 ? there : back];
        return (await shop.inventory.moveQuantities({ ...document, moves })).kind;
      }),
    );
    expect(new Set(answers)).toEqual(new Set(['done']));
    expect(await shop.levelOf(first, london)).toMatchObject({ onHand: 500 - requests / 2 });
    expect(await shop.levelOf(second, leeds)).toMatchObject({ onHand: 500 - requests / 2 });
    await expectConsistent(shop.inventory);
  });

  it('create the same missing levels in opposite orders without a deadlock', async () => {
    const variantIds = await Promise.all([shop.addVariant(), shop.addVariant(), shop.addVariant()]);
    const changes = variantIds.flatMap((variantId) =>
      shop.warehouseIds.map((warehouseId) => ({ variantId, warehouseId, delta: 1 })),
    );
    answersOf(
      await inParallel((index) =>
        shop.inventory.adjustQuantities({
          ...document,
          name: 'ON_HAND',
          changes: index % 2 === 0 ? changes.slice(index % 4) : changes.slice(index % 4).toReversed(),
        }),
      ),
    ).forEach(resultOf);
    const [variantId] = variantIds;
    expect(await shop.levelOf(variantId, shop.warehouseIds[2])).toMatchObject({ onHand: (requests * 3) / 4 });
    await expectConsistent(shop.inventory);
  });

  it('take effect once with one idempotency key', async () => {
    const variantId = await shop.addVariant([0]);
    const input = {
      ...document,
      name: 'ON_HAND' as const,
      changes: [{ variantId, warehouseId: shop.warehouseIds[0], delta: 7 }],
    };
    const idempotency = {
      key: `adjust-${variantId}`,
      mutation: 'inventoryAdjustQuantities',
      arguments: input,
    };
    const settled = await inParallel(() => shop.inventory.adjustQuantities(input, idempotency));
    const answers = settled.filter((one) => one.status === 'fulfilled').map((one) => resultOf(one.value));
    const codes = settled
      .filter((one) => one.status === 'rejected')
      .map((one) => (one.reason instanceof DomainError ? one.reason.code : one.reason));
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(codes).size).toBeLessThanOrEqual(1);
    expect(codes.every((code) => code === 'IDEMPOTENCY_CONCURRENT_REQUEST')).toBe(true);
    const replay = resultOf(await shop.inventory.adjustQuantities(input, idempotency));
    for (const answer of answers) expect(answer).toEqual(replay);
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({ onHand: 7 });
    await expectConsistent(shop.inventory);
  });

  it('set a quantity once where all compare with the same value', async () => {
    const variantId = await shop.addVariant([10]);
    const answers = answersOf(
      await inParallel((index) =>
        shop.inventory.setQuantities({
          ...document,
          name: 'ON_HAND',
          ignoreCompareQuantity: false,
          quantities: [
            { variantId, warehouseId: shop.warehouseIds[0], quantity: 100 + index, compareQuantity: 10 },
          ],
        }),
      ),
    );
    const winners = answers.filter((answer) => answer.kind === 'done').map(resultOf);
    expect(winners).toHaveLength(1);
    expect(
      answers
        .filter((answer) => answer.kind === 'refused')
        .every((answer) => errorsOf(answer)[0]?.code === 'COMPARE_QUANTITY_STALE'),
    ).toBe(true);
    const { onHand } = await shop.levelOf(variantId, shop.warehouseIds[0]);
    expect(onHand).toBe(winners[0]?.[0]?.onHand);
    await expectConsistent(shop.inventory);
  });

  it('confirm or expire a reservation, never both', async () => {
    const variantId = await shop.addVariant([requests]);
    const reservations = answersOf(await inParallel(() => reserveOne(variantId))).map(resultOf);
    const expiry = new Date(shop.time.now.getTime() + 900_000);
    const confirmed = inParallel((index) =>
      shop.inventory.confirm({ reservationId: reservations[index]?.id ?? 0, reason: 'Sale' }),
    );
    const swept = inParallel(() => shop.inventory.expireReservations(expiry), 10);
    const sold = answersOf(await confirmed).filter((answer) => answer.kind === 'done').length;
    answersOf(await swept);
    const ids = reservations.map((reservation) => reservation.id);
    const now = await shop.inventory.findReservations(ids);
    const expired = now.filter((reservation) => reservation?.status === 'EXPIRED').length;
    expect({ sold, expired }).toEqual({ sold, expired: requests - sold });
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({
      onHand: requests - sold,
      reserved: 0,
    });
    await expectConsistent(shop.inventory);
  });

  it('reserve units whose reservations have just expired while they are swept, released and confirmed', async () => {
    const variantId = await shop.addVariant([requests]);
    const held = answersOf(await inParallel(() => reserveOne(variantId))).map(resultOf);
    const before = shop.time.now;
    shop.time.now = new Date(before.getTime() + 900_000);
    const answers = answersOf(
      await inParallel(async (index) => {
        if (index % 4 === 1) await shop.inventory.expireReservations(shop.time.now);
        const reservationId = held[index]?.id ?? 0;
        if (index % 4 === 2) await shop.inventory.release({ reservationId, reason: 'Release' });
        if (index % 4 === 3) errorsOf(await shop.inventory.confirm({ reservationId, reason: 'Sale' }));
        return reserveOne(variantId);
      }),
    );
    expect(answers.every((answer) => answer.kind === 'done')).toBe(true);
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({
      onHand: requests,
      reserved: requests,
    });
    await expectConsistent(shop.inventory);
  });

  it('release or confirm one reservation once', async () => {
    const variantId = await shop.addVariant([3]);
    const { id } = resultOf(await reserveOne(variantId, 2));
    const answers = answersOf(
      await inParallel((index) =>
        index % 2 === 0
          ? shop.inventory.release({ reservationId: id, reason: 'Release' })
          : shop.inventory.confirm({ reservationId: id, reason: 'Sale' }),
      ),
    );
    expect(answers.filter((answer) => answer.kind === 'done')).toHaveLength(1);
    const { onHand, reserved } = await shop.levelOf(variantId, shop.warehouseIds[0]);
    expect([1, 3]).toContain(onHand);
    expect(reserved).toBe(0);
    await expectConsistent(shop.inventory);
  });

  it('mix every operation over the same levels without a deadlock', async () => {
    const variantIds = [await shop.addVariant([40, 40]), await shop.addVariant([40, 40])];
    const levels = variantIds.flatMap((variantId) =>
      shop.warehouseIds.map((warehouseId) => ({ variantId, warehouseId })),
    );
    const pick = (index: number) => levels[index % levels.length] ?? { variantId: 0, warehouseId: 0 };
    await inParallel(async (index) => {
      const { inventory } = shop;
      const lines = [index, index * 5 + 1, index * 3 + 2].map((at) => ({ ...pick(at), quantity: 1 }));
      const held = await inventory.reserve({ ...document, expiresInSeconds: (index % 3) + 1, lines });
      shop.time.now = new Date(shop.time.now.getTime() + 100);
      const changes = lines.toReversed().map((line) => ({ ...line, delta: 1 }));
      await inventory.adjustQuantities({ ...document, name: 'ON_HAND', changes });
      if (index % 5 === 0) await inventory.expireReservations(shop.time.now);
      if (held.kind === 'refused') return;
      const closing = { reservationId: held.result.id, reason: 'Close' };
      if (index % 2 === 0) await inventory.confirm(closing);
      else await inventory.release(closing);
    }, 100).then(answersOf);
    await shop.inventory.expireReservations(new Date(shop.time.now.getTime() + 10_000));
    const after = (await shop.inventory.listLevelsOfVariants(variantIds)).flat();
    expect(after.map((level) => level.reserved)).toEqual(after.map(() => 0));
    await expectConsistent(shop.inventory);
  });
});
