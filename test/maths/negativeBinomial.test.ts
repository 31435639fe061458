import { describe, expect, it } from 'vitest';
import {
  logGamma,
  negativeBinomialLogPmf,
  negativeBinomialQuantiles,
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

  it('is zero everywhere without demand', () => {
    expect([...negativeBinomialQuantiles([0.1, 0.99], 0, 1)]).toEqual([0, 0]);
  });
});
