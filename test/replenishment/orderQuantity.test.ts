import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOrderQuantity, roundToTerms } from '../../src/replenishment/orderQuantity.ts';

const units = fc.double({ min: 0, max: 1000, noNaN: true });
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
