import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateEffects } from '../../src/forecasting/covariateEffects.ts';
import { fitBaseline } from '../../src/forecasting/demandBaseline.ts';
import { makeForecast } from '../../src/forecasting/member.ts';
import { neutraliseHistory, removeEffects, restoreEffects } from '../../src/forecasting/neutralHistory.ts';
import { makePromotedSeries } from '../support/promotedSeries.ts';

const usual = { length: 160, horizon: 4, elasticity: -2.5, lift: 0, seed: 3, nextRatio: 0.7 };

describe('the effects of covariates', () => {
  it('find the elasticity that made the series, within three standard errors', () => {
    for (const elasticity of [-0.5, -1.5, -2.5, -4]) {
      const [influence] = estimateEffects(makePromotedSeries({ ...usual, elasticity }), 4)?.influences ?? [];
      expect(influence?.name).toBe('price_ratio');
      expect(Math.abs((influence?.coefficient ?? 0) - elasticity)).toBeLessThan(
        3 * (influence?.standardError ?? 0),
      );
      expect(influence?.standardError).toBeLessThan(0.3);
    }
  });

  it('are factors on the periods they touch and nothing elsewhere, the horizon included', () => {
    const effects = estimateEffects(makePromotedSeries(usual), 4);
    expect(effects?.factors).toHaveLength(164);
    expect(effects?.factors[0]).toBe(1);
    expect(effects?.factors[163]).toBeCloseTo(0.7 ** (effects?.influences[0]?.coefficient ?? 0), 9);
    expect(effects?.deviations[0]).toBe(0);
  });

  it('are what is usual, with doubt, where the price never moved in the history', () => {
    const history = makePromotedSeries({ ...usual, length: 3, nextRatio: 0.8 });
    const [influence] = estimateEffects(history, 4)?.influences ?? [];
    expect(influence?.coefficient).toBeCloseTo(-1.5, 6);
    expect(influence?.standardError).toBeCloseTo(1, 6);
  });

  it('do not exist without covariates, nor where every one is neutral or unknown', () => {
    const { values } = makePromotedSeries(usual);
    const neutral = { name: 'promotion', values: new Float64Array(164) };
    const unknown = { name: 'price_ratio', values: new Float64Array(164).fill(Number.NaN) };
    expect(estimateEffects({ values, seasonLength: 1 }, 4)).toBeNull();
    expect(estimateEffects({ values, seasonLength: 1, covariates: [neutral, unknown] }, 4)).toBeNull();
  });

  it('do not depend on the unit of demand', () => {
    const history = makePromotedSeries({ ...usual, lift: 0.4 });
    const large = { ...history, values: history.values.map((value) => value * 1e9) };
    const [small, big] = [estimateEffects(history, 4), estimateEffects(large, 4)];
    for (const [k, { coefficient }] of (small?.influences ?? []).entries())
      expect(big?.influences[k]?.coefficient).toBeCloseTo(coefficient, 6);
  });

  it('are finite and positive for any history', () => {
    const value = fc.oneof(
      fc.constant(0),
      fc.constant(Number.NaN),
      fc.double({ min: -1e12, max: 1e12, noNaN: true }),
    );
    const ratio = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.array(ratio, { minLength: 42, maxLength: 42 }),
        (values, ratios) => {
          const covariates = [
            { name: 'price_ratio', values: Float64Array.from(ratios.slice(0, values.length + 2)) },
          ];
          const effects = estimateEffects(
            { values: Float64Array.from(values), seasonLength: 7, covariates },
            2,
          );
          const numbers = [...(effects?.factors ?? []), ...(effects?.deviations ?? [])];
          expect(numbers.every(Number.isFinite)).toBe(true);
          expect(effects?.factors.every((factor) => factor > 0)).toBe(true);
        },
      ),
    );
  });
});

describe('a neutral history', () => {
  it('keeps whole units whole and drops the covariates it has answered for', () => {
    const { history } = neutraliseHistory(makePromotedSeries(usual), 4);
    expect(history.values.every(Number.isInteger)).toBe(true);
    expect(history.covariates).toBeUndefined();
  });

  it('hands what rounding takes of single units on to the next sale, and leaves zeros', () => {
    const values = Float64Array.from({ length: 30 }, (_, t) => (t % 3 === 0 ? 0 : 1));
    const effects = {
      factors: new Float64Array(34).fill(0.8),
      deviations: new Float64Array(34),
      influences: [],
    };
    const neutral = removeEffects({ values, seasonLength: 1 }, effects).values;
    expect(neutral.reduce((sum, units) => sum + units, 0)).toBe(25); // 20 ÷ 0.8
    expect(neutral.every(Number.isInteger)).toBe(true);
    expect(neutral.every((units, t) => units === 0 || t % 3 !== 0)).toBe(true);
  });

  it('becomes the history again under its effects', () => {
    const values = Float64Array.of(1.5, 3, 4.5);
    const effects = {
      factors: Float64Array.of(1, 2, 0.5, 2),
      deviations: new Float64Array(4),
      influences: [],
    };
    const neutral = removeEffects({ values, seasonLength: 1 }, effects);
    expect([...neutral.values]).toEqual([1.5, 1.5, 9]);
  });

  it('is forecast under the horizon’s effects, wider where an effect is in doubt', () => {
    const forecast = makeForecast(2, [0.1, 0.5, 0.9]);
    forecast.quantiles.set([8, 10, 12, 8, 10, 12]);
    forecast.mean.fill(10);
    const factors = Float64Array.of(1, 2, 2);
    const sure = restoreEffects(forecast, { factors, deviations: new Float64Array(3), influences: [] }, 1);
    expect([...sure.quantiles]).toEqual([16, 20, 24, 16, 20, 24]);
    expect([...sure.mean]).toEqual([20, 20]);
    const unsure = restoreEffects(
      forecast,
      { factors, deviations: Float64Array.of(0, 0.2, 0), influences: [] },
      1,
    );
    // σ = 4 / 2.5631 = 1.5606; √(1 + (0.2 · 10 / 1.5606)²) = 1.6256
    expect(unsure.quantiles[0]).toBeCloseTo(2 * (10 - 1.6256 * 2), 3);
    expect([...unsure.quantiles.slice(3)]).toEqual([16, 20, 24]);
  });
});

describe('the baseline', () => {
  it('is the level of a constant series, whatever its promotions did', () => {
    const lifts = Float64Array.from({ length: 40 }, (_, t) => (t % 5 === 0 ? Math.log(3) : 0));
    const units = lifts.map((lift) => 10 * Math.exp(lift));
    for (const rate of fitBaseline(units, lifts, 1)) expect(rate).toBeCloseTo(10, 6);
  });

  it('finds the season beside the promotions', () => {
    const lifts = Float64Array.from({ length: 70 }, (_, t) => (t % 11 === 0 ? 0.7 : 0));
    const units = lifts.map((lift, t) => (t % 7 === 6 ? 30 : 10) * Math.exp(lift));
    const baseline = fitBaseline(units, lifts, 7);
    expect(baseline[34]).toBeGreaterThan(25);
    expect(baseline[33]).toBeLessThan(12);
  });
});
