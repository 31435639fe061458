import { describe, expect, it } from 'vitest';
import {
  type ColdPlan,
  forecastFromSimilar,
  type SimilarDemand,
} from '../../../src/forecasting/coldStart/forecastFromSimilar.ts';
import { mixColdStart } from '../../../src/forecasting/coldStart/mixColdStart.ts';
import type { SeriesHistory } from '../../../src/forecasting/member.ts';

const levels = [0.1, 0.5, 0.9];
const weeks: ColdPlan = { horizon: 3, levels, phases: 1, seasons: 4, weeksPerPeriod: 1 };
const days: ColdPlan = { ...weeks, horizon: 9, phases: 7, weeksPerPeriod: 1 / 7 };
const historyOf = (values: readonly number[], inStock?: readonly boolean[]): SeriesHistory => ({
  values: Float64Array.from(values),
  seasonLength: 1,
  ...(inStock !== undefined && { inStock }),
});
const demandOf = (values: readonly number[], weight = 1, gap = 0): SimilarDemand => ({
  history: historyOf(values),
  weight,
  gap,
});
const none = historyOf([]);

describe('a forecast from similar variants', () => {
  it('of a variant that was never sold is the mixture of their recent demand, by weight', () => {
    const similar = [demandOf([9, 9, 2, 2, 2, 2], 0.75), demandOf([10, 10, 10, 10], 0.25)];
    const forecast = forecastFromSimilar({ own: none, similar }, weeks);
    expect(forecast?.mean[0]).toBeCloseTo(0.75 * 2 + 0.25 * 10, 12);
    expect(forecast?.quantiles[0]).toBe(2);
    expect(forecast?.quantiles[2]).toBe(10);
    expect([...(forecast?.mean ?? [])]).toEqual(Array(3).fill(forecast?.mean[0]));
  });

  it('is wider than what each of them varies by, since they differ', () => {
    const [low, high] = [demandOf([4, 5, 6, 5]), demandOf([14, 15, 16, 15])];
    const width = (similar: readonly SimilarDemand[]) => {
      const { quantiles } = forecastFromSimilar({ own: none, similar }, weeks) ?? { quantiles: [] };
      return (quantiles[2] ?? 0) - (quantiles[0] ?? 0);
    };
    expect(width([low, high])).toBeGreaterThan(3 * width([low]));
  });

  it('moves to the own level by n/(n + 2), keeping the shape of the others', () => {
    const similar = [demandOf([8, 10, 12, 10]), demandOf([40, 40, 40, 40])];
    const forecast = forecastFromSimilar({ own: historyOf([22, 18]), similar }, weeks);
    // Two own weeks of 20: levels of 10 and 40 become 15 and 30.
    expect(forecast?.mean[0]).toBeCloseTo((15 + 30) / 2, 12);
  });

  it('reads each weekday by itself, and the same one a week later', () => {
    const week = [1, 2, 3, 4, 5, 6, 0];
    const forecast = forecastFromSimilar({ own: none, similar: [demandOf([...week, ...week])] }, days);
    expect([...(forecast?.mean ?? [])]).toEqual([...week, 1, 2]);
  });

  it('keeps weekdays in place where the other ends earlier, and does not read what the other knows of later', () => {
    const week = [1, 2, 3, 4, 5, 6, 0];
    const lagging = forecastFromSimilar({ own: none, similar: [demandOf([...week, ...week], 1, 2)] }, days);
    expect([...(lagging?.mean ?? [])].slice(0, 3)).toEqual([3, 4, 5]);
    const ahead = forecastFromSimilar({ own: none, similar: [demandOf([1, 1, 1, 1, 99], 1, -1)] }, weeks);
    expect(ahead?.mean[0]).toBe(1);
  });

  it('leaves out periods without stock, and variants that have sold nothing lately', () => {
    const empty = historyOf([6, 0, 6, 6], [true, false, true, true]);
    const similar = [{ history: empty, weight: 1, gap: 0 }, demandOf([5, 0, 0, 0, 0])];
    const forecast = forecastFromSimilar({ own: none, similar }, weeks);
    expect([...(forecast?.quantiles ?? [])]).toEqual(Array(9).fill(6));
    expect(forecastFromSimilar({ own: none, similar: [demandOf([0, 0, 0, 0])] }, weeks)).toBeNull();
  });
});

describe('the mixture with the own forecast', () => {
  const flat = (units: number) => ({
    horizon: 1,
    levels,
    quantiles: Float64Array.from([units, units, units]),
    mean: Float64Array.of(units),
  });
  const own = { forecast: flat(10), members: [{ name: 'theta', weight: 1 }] };

  it('gives the own forecast n/(n + 6) and names the rest', () => {
    const mixed = mixColdStart(flat(4), own, 3);
    expect(mixed.forecast.mean[0]).toBeCloseTo(6, 12);
    expect(mixed.forecast.quantiles[2]).toBeCloseTo(6, 12);
    expect(mixed.similarWeight).toBeCloseTo(2 / 3, 12);
    expect(mixed.members.map(({ name }) => name)).toEqual(['theta', 'similar_variants']);
    expect(mixed.members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('is the similar variants alone where there is no own forecast', () => {
    expect(mixColdStart(flat(4), null, 0)).toMatchObject({
      members: [{ name: 'similar_variants', weight: 1 }],
      forecast: flat(4),
    });
  });
});
