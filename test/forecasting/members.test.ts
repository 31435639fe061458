import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSICAL_MEMBERS } from '../../src/forecasting/classicalMembers.ts';
import { dampedTrend } from '../../src/forecasting/dampedTrend.ts';
import { exponentialSmoothing } from '../../src/forecasting/exponentialSmoothing.ts';
import { type QuantileForecast, STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { seasonalNaive } from '../../src/forecasting/seasonalNaive.ts';
import { seasonalWindow } from '../../src/forecasting/seasonalWindow.ts';
import { logTheta, theta } from '../../src/forecasting/theta.ts';
import { tsbNegativeBinomial } from '../../src/forecasting/tsbNegativeBinomial.ts';

const MEDIAN = STANDARD_LEVELS.indexOf(0.5);

function series(values: readonly number[], seasonLength = 1) {
  return { values: Float64Array.from(values), seasonLength };
}

function medians(forecast: QuantileForecast): number[] {
  return Array.from(forecast.mean, (_, h) => forecast.quantiles[h * forecast.levels.length + MEDIAN] ?? 0);
}

function repeat(pattern: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => pattern).flat();
}

describe('every member', () => {
  const odd: Readonly<Record<string, readonly number[]>> = {
    'no value': [],
    'one value': [7],
    'only missing values': [Number.NaN, Number.NaN],
    'all zeros': new Array<number>(30).fill(0),
    'a constant': new Array<number>(30).fill(5),
    negatives: [-3, 5, -8, 2, -4, 6, -1, 3, -9, 2, -4, 1, 3],
    'a huge scale': repeat([1e12, 3e12, 2e12, 5e12], 10),
    'mostly missing values': Array.from({ length: 40 }, (_, t) => (t % 7 === 3 ? t : Number.NaN)),
    'missing values at the end': [1, 2, 3, 4, 5, 6, 7, 8, Number.NaN, Number.NaN, Number.NaN],
  };
  for (const member of CLASSICAL_MEMBERS) {
    for (const [name, values] of Object.entries(odd)) {
      it(`${member.name} answers ${name} with finite, ascending quantiles`, () => {
        for (const seasonLength of [1, 4, 7, 12]) {
          const forecast = member.predict(series(values, seasonLength), 15, STANDARD_LEVELS);
          expect(forecast.quantiles.every(Number.isFinite)).toBe(true);
          expect(forecast.mean.every(Number.isFinite)).toBe(true);
          for (let i = 1; i < forecast.quantiles.length; i += 1) {
            if (i % STANDARD_LEVELS.length === 0) continue;
            expect(forecast.quantiles[i]).toBeGreaterThanOrEqual((forecast.quantiles[i - 1] ?? 0) - 1e-9);
          }
        }
      });
    }
  }

  it('but the naive baseline stays at or above zero when the history does', () => {
    const history = fc.array(fc.oneof(fc.constant(0), fc.nat(50), fc.constant(Number.NaN)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(history, fc.constantFrom(1, 4, 7, 12), (values, seasonLength) => {
        for (const member of CLASSICAL_MEMBERS.filter((one) => one !== seasonalNaive)) {
          const { quantiles, mean } = member.predict(series(values, seasonLength), 9, STANDARD_LEVELS);
          expect(quantiles.every((value) => value >= 0)).toBe(true);
          expect(mean.every((value) => value >= 0)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not take a period without stock for a period without demand', () => {
    const values = [...new Array<number>(40).fill(10), ...new Array<number>(10).fill(0)];
    const inStock = values.map((value) => value > 0);
    for (const member of CLASSICAL_MEMBERS) {
      const forecast = member.predict({ ...series(values), inStock }, 3, STANDARD_LEVELS);
      expect(forecast.mean[0]).toBeGreaterThan(8);
    }
  });
});

describe('seasonal naive', () => {
  it('repeats the last season and widens by whole seasons', () => {
    const forecast = seasonalNaive.predict(series([1, 2, 3, 5, 3, 3, 5, 3], 4), 8, [0.5, 0.841344746068543]);
    expect([...forecast.mean]).toEqual([3, 3, 5, 3, 3, 3, 5, 3]);
    // Seasonal differences 2, 1, 2, −2: σ² = 13/4; one season ahead σ, two seasons ahead σ√2.
    const sigma = Math.sqrt(13 / 4);
    expect((forecast.quantiles[1] ?? 0) - 3).toBeCloseTo(sigma, 9);
    expect((forecast.quantiles[9] ?? 0) - 3).toBeCloseTo(sigma * Math.SQRT2, 9);
  });

  it('is the naive forecast when the history is no longer than a season', () => {
    expect([...seasonalNaive.predict(series([4, 6, 9], 12), 2, [0.5]).mean]).toEqual([9, 9]);
  });
});

describe('theta', () => {
  it('follows a line with half its slope', () => {
    const line = Array.from({ length: 40 }, (_, t) => 100 + 2 * t);
    const { mean } = theta.predict(series(line), 4, [0.5]);
    expect((mean[3] ?? 0) - (mean[0] ?? 0)).toBeCloseTo(3, 6);
    expect(mean[0]).toBeGreaterThan(178);
  });

  it('puts the season back', () => {
    const forecast = theta.predict(series(repeat([10, 20, 40, 10], 12), 4), 4, STANDARD_LEVELS);
    for (const [h, expected] of [10, 20, 40, 10].entries()) expect(forecast.mean[h]).toBeCloseTo(expected, 0);
  });

  it('on logarithms follows a rate of growth and never runs away', () => {
    const growth = Array.from({ length: 30 }, (_, t) => 10 * 1.08 ** t);
    const { mean } = logTheta.predict(series(growth), 6, STANDARD_LEVELS);
    expect((mean[5] ?? 0) / (mean[0] ?? 1)).toBeCloseTo(Math.sqrt(1.08) ** 5, 1);
    const wild = logTheta.predict(series([1, 1e6, 2, 1e6, 1, 1e6, 3, 1e6]), 6, [0.9999]);
    expect(Math.max(...wild.quantiles)).toBeLessThanOrEqual(4e6 * 1.0001);
  });
});

describe('the smoothing members', () => {
  it('keep the level of steady noise', () => {
    const noise = Array.from({ length: 80 }, (_, t) => 50 + 5 * Math.sin(t * 12.9898));
    for (const member of [exponentialSmoothing, dampedTrend]) {
      const forecast = member.predict(series(noise), 5, STANDARD_LEVELS);
      for (const median of medians(forecast)) expect(Math.abs(median - 50)).toBeLessThan(6);
    }
  });

  it('with a damped trend go on, by less each step', () => {
    const line = Array.from({ length: 40 }, (_, t) => 100 + 5 * t);
    const { mean } = dampedTrend.predict(series(line), 3, [0.5]);
    const [a = 0, b = 0, c = 0] = mean;
    expect(b - a).toBeGreaterThan(0);
    expect(c - b).toBeLessThan(b - a);
  });
});

describe('the members for intermittent demand', () => {
  const lumpy = repeat([0, 0, 3, 0, 0, 0, 1, 0], 8);

  it('give whole units and mostly none', () => {
    const { quantiles } = tsbNegativeBinomial.predict(series(lumpy), 1, STANDARD_LEVELS);
    expect(quantiles.every(Number.isInteger)).toBe(true);
    expect(quantiles[MEDIAN]).toBe(0);
    expect(quantiles[8]).toBeGreaterThan(0);
  });

  it('expect the mean demand, and less after it has died out', () => {
    const alive = tsbNegativeBinomial.predict(series(lumpy), 1, [0.5]).mean[0] ?? 0;
    const dead = tsbNegativeBinomial.predict(series([...lumpy, ...new Array<number>(30).fill(0)]), 1, [0.5])
      .mean[0];
    expect(alive).toBeCloseTo(0.5, 0.5);
    expect(dead).toBeLessThan(alive / 2);
  });

  it('know that nothing is sold on Sundays', () => {
    const week = repeat([0, 4, 5, 3, 6, 4, 5], 20);
    for (const member of [seasonalWindow, tsbNegativeBinomial]) {
      const { mean } = member.predict(series(week, 7), 8, STANDARD_LEVELS);
      expect(mean[0]).toBeLessThan((mean[1] ?? 0) / 2);
      expect(mean[7]).toBeCloseTo(mean[0] ?? 0, 9);
    }
  });
});
