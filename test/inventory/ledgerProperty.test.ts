import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { aggregateChanges } from '../../src/inventory/aggregateChanges.ts';
import { findBrokenRule, postEntries, type QuantityChange } from '../../src/inventory/ledger.ts';
import { levelKeyOf } from '../../src/inventory/levelKey.ts';
import { expectConsistent, makeStockFixture, type StockFixture } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const document = { reason: 'Property', referenceDocumentUri: null };
const zeros = { onHand: 0, committed: 0, reserved: 0, incoming: 0, damaged: 0, safetyStock: 0 };

const changes = fc.array(
  fc.record({
    variantId: fc.integer({ min: 1, max: 3 }),
    warehouseId: fc.integer({ min: 1, max: 2 }),
    name: fc.constantFrom('ON_HAND' as const, 'RESERVED' as const),
    type: fc.constantFrom('ADJUSTMENT' as const, 'SALE' as const),
    delta: fc.integer({ min: -9, max: 9 }),
  }),
);

describe('the ledger', () => {
  it('ends each level at the sum of its deltas, in whatever order changes are posted', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const levels = new Map(given.map((change) => [levelKeyOf(change), zeros]));
        const post = (list: readonly QuantityChange[]) =>
          postEntries(
            levels,
            list.map((change) => ({ ...change, ...document })),
          );
        const plain = post(given).levels;
        const aggregated = post(aggregateChanges(given));
        expect(aggregated.levels).toEqual(plain);
        for (const [key, level] of plain) {
          const sum = given
            .filter((change) => levelKeyOf(change) === key && change.name === 'ON_HAND')
            .reduce((total, change) => total + change.delta, 0);
          expect(level.onHand).toBe(sum);
        }
        expect(aggregated.entries.every((entry) => entry.delta !== 0)).toBe(true);
      }),
    );
  });

  it('has rules: nothing below 0 or above 100,000,000, on hand covers what is held', () => {
    expect(findBrokenRule({ ...zeros, onHand: 6, committed: 1, reserved: 2, damaged: 3 })).toBeNull();
    expect(findBrokenRule({ ...zeros, onHand: 5, committed: 1, reserved: 2, damaged: 3 })).toEqual({
      rule: 'ON_HAND_BELOW_HELD',
      held: 6,
      value: 5,
    });
    expect(findBrokenRule({ ...zeros, incoming: -1 })).toMatchObject({
      rule: 'BELOW_ZERO',
      name: 'INCOMING',
    });
    expect(findBrokenRule({ ...zeros, safetyStock: 100_000_001 })).toMatchObject({ rule: 'ABOVE_MAXIMUM' });
  });
});

describe('any sequence of operations', () => {
  let database: Database;
  let shop: StockFixture;
  let variantIds: readonly [number, number];
  beforeAll(async () => {
    database = await openTestDatabase();
    shop = await makeStockFixture(database);
    variantIds = [await shop.addVariant([8, 3]), await shop.addVariant([2, 0, 5])];
  });
  afterAll(() => database.close());

  const operation = fc.record({
    kind: fc.constantFrom('adjust', 'set', 'move', 'reserve', 'release', 'confirm', 'expire' as const),
    name: fc.constantFrom(
      'ON_HAND' as const,
      'COMMITTED' as const,
      'DAMAGED' as const,
      'SAFETY_STOCK' as const,
    ),
    variant: fc.integer({ min: 0, max: 1 }),
    from: fc.integer({ min: 0, max: 2 }),
    to: fc.integer({ min: 0, max: 2 }),
    units: fc.integer({ min: -4, max: 8 }),
    seconds: fc.integer({ min: 0, max: 40 }),
  });
  type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

  async function run(step: Operation, reservationIds: number[]): Promise<void> {
    const { inventory, time, warehouseIds } = shop;
    const variantId = variantIds[step.variant === 0 ? 0 : 1];
    const warehouseId = warehouseIds[step.from] ?? 0;
    const toWarehouseId = warehouseIds[step.to] ?? 0;
    time.now = new Date(time.now.getTime() + step.seconds * 1000);
    const closing = { reservationId: reservationIds[step.units % 4] ?? 1, reason: 'Close' };
    switch (step.kind) {
      case 'adjust': {
        const change = { variantId, warehouseId, delta: step.units };
        const other = { variantId, warehouseId: toWarehouseId, delta: -1 };
        await inventory.adjustQuantities({ ...document, name: step.name, changes: [change, other, change] });
        return;
      }
      case 'set': {
        const quantity = { variantId, warehouseId, quantity: step.units, compareQuantity: step.units };
        const input = { ...document, name: step.name, quantities: [quantity] };
        await inventory.setQuantities({ ...input, ignoreCompareQuantity: step.from !== step.to });
        return;
      }
      case 'move': {
        const move = { variantId, fromWarehouseId: warehouseId, toWarehouseId, quantity: step.units };
        await inventory.moveQuantities({ ...document, moves: [move, move] });
        return;
      }
      case 'reserve': {
        const lines = [warehouseId, toWarehouseId].map((id) => ({
          variantId,
          warehouseId: id,
          quantity: step.units,
        }));
        const made = await inventory.reserve({ ...document, expiresInSeconds: 60, lines });
        if (made.kind === 'done') reservationIds.unshift(made.result.id);
        return;
      }
      case 'release':
        await inventory.release(closing);
        return;
      case 'confirm':
        await inventory.confirm(closing);
        return;
      case 'expire':
        await inventory.expireReservations(time.now);
    }
  }

  it('keeps ledger and levels alike, and nothing below 0', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 8, maxLength: 16 }), async (steps) => {
        const reservationIds: number[] = [];
        for (const step of steps) await run(step, reservationIds);
        await expectConsistent(shop.inventory);
        const levels = (await shop.inventory.listLevelsOfVariants(variantIds)).flat();
        expect(levels.map(findBrokenRule).filter((broken) => broken !== null)).toEqual([]);
        const last = await database.sql.query<{ wrong: number }>(lastBalances);
        expect(last).toEqual([{ wrong: 0 }]);
      }),
      { numRuns: 12 },
    );
  });

  const lastBalances = `SELECT count(*)::int AS wrong
    FROM (SELECT DISTINCT ON (variant_id, warehouse_id, quantity_name) * FROM inventory_movement
           ORDER BY variant_id, warehouse_id, quantity_name, id DESC) latest
    JOIN inventory_level level USING (variant_id, warehouse_id)
   WHERE balance_after <> CASE quantity_name WHEN 'ON_HAND' THEN on_hand WHEN 'COMMITTED' THEN committed
     WHEN 'RESERVED' THEN reserved WHEN 'INCOMING' THEN incoming WHEN 'DAMAGED' THEN damaged ELSE safety_stock END`;
});
