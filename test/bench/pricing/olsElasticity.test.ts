import { describe, expect, it } from 'vitest';
import { makeShop, type SimulatedShop } from '../../../bench/pricing/makeShops.ts';
import {
  fitControlledSlopes,
  fitFirstSlope,
  fitNaiveSlope,
  type Slope,
} from '../../../bench/pricing/olsElasticity.ts';
import { type ParameterRanges, readShopPlans, type ShopPlan } from '../../../bench/pricing/shopFile.ts';
import { findTrueElasticity } from '../../../bench/pricing/simulateItem.ts';

const quiet: Partial<ParameterRanges> = {
  ...{ confounding: [0, 0], promotionRate: [0, 0], seasonSwing: [0, 0], holidayLift: [0, 0] },
  ...{ shockLoading: [0, 0], shockInSeason: [0, 0], trendHeight: [0, 0], sentimentEffect: [0, 0] },
  ...{ ownShock: [0, 0], crossElasticity: [0, 0] },
};

describe('elasticities by least squares', () => {
  it('fit the worked example of a line through three points', () => {
    const slope = fitFirstSlope([[0], [1], [2]], [1, 2, 4]);
    expect(slope.value).toBeCloseTo(1.5, 6);
    // Residuals 1/6, −1/3, 1/6: variance 1/6, divided by Σ(x − 1)² = 2.
    expect(slope.high - slope.value).toBeCloseTo(1.96 * Math.sqrt(1 / 12), 6);
  });

  it('find the true slopes, with intervals that hold, where prices are set by lot', () => {
    const shop = makeShop({ ...findPlan(), ranges: { ...findPlan().ranges, ...quiet } });
    for (const slopes of [fitNaive(shop), fitControlled(shop)]) {
      expect(meanError(shop, slopes, Math.abs)).toBeLessThan(0.15);
      expect(Math.abs(meanError(shop, slopes, (error) => error))).toBeLessThan(0.06);
      const covered = slopes.filter(({ low, high }, i) => {
        const truth = findTruth(shop, i);
        return low <= truth && truth <= high;
      });
      expect(covered.length).toBeGreaterThanOrEqual(43);
    }
  });

  it('are biased towards 0 by what moves price and demand, less so with controls', () => {
    const shop = makeShop(findPlan());
    const naive = meanError(shop, fitNaive(shop), (error) => error);
    const controlled = meanError(shop, fitControlled(shop), (error) => error);
    expect(naive).toBeGreaterThan(1);
    expect(controlled).toBeGreaterThan(0.3);
    expect(controlled).toBeLessThan(0.6 * naive);
  });
});

function findPlan(): ShopPlan {
  const plan = readShopPlans().find(({ family }) => family === 'log-linear');
  if (plan === undefined) throw new Error('No log-linear shop.');
  return plan;
}

function fitNaive({ items }: SimulatedShop): Slope[] {
  return items.map(({ item }) => fitNaiveSlope(item));
}

function fitControlled({ items }: SimulatedShop): Slope[] {
  return fitControlledSlopes(items.map(({ item }) => item));
}

function findTruth({ items }: SimulatedShop, at: number): number {
  const simulated = items[at];
  return simulated === undefined ? Number.NaN : findTrueElasticity(simulated);
}

function meanError(shop: SimulatedShop, slopes: readonly Slope[], weigh: (error: number) => number): number {
  return slopes.reduce((sum, { value }, i) => sum + weigh(value - findTruth(shop, i)), 0) / slopes.length;
}
