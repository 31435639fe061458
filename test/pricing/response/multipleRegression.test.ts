import { describe, expect, it } from 'vitest';
import { drawNormal, makeRandom } from '../../../src/maths/random.ts';
import { regressTogether } from '../../../src/pricing/response/multipleRegression.ts';

const rows = 4_000;
const random = makeRandom(9);
const draw = () => Float64Array.from({ length: rows }, () => drawNormal(random));
const weights = new Float64Array(rows).fill(1);
const [x, noise] = [draw(), draw()];
const z = draw().map((value, t) => value + 0.5 * (x[t] ?? 0));
const y = x.map((value, t) => 2 * value - (z[t] ?? 0) + (noise[t] ?? 0));

describe('regression of remainders', () => {
  it('finds both slopes with the standard errors of least squares', () => {
    const { estimates, residuals } = regressTogether(y, [x, z], weights);
    expect(estimates.map(({ value }) => value)).toEqual([expect.closeTo(2, 1), expect.closeTo(-1, 1)]);
    // σ ÷ √(n · variance of the regressor that the other leaves), the noise having deviation 1.
    expect(estimates[1]?.standardError).toBeCloseTo(1 / Math.sqrt(rows), 2);
    expect(residuals[7]).toBeCloseTo(noise[7] ?? 0, 0);
  });

  it('says nothing of what does not move, and goes on with the others', () => {
    const { estimates } = regressTogether(y, [new Float64Array(rows), x, z], weights);
    expect(estimates[0]).toEqual({ value: 0, standardError: Number.POSITIVE_INFINITY });
    expect(estimates[1]?.value).toBeCloseTo(2, 1);
  });

  it('allows for chance errors of the last regressor, which plain least squares lays to the other', () => {
    const errors = draw().map((value) => 0.5 * value);
    const seen = z.map((value, t) => value + (errors[t] ?? 0));
    // What measures the errors is another draw of the same size.
    const measured = draw().map((value) => 0.5 * value);
    const plain = regressTogether(y, [x, seen], weights).estimates;
    const corrected = regressTogether(y, [x, seen], weights, [measured]).estimates;
    expect(plain[0]?.value).toBeLessThan(1.93);
    expect(corrected[0]?.value).toBeGreaterThan(1.95);
    expect(corrected[1]?.value).toBeCloseTo(-1, 1);
  });
});
