import { describe, expect, it } from 'vitest';
import { RESPONSE_LEVELS } from '../../../src/pricing/demandResponse.ts';
import { combineResponse, NETWORK_WEIGHT } from '../../../src/pricing/response/combineResponse.ts';
import type { ItemReading } from '../../../src/pricing/response/responseTask.ts';

const width = RESPONSE_LEVELS.length;
const reading: ItemReading = {
  shrunken: { value: -2, standardError: 0.3 },
  promotion: { value: 0.2, standardError: 0.1 },
  isIdentified: true,
  seen: { lowest: -0.3, highest: 0.3 },
  effects: [],
  warnings: [],
};
const logRatios = Float64Array.of(-0.5, -0.2, 0, 0.2, 0.5);

describe('combined response', () => {
  it('is the log-linear model where there is no network', () => {
    const { members, elasticity, ratios, ratioQuantiles, effects } = combineResponse(
      reading,
      null,
      logRatios,
    );
    expect(members).toEqual([{ name: 'shrunken_log_linear', weight: 1 }]);
    expect(elasticity.value).toBe(-2);
    expect(elasticity.low).toBeCloseTo(-2.588, 3);
    expect(ratioQuantiles[3 * width + 3]).toBeCloseTo(Math.exp(-0.4), 10);
    expect(ratios[2]).toBe(1);
    expect(effects).toEqual([{ name: 'promotion', coefficient: 0.2, standardError: 0.1 }]);
  });

  it('averages the quantiles of the members and keeps them ascending on both sides of the current price', () => {
    const row = [-4, -3.5, -3.2, -3, -2.8, -2.5, -2];
    const elasticities = Float64Array.from(Array.from({ length: 6 }, () => row).flat());
    const { members, elasticity, ratioQuantiles } = combineResponse(reading, { elasticities }, logRatios);
    expect(members.map(({ weight }) => weight)).toEqual([NETWORK_WEIGHT, 1 - NETWORK_WEIGHT]);
    expect(elasticity.value).toBeCloseTo(-3 * NETWORK_WEIGHT - 2 * (1 - NETWORK_WEIGHT), 10);
    const median = elasticity.value;
    for (const [g, x] of logRatios.entries()) {
      const quantiles = ratioQuantiles.subarray(g * width, (g + 1) * width);
      expect([...quantiles]).toEqual([...quantiles].sort((a, b) => a - b));
      expect(quantiles[3]).toBeCloseTo(Math.exp(median * x), 10);
    }
  });

  it('doubts what lies outside the prices that were seen', () => {
    const spread = (x: number, seen = reading.seen) => {
      const { ratioQuantiles } = combineResponse({ ...reading, seen }, null, Float64Array.of(x));
      return Math.log((ratioQuantiles[width - 1] ?? 1) / (ratioQuantiles[0] ?? 1)) / Math.abs(x);
    };
    expect(spread(0.5)).toBeGreaterThan(1.4 * spread(0.5, { lowest: -1, highest: 1 }));
    expect(spread(0.5)).toBeGreaterThan(spread(0.2));
  });
});
