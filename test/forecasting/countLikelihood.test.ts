import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCountLikelihood } from '../../src/forecasting/countLikelihood.ts';
import { negativeBinomialLogPmf } from '../../src/maths/negativeBinomial.ts';

describe('the likelihood of counts', () => {
  const sizes = [0.05, 0.8, 20];
  const period = fc.record({
    count: fc.oneof(fc.constant(0), fc.nat(6), fc.nat(3_000)),
    isObserved: fc.boolean(),
    mean: fc.double({ min: 0, max: 400, noNaN: true }),
  });

  it('is the sum of the logarithms of the observed counts’ probabilities, counts above 2,000 as 2,000', () => {
    fc.assert(
      fc.property(fc.array(period, { maxLength: 300 }), (periods) => {
        const likelihoodsOf = makeCountLikelihood(
          Float64Array.from(periods, ({ count }) => count),
          Uint8Array.from(periods, ({ isObserved }) => (isObserved ? 1 : 0)),
        );
        const likelihoods = likelihoodsOf(
          Float64Array.from(periods, ({ mean }) => mean),
          sizes,
        );
        for (const [i, size] of sizes.entries()) {
          const expected = periods
            .filter(({ isObserved }) => isObserved)
            .reduce(
              (sum, { count, mean }) =>
                sum + negativeBinomialLogPmf(Math.min(count, 2_000), Math.max(mean, 1e-6), size),
              0,
            );
          const got = likelihoods[i] ?? Number.NaN;
          expect(Math.abs(got - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('does not leave what numbers can hold over long histories of large or tiny demand', () => {
    for (const mean of [1e-7, 200]) {
      const likelihoodsOf = makeCountLikelihood(
        new Float64Array(5_000).fill(3),
        new Uint8Array(5_000).fill(1),
      );
      const expected = 5_000 * negativeBinomialLogPmf(3, Math.max(mean, 1e-6), 4);
      expect(likelihoodsOf(new Float64Array(5_000).fill(mean), [4])[0]).toBeCloseTo(expected, 4);
    }
  });
});
