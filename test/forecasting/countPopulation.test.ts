import { describe, expect, it } from 'vitest';
import { forecastByPopulation } from '../../src/forecasting/countPopulation.ts';
import { STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { drawNormal, makeRandom } from '../../src/maths/random.ts';

const ask = (values: readonly number[], horizon = 1, seasonLength = 1) => ({
  history: { values: Float64Array.from(values), seasonLength },
  horizon,
});
const meanOf = (requests: readonly ReturnType<typeof ask>[]) =>
  forecastByPopulation(requests, STANDARD_LEVELS)[0]?.mean[0] ?? Number.NaN;

/** Counts about a level: rounded normal numbers, at least 0. */
function drawCounts(level: number, length: number, seed: number): number[] {
  const random = makeRandom(seed);
  return Array.from({ length }, () => Math.max(0, Math.round(level + Math.sqrt(level) * drawNormal(random))));
}

describe('forecasts by the population', () => {
  const few = ask([0, 0, 0, 0]);
  const dead = Array.from({ length: 60 }, () => ask(new Array<number>(40).fill(0)));
  const busy = Array.from({ length: 60 }, (_, i) => ask(drawCounts(4, 40, i)));

  it('judge a series of few values by what is usual among the others', () => {
    const among = { dead: meanOf([few, ...dead]), alone: meanOf([few]), busy: meanOf([few, ...busy]) };
    expect(among.dead).toBeLessThan(among.alone);
    expect(among.alone).toBeLessThan(among.busy);
  });

  it('leave a long series what it has shown, whatever the others are', () => {
    const long = ask(drawCounts(4, 200, 7));
    expect(meanOf([long, ...dead])).toBeGreaterThan(3);
    expect(meanOf([long, ...busy])).toBeCloseTo(4, 0);
  });

  it('are whole units, ascend with the level and are 0 where nothing was ever sold', () => {
    const [lumpy, nothing] = forecastByPopulation(
      [ask([0, 0, 3, 0, 1, 0, 0, 7, 0, 0, 1, 0], 3), ask(new Array<number>(50).fill(0), 3)],
      STANDARD_LEVELS,
    );
    for (const [k, quantile] of lumpy?.quantiles.entries() ?? []) {
      expect(Number.isInteger(quantile)).toBe(true);
      if (k % STANDARD_LEVELS.length > 0)
        expect(quantile).toBeGreaterThanOrEqual(lumpy?.quantiles[k - 1] ?? 0);
    }
    expect([...(nothing?.quantiles ?? [])]).toEqual(new Array<number>(27).fill(0));
  });

  it('follow the season in which demand comes and the unit in which it is counted', () => {
    const weekly = Array.from({ length: 140 }, (_, t) => (t % 7 === 2 ? 3000 : 0));
    const [forecast] = forecastByPopulation([ask(weekly, 7, 7)], STANDARD_LEVELS);
    expect(forecast?.mean[2]).toBeGreaterThan(1000);
    expect(forecast?.mean[3]).toBeLessThan(100);
  });

  it('answer every request in its order, unknown histories with zeros', () => {
    const [unknown, known] = forecastByPopulation(
      [ask([Number.NaN, Number.NaN], 2), ask([5, 5, 4, 6, 5, 5], 2)],
      [0.5],
    );
    expect([...(unknown?.quantiles ?? [])]).toEqual([0, 0]);
    expect(known?.quantiles[0]).toBeGreaterThanOrEqual(3);
    expect(known?.horizon).toBe(2);
  });
});
