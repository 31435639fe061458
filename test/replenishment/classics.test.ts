import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/maths/normal.ts';
import { planEconomicOrder } from '../../src/replenishment/economicOrderQuantity.ts';
import {
  coveringSample,
  criticalRatio,
  planNormalNewsvendor,
  planQuantileNewsvendor,
  planSampleNewsvendor,
} from '../../src/replenishment/newsvendor.ts';

// Worked examples: Snyder and Shen, Fundamentals of Supply Chain Theory, examples 4.3 and 3.1.
const costs = { holdingCost: 0.18, shortageCost: 0.7 };

describe('the newsvendor', () => {
  it('stocks 56.6039559 at a cost of 1.9976052 in the worked example', () => {
    const { stock, cost } = planNormalNewsvendor({ mean: 50, deviation: 8 }, costs);
    expect(stock).toBeCloseTo(56.6039559274, 9);
    expect(cost).toBeCloseTo(1.9976051932, 9);
  });

  it('stocks about the same from quantiles and from samples of that demand', () => {
    const levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const quantiles = Float64Array.from(levels, (level) => 50 + 8 * normalQuantile(level));
    expect(planQuantileNewsvendor(levels, quantiles, costs)).toBeCloseTo(56.6, 0);
    const samples = Float64Array.from({ length: 999 }, (_, i) => 50 + 8 * normalQuantile((i + 1) / 1000));
    expect(planSampleNewsvendor(samples, costs)).toBeCloseTo(56.6, 1);
  });

  it('takes the smallest sample that covers the ratio', () => {
    expect(criticalRatio({ holdingCost: 1, shortageCost: 3 })).toBe(0.75);
    expect(coveringSample(Float64Array.of(1, 2, 3, 4), 0.75)).toBe(3);
    expect(coveringSample(Float64Array.of(1, 2, 3, 4), 0.76)).toBe(4);
    expect(coveringSample(Float64Array.of(1, 2, 3, 4), 0)).toBe(1);
  });
});

describe('the economic order quantity', () => {
  it('is 304.0467800 at a cost of 68.4105255 in the worked example', () => {
    const { quantity, cost } = planEconomicOrder({ orderCost: 8, holdingCost: 0.225, demandRate: 1300 });
    expect(quantity).toBeCloseTo(304.0467800264, 9);
    expect(cost).toBeCloseTo(Math.sqrt(4680), 12);
  });
});
