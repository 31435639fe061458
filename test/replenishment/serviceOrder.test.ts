import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawUniformPaths } from '../../src/replenishment/demandPaths.ts';
import { type PlanRule, planItem } from '../../src/replenishment/planItem.ts';
import { findServiceOrder } from '../../src/replenishment/serviceOrder.ts';
import { runStock, type StockRun } from '../../src/replenishment/stockRun.ts';

/** One period of demand a path, no lead time, an empty shelf. */
function runOf(demand: readonly number[]): StockRun {
  return {
    demand: { paths: demand.length, periods: 1, values: Float64Array.from(demand) },
    onHand: 0,
    incoming: [],
    reviewPeriods: 1,
    leadTimes: new Float64Array(demand.length),
    shelfLifePeriods: Number.POSITIVE_INFINITY,
    terms: {},
  };
}

function fillRateOf(run: StockRun, orderNow: number): number {
  const { asked, lost } = runStock(run, { orderNow, orderUpTo: new Float64Array(1) });
  return 1 - lost / asked;
}

describe('an order for a service level', () => {
  it('covers lead time and review with the probability asked for', () => {
    // Ten equally likely demands, 10 to 19: eight of them are at most 17.
    const levels = Array.from({ length: 10 }, (_, i) => (i + 0.5) / 10);
    const forecast = { horizon: 1, levels, quantiles: Float64Array.from(levels, (_, i) => 10 + i) };
    const rule: PlanRule = {
      reviewPeriods: 1,
      leadTimePeriods: 0,
      target: { kind: 'cycleService', level: 0.8 },
      levels: [0.5],
    };
    const uniform = drawUniformPaths({ paths: 10, periods: 1, correlation: 0, seed: 1 });
    const plan = planItem({ onHand: 4, incoming: [], isWhole: true, forecast }, rule, uniform);
    expect(plan).toMatchObject({ orderUpTo: 17, orderQuantity: 13, expectedDemand: 14.5, safetyStock: 2.5 });
  });

  it('meets the fill rate asked for with no more stock than needed', () => {
    const run = runOf([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    const order = findServiceOrder(run, 0.95);
    expect(fillRateOf(run, order)).toBeGreaterThanOrEqual(0.95);
    expect(fillRateOf(run, order - 0.01)).toBeLessThan(0.95);
  });

  it('is nothing for what nobody wants', () => {
    expect(Math.max(0, findServiceOrder(runOf([0, 0, 0]), 0.99))).toBe(0);
  });

  it('rises with the fill rate asked for, whatever the demand', () => {
    const level = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const demand = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(demand, level, level, (samples, a, b) => {
        const run = runOf(samples);
        const [low, high] = [findServiceOrder(run, Math.min(a, b)), findServiceOrder(run, Math.max(a, b))];
        expect(Number.isFinite(high)).toBe(true);
        expect(high).toBeGreaterThanOrEqual(low - 1e-9);
      }),
    );
  });
});
