import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOrderQuantity, roundToTerms } from '../../src/replenishment/orderQuantity.ts';
import { expectedFillRate, planStockLevels } from '../../src/replenishment/orderUpTo.ts';

const units = fc.double({ min: 0, max: 1000, noNaN: true });
const demand = fc.array(fc.tuple(units, units), { minLength: 1, maxLength: 60 }).map((pairs) => ({
  leadTime: Float64Array.from(pairs, ([lead]) => lead),
  protection: Float64Array.from(pairs, ([lead, review]) => lead + review),
}));

describe('stock levels', () => {
  const steps = {
    leadTime: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    protection: Float64Array.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
  };

  it('cover the protection interval with the probability asked for', () => {
    const levels = planStockLevels(steps, { kind: 'cycleService', level: 0.8 });
    expect(levels).toEqual({ reorderPoint: 17, orderUpTo: 17, safetyStock: 2.5, expectedDemand: 14.5 });
  });

  it('follow the costs as p/(p+h), and add a batch on top', () => {
    const levels = planStockLevels(steps, { kind: 'cost', holdingCost: 1, shortageCost: 4 }, 6);
    expect(levels.reorderPoint).toBe(17);
    expect(levels.orderUpTo).toBe(23);
  });

  it('meet the fill rate asked for with no more stock than needed', () => {
    const { reorderPoint } = planStockLevels(steps, { kind: 'fillRate', level: 0.95 });
    expect(expectedFillRate(steps, reorderPoint)).toBeGreaterThanOrEqual(0.95);
    expect(expectedFillRate(steps, reorderPoint - 0.01)).toBeLessThan(0.95);
  });

  it('are nothing for what nobody wants', () => {
    const none = { leadTime: new Float64Array(3), protection: new Float64Array(3) };
    expect(planStockLevels(none, { kind: 'fillRate', level: 0.99 }).orderUpTo).toBe(0);
  });

  it('rise with the service asked for, whatever the demand', () => {
    const level = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(
        demand,
        level,
        level,
        fc.constantFrom('cycleService', 'fillRate'),
        (samples, a, b, kind) => {
          const low = planStockLevels(samples, { kind, level: Math.min(a, b) });
          const high = planStockLevels(samples, { kind, level: Math.max(a, b) });
          expect(high.orderUpTo).toBeGreaterThanOrEqual(low.orderUpTo - 1e-9);
          expect(Number.isFinite(high.safetyStock)).toBe(true);
        },
      ),
    );
  });
});

describe('order quantities', () => {
  it('show every part of the sum', () => {
    const input = { onHand: 20, onOrder: 10, reserved: 5, reorderPoint: 40, orderUpTo: 60 };
    expect(planOrderQuantity({ ...input, minimumOrderQuantity: 40, packSize: 12 })).toEqual({
      inventoryPosition: 25,
      required: 35,
      addedForMinimum: 5,
      addedForPack: 8,
      quantity: 48,
    });
  });

  it('are nothing when the position is at or above the reorder point', () => {
    fc.assert(
      fc.property(units, units, units, units, (onHand, onOrder, above, packSize) => {
        const reorderPoint = onHand + onOrder;
        const input = {
          onHand,
          onOrder,
          reserved: 0,
          reorderPoint,
          orderUpTo: reorderPoint + above,
          packSize,
        };
        expect(planOrderQuantity(input)).toMatchObject({ required: 0, quantity: 0 });
      }),
    );
  });

  it('are whole packs of at least the minimum, and the smallest such', () => {
    fc.assert(
      fc.property(units, units, fc.integer({ min: 1, max: 50 }), (wanted, minimumOrderQuantity, packSize) => {
        const quantity = roundToTerms(wanted, { minimumOrderQuantity, packSize });
        if (wanted === 0) {
          expect(quantity).toBe(0);
          return;
        }
        expect(quantity % packSize).toBe(0);
        expect(quantity).toBeGreaterThanOrEqual(Math.max(wanted, minimumOrderQuantity) - 1e-6);
        expect(quantity - packSize).toBeLessThan(Math.max(wanted, minimumOrderQuantity, 1e-6));
      }),
    );
  });

  it('do not start a pack for a rounding error', () => {
    expect(roundToTerms(0.1 + 0.2, { packSize: 0.1 })).toBeCloseTo(0.3, 12);
  });
});
