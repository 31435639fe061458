import { describe, expect, it } from 'vitest';
import { pooledShare } from '../../../src/forecasting/pooled/blendDemand.ts';
import type { PooledSeries } from '../../../src/forecasting/pooled/demandPanel.ts';
import { forecastTogether, type TogetherEngines } from '../../../src/forecasting/pooled/forecastTogether.ts';
import { forecastPooledDemand } from '../../../src/forecasting/pooled/pooledDemand.ts';
import { drawNegativeBinomial, makeRandom } from '../../../src/maths/random.ts';

const levels = [0.1, 0.5, 0.9];
const weeks = 150;
/** Ten times the usual demand in the week that comes next. */
const peak = (t: number) => (t % 52 === weeks % 52 ? 10 : 1);

function makeSeries(seed: number, length = weeks): PooledSeries {
  const random = makeRandom(seed);
  const all = Float64Array.from({ length: weeks }, (_, t) => drawNegativeBinomial(random, 2 * peak(t), 3));
  return { values: all.slice(weeks - length), groups: ['store:a', 'department:1'] };
}

const forecast = (series: readonly PooledSeries[], seasonLength = 52) =>
  forecastPooledDemand({ series, seasonLength, horizon: 3, levels });

describe('pooled demand', () => {
  const others = Array.from({ length: 30 }, (_, seed) => makeSeries(seed + 1));

  it('gives a new item the season of the others', () => {
    const newest = forecast([...others, makeSeries(99, 12)]).at(-1);
    expect(newest?.mean[0]).toBeGreaterThan(10);
    expect(newest?.mean[1]).toBeLessThan(5);
    expect((newest?.quantiles[2] ?? 0) / (newest?.quantiles[1] ?? 1)).toBeGreaterThan(1);
  });

  it('takes weeks without stock as unknown and weeks that sold out as at least what was sold', () => {
    const values = Float64Array.from({ length: 60 }, () => 6);
    const inStock = Array.from({ length: 60 }, (_, t) => t < 50);
    const empty = { values: values.map((units, t) => (t < 50 ? units : 0)), inStock, groups: [] };
    const soldOut = { values, inStock, groups: [] };
    const steady = { values, groups: [] };
    const means = forecast([empty, soldOut, steady], 1).map(({ mean }) => mean[0] ?? 0);
    expect(means[0]).toBeCloseTo(means[2] ?? 0, 1);
    expect(means[1]).toBeGreaterThan(1.1 * (means[2] ?? 0));
  });

  it('is zero for what was never sold, and finite for one value, gaps and large numbers', () => {
    const series = [
      { values: new Float64Array(40), groups: ['store:a'] },
      { values: Float64Array.of(7), groups: [] },
      { values: Float64Array.of(Number.NaN, Number.NaN), groups: ['store:b'] },
      { values: Float64Array.from({ length: 40 }, (_, t) => 1e12 * (1 + (t % 3))), groups: ['store:b'] },
      { values: Float64Array.from({ length: 40 }, () => 0.25), groups: ['store:a'] },
    ];
    const answers = forecast(series);
    for (const { quantiles, mean } of answers)
      expect([...quantiles, ...mean].every((units) => Number.isFinite(units) && units >= 0)).toBe(true);
    expect([...(answers[0]?.quantiles ?? [1])].every((units) => units === 0)).toBe(true);
    expect(answers[3]?.mean[0]).toBeGreaterThan(1e12);
    expect(answers[4]?.mean[0]).toBeCloseTo(0.25, 1);
  });
});

describe('the share of pooled forecasts', () => {
  const at = (value: number) => ({
    horizon: 1,
    levels: [0.5, 0.95],
    quantiles: Float64Array.of(value, value),
    mean: Float64Array.of(value),
  });
  const item = (alone: number, pooled: number) => ({
    actual: Float64Array.of(10),
    alone: at(alone),
    pooled: at(pooled),
  });

  it('follows the smaller loss and is a half where there is none', () => {
    expect(pooledShare([item(5, 9)])).toBe(1);
    expect(pooledShare([item(9, 5)])).toBe(0);
    expect(pooledShare([item(10, 10)])).toBe(0.5);
    expect(pooledShare([item(9, 8.99)])).toBeCloseTo(0.4, 1);
  });

  it('is not asked for few items: each is forecast alone, in one run', async () => {
    const calls = { alone: 0, pooled: 0 };
    const engines: TogetherEngines = {
      alone: async (histories, horizon) => {
        calls.alone += 1;
        return histories.map(() => ({ ...at(3), horizon }));
      },
      pooled: async ({ series }) => {
        calls.pooled += 1;
        return series.map(() => ({ ...at(4), correlation: 0 }));
      },
    };
    const ask = (count: number) => {
      const histories = Array.from({ length: count }, () => ({
        values: Float64Array.from({ length: 12 }, () => 4),
        seasonLength: 1,
      }));
      return forecastTogether(
        { histories, groups: histories.map(() => []), seasonLength: 1, horizon: 1 },
        engines,
      );
    };
    expect((await ask(9)).map(({ mean }) => mean[0])).toEqual(new Array(9).fill(3));
    expect(calls).toEqual({ alone: 1, pooled: 0 });
    // Ten items: both ways on the held-back week, where the pooled one is right, and only that one on the future.
    expect((await ask(10)).map(({ mean }) => mean[0])).toEqual(new Array(10).fill(4));
    expect(calls).toEqual({ alone: 2, pooled: 2 });
  });
});
