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
  stepped: { steps: [], slope: null },
  effects: [],
  warnings: [],
};
const networkOf = (elasticities: Float64Array) => ({
  elasticities,
  promotionLift: Float64Array.of(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
  level: Float64Array.of(-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3),
});
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
    const { members, elasticity, ratioQuantiles, effects } = combineResponse(
      reading,
      networkOf(elasticities),
      logRatios,
    );
    expect(members.map(({ weight }) => weight)).toEqual([NETWORK_WEIGHT, 1 - NETWORK_WEIGHT]);
    expect(elasticity.value).toBeCloseTo(-3 * NETWORK_WEIGHT - 2 * (1 - NETWORK_WEIGHT), 10);
    const promotion = effects.find(({ name }) => name === 'promotion');
    expect(promotion?.coefficient).toBeCloseTo(0.3 * NETWORK_WEIGHT + 0.2 * (1 - NETWORK_WEIGHT), 10);
    expect(effects.at(-1)).toMatchObject({ name: 'level_change', coefficient: 0 });
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

  it('jumps where a round price is crossed, and trusts the smooth network less there', () => {
    const steps = [{ at: 0.1, fall: -0.3, standardError: 0.05 }];
    const stepped = { steps, slope: { value: -1, standardError: 0.2 } };
    const { elasticity, ratioQuantiles, effects, members } = combineResponse(
      { ...reading, stepped },
      null,
      Float64Array.of(-0.2, 0.09, 0.11),
    );
    const logs = [0, 1, 2].map((g) => Math.log(ratioQuantiles[g * width + 3] ?? 0));
    expect(elasticity.value).toBe(-1);
    expect(logs.map((log) => Number(log.toFixed(6)))).toEqual([0.2, -0.09, -0.41]);
    expect(members).toEqual([{ name: 'shrunken_log_linear', weight: 1 }]);
    expect(effects.at(-1)).toEqual({ name: 'price_step_at_+10.5%', coefficient: -0.3, standardError: 0.05 });
    const elasticities = new Float64Array(2 * width).fill(-2);
    const both = combineResponse({ ...reading, stepped }, networkOf(elasticities), Float64Array.of(0.11));
    expect(both.members[0]?.weight).toBeLessThan(NETWORK_WEIGHT);
  });

  it('gains by falling below a step that lies under the current price', () => {
    const steps = [{ at: -0.05, fall: -0.4, standardError: 0.05 }];
    const stepped = { steps, slope: { value: -1, standardError: 0.2 } };
    const { ratioQuantiles } = combineResponse({ ...reading, stepped }, null, Float64Array.of(-0.06, 0, 0.2));
    expect(Math.log(ratioQuantiles[3] ?? 0)).toBeCloseTo(0.46, 10);
    expect(ratioQuantiles[width + 3]).toBe(1);
    expect(Math.log(ratioQuantiles[2 * width + 3] ?? 0)).toBeCloseTo(-0.2, 10);
  });
});
