import { describe, expect, it } from 'vitest';
import { sumRandomisedCoverage } from '../../bench/support/randomisedCoverage.ts';
import { STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { negativeBinomialQuantiles } from '../../src/maths/negativeBinomial.ts';
import { drawNegativeBinomial, makeRandom } from '../../src/maths/random.ts';

const toForecast = (row: readonly number[]) => ({
  horizon: 1,
  levels: STANDARD_LEVELS,
  quantiles: Float64Array.from(row),
  mean: new Float64Array(1),
});

describe('randomised coverage', () => {
  it('splits the end of an interval of counts by the levels it takes', () => {
    // F(0) = F(½) = 0.75, half way from (0, 0.7) to (1, 0.8): of the levels 0 … 0.75 those above 0.1 count.
    const forecast = toForecast([0, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(sumRandomisedCoverage(Float64Array.of(0), forecast)).toBeCloseTo(0.65 / 0.75, 12);
    // 1 takes 0.75 … 0.85, all inside; 9 lies outside.
    expect(sumRandomisedCoverage(Float64Array.of(1), forecast)).toBeCloseTo(1, 12);
    expect(sumRandomisedCoverage(Float64Array.of(9), forecast)).toBe(0);
  });

  it('is the closed one where values are not whole', () => {
    const forecast = toForecast([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sumRandomisedCoverage(Float64Array.of(0.9), forecast)).toBe(0);
    expect(sumRandomisedCoverage(Float64Array.of(1.1), forecast)).toBe(1);
    expect(sumRandomisedCoverage(Float64Array.of(9.2), forecast)).toBe(0);
    expect(sumRandomisedCoverage(Float64Array.of(Number.NaN), forecast)).toBe(0);
  });

  it('is near 80 % where the forecast is the true distribution, though the closed interval covers more', () => {
    const random = makeRandom(3);
    const row = [...negativeBinomialQuantiles(STANDARD_LEVELS, 3, 2)];
    const draws = Array.from({ length: 4000 }, () => drawNegativeBinomial(random, 3, 2));
    const randomised = draws.reduce(
      (sum, y) => sum + sumRandomisedCoverage(Float64Array.of(y), toForecast(row)),
      0,
    );
    const closed = draws.filter((y) => y >= (row[0] ?? 0) && y <= (row[8] ?? 0)).length;
    expect(Math.abs(randomised / 4000 - 0.8)).toBeLessThan(0.04);
    expect(closed / 4000).toBeGreaterThan(0.87);
  });
});
