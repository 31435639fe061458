import { describe, expect, it } from 'vitest';
import {
  logGamma,
  negativeBinomialLogPmf,
  negativeBinomialMixtureQuantiles,
  negativeBinomialQuantiles,
  negativeBinomialTailMean,
} from '../../src/maths/negativeBinomial.ts';

describe('the negative binomial', () => {
  it('rests on a logarithm of the gamma function that knows factorials and Γ(½)', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
  });

  it('is geometric when the size is 1', () => {
    // P(Y = 2) with mean 1: (1/2)^3.
    expect(Math.exp(negativeBinomialLogPmf(2, 1, 1))).toBeCloseTo(0.125, 12);
    expect([...negativeBinomialQuantiles([0.4, 0.6, 0.8], 1, 1)]).toEqual([0, 1, 2]);
  });

  it('sums to 1', () => {
    let sum = 0;
    for (let count = 0; count < 400; count += 1) sum += Math.exp(negativeBinomialLogPmf(count, 4, 0.7));
    expect(sum).toBeCloseTo(1, 10);
  });

  it('forgets what was already sold when it is geometric: the mean of at least n is n more', () => {
    expect(negativeBinomialTailMean(7, 3, 1)).toBeCloseTo(10, 9);
    expect(negativeBinomialTailMean(0, 3, 2)).toBeCloseTo(3, 12);
    expect(negativeBinomialTailMean(400, 1, 2)).toBe(400);
  });

  it('is zero everywhere without demand', () => {
    expect([...negativeBinomialQuantiles([0.1, 0.99], 0, 1)]).toEqual([0, 0]);
  });

  it('mixes distribution functions, not quantiles', () => {
    // Never with ¾, geometric of mean 1 with ¼: P(Y ≤ 0) = ⅞, P(Y ≤ 1) = 15/16.
    const mixture = {
      weights: Float64Array.of(0.75, 0.25),
      means: Float64Array.of(0, 1),
      sizes: Float64Array.of(1, 1),
    };
    expect([...negativeBinomialMixtureQuantiles([0.5, 0.87, 0.88, 0.93, 0.94], mixture)]).toEqual([
      0, 0, 1, 1, 2,
    ]);
  });

  it('of a mixture of one are its own', () => {
    const levels = [0.05, 0.3, 0.5, 0.8, 0.99];
    const one = { weights: Float64Array.of(1), means: Float64Array.of(3.7), sizes: Float64Array.of(0.4) };
    expect([...negativeBinomialMixtureQuantiles(levels, one)]).toEqual([
      ...negativeBinomialQuantiles(levels, 3.7, 0.4),
    ]);
  });
});
