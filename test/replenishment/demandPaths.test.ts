import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/maths/normal.ts';
import { interpolateQuantile } from '../../src/maths/quantiles.ts';
import { drawNormal, makeRandom } from '../../src/maths/random.ts';
import {
  drawLeadTimes,
  drawUniformPaths,
  sampleDemandPaths,
  sumOverLeadTimes,
  sumPaths,
} from '../../src/replenishment/demandPaths.ts';

const options = { paths: 2000, periods: 4, correlation: 0.5, seed: 5 };
const uniform = drawUniformPaths(options);
const levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const row = levels.map((level) => 50 + 8 * normalQuantile(level));
const forecast = { horizon: 4, levels, quantiles: Float64Array.from([...row, ...row, ...row, ...row]) };

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('demand paths', () => {
  it('are the same for the same seed', () => {
    expect(drawUniformPaths(options).values).toEqual(uniform.values);
    expect(drawUniformPaths({ ...options, seed: 6 }).values).not.toEqual(uniform.values);
  });

  it('hit every period’s distribution exactly', () => {
    const column = Float64Array.from({ length: 2000 }, (_, i) => uniform.values[i * 4 + 2] ?? 0).sort();
    expect(column[0]).toBeCloseTo(0.00025, 12);
    expect(column[1999]).toBeCloseTo(0.99975, 12);
  });

  it('add up to more spread than independent periods would, and less than identical ones', () => {
    const total = sumPaths(sampleDemandPaths(uniform, forecast, false), 0, 4);
    // AR(1) with ρ = ½: variance of four = σ²·(4 + 2·(3·½ + 2·¼ + ⅛)) = 8.25 σ².
    expect(deviation(total) / (8 * Math.sqrt(8.25))).toBeCloseTo(1, 1);
  });

  it('are whole units where units are whole, and never negative', () => {
    const low = { ...forecast, quantiles: forecast.quantiles.map((value) => value - 50) };
    const { values } = sampleDemandPaths(uniform, low, true);
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });

  it('read each value off the quantile function at the middle of its rank, whatever was sampled before', () => {
    const few = drawUniformPaths({ ...options, paths: 7 });
    const coarse = { horizon: 4, levels: [0.25, 0.75], quantiles: Float64Array.of(1, 3, 2, 4, 0, 8, 5, 5) };
    for (const [paths, { levels, quantiles, horizon }] of [
      [uniform, forecast],
      [few, coarse],
      [few, forecast],
      [uniform, coarse],
    ] as const) {
      const { values } = sampleDemandPaths(paths, { levels, quantiles, horizon }, false);
      const expected = Float64Array.from(paths.values, (share, cell) => {
        const period = cell % paths.periods;
        const row = quantiles.subarray(period * levels.length, (period + 1) * levels.length);
        return Math.max(0, interpolateQuantile(levels, row, share));
      });
      expect(values).toEqual(expected);
    }
  });

  it('must not be longer than the forecast', () => {
    expect(() => sampleDemandPaths(uniform, { ...forecast, horizon: 2 }, false)).toThrow(
      'The forecast must reach 4 periods ahead, got 2.',
    );
  });

  it('are summed over random lead times, which are whole and not negative', () => {
    const leadTimes = drawLeadTimes({ mean: 1, deviation: 1 }, 2000, 9);
    const numbers = makeRandom(9);
    expect(leadTimes).toEqual(
      Float64Array.from({ length: 2000 }, () => Math.max(0, Math.round(1 + drawNormal(numbers)))),
    );
    expect(leadTimes.every((periods) => Number.isInteger(periods) && periods >= 0)).toBe(true);
    expect(new Set(leadTimes).size).toBeGreaterThan(3);
    const demand = sampleDemandPaths(uniform, forecast, false);
    const random = sumOverLeadTimes(demand, leadTimes, 1);
    expect(deviation(random)).toBeGreaterThan(deviation(sumPaths(demand, 0, 2)));
    expect(sumOverLeadTimes(demand, new Float64Array(2000).fill(1), 1)).toEqual(sumPaths(demand, 0, 2));
  });
});
