import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCheapestOrder } from '../../src/replenishment/orderPolicy.ts';
import { nearestOrder, orderAtMost } from '../../src/replenishment/orderQuantity.ts';
import { runStock, type StockRun } from '../../src/replenishment/stockRun.ts';

const costs = { holdingCost: 0.2, shortageCost: 1, expiryCost: 0 };

/** One path of certain demand. */
function certain(demand: readonly number[], given: Partial<StockRun> = {}): StockRun {
  return {
    demand: { paths: 1, periods: demand.length, values: Float64Array.from(demand) },
    onHand: 0,
    incoming: [],
    reviewPeriods: 1,
    leadTimes: Float64Array.of(1),
    shelfLifePeriods: Number.POSITIVE_INFINITY,
    terms: { isWhole: true },
    ...given,
  };
}

describe('a simulated run', () => {
  it('adds up as by hand', () => {
    const run = certain([2, 4, 4, 4], { onHand: 3 });
    // 3 − 2 = 1; + 5 − 4 = 2 left; orders up to 6 at the reviews after: +4 (6 − 1 − 5 = 0 now, then 6 − 2 − 0 = 4).
    const outcome = runStock(run, { orderNow: 5, orderUpTo: Float64Array.of(0, 6, 6, 6) });
    expect(outcome).toEqual({ held: 2, lost: 2, asked: 12, expired: 0 });
  });

  it('writes off what is older than its life, the oldest being sold first', () => {
    const run = certain([1, 1, 1, 1], { onHand: 5, leadTimes: Float64Array.of(0), shelfLifePeriods: 2 });
    const outcome = runStock(run, { orderNow: 0, orderUpTo: new Float64Array(4) });
    expect(outcome).toEqual({ held: 4, lost: 2, asked: 4, expired: 3 });
  });
});

describe('the best order', () => {
  it('is what certain demand lacks', () => {
    const { order, orderUpTo } = findCheapestOrder(certain([3, 5, 5, 5, 5], { onHand: 4 }), costs);
    expect(order).toBe(4);
    expect(orderUpTo).toBe(8);
  });

  it('is nothing when a pack would lie about for longer than its sale is worth', () => {
    const slow = [1, 1, 0, 0, 0, 0, 0, 0];
    const of = (packSize: number) =>
      findCheapestOrder(certain(slow, { onHand: 1, terms: { packSize } }), costs).order;
    expect(of(1)).toBe(1);
    expect(of(12)).toBe(0);
  });

  it('leaves less behind when demand is about to fall', () => {
    const paths = 200;
    const makeRun = (after: number) => {
      const values = Float64Array.from({ length: paths * 6 }, (_, cell) =>
        cell % 6 < 2 ? (Math.floor(cell / 6) * (7 + (cell % 6))) % 21 : after,
      );
      return certain([], {
        demand: { paths, periods: 6, values },
        leadTimes: new Float64Array(paths).fill(1),
      });
    };
    expect(findCheapestOrder(makeRun(0), costs).order).toBeLessThan(
      findCheapestOrder(makeRun(10), costs).order,
    );
  });

  it('keeps packs and minimum whatever is wanted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 500, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 60 }),
        (units, packSize, minimumOrderQuantity) => {
          const terms = { packSize, minimumOrderQuantity };
          for (const order of [nearestOrder(units, terms), orderAtMost(units, terms)]) {
            expect(order % packSize).toBe(0);
            if (order > 0) expect(order).toBeGreaterThanOrEqual(minimumOrderQuantity);
          }
          expect(orderAtMost(units, terms)).toBeLessThanOrEqual(Math.max(0, units + 1e-6));
        },
      ),
    );
  });
});
