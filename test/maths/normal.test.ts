import { describe, expect, it } from 'vitest';
import { normalCdf, normalLoss, normalPdf, normalQuantile } from '../../src/maths/normal.ts';

// Reference values: NIST/SEPT e-Handbook tables and R's pnorm, qnorm to 15 digits.
describe('the standard normal', () => {
  it('has the tabled distribution function to 1e-12', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 12);
    expect(normalCdf(1)).toBeCloseTo(0.841344746068543, 12);
    expect(normalCdf(1.96)).toBeCloseTo(0.97500210485178, 12);
    expect(normalCdf(-3)).toBeCloseTo(0.00134989803163009, 12);
    expect(normalCdf(-5) / 2.86651571879194e-7).toBeCloseTo(1, 9);
  });

  it('has the tabled quantiles to 1e-12', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.95996398454005, 12);
    expect(normalQuantile(0.9)).toBeCloseTo(1.2815515655446, 12);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.09023230616781, 12);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.36134090240406, 9);
    expect(normalQuantile(1e-15)).toBeCloseTo(-7.941345326171, 9);
  });

  it('inverts the distribution function by the quantile to 1e-9', () => {
    for (let x = -5; x <= 5; x += 0.01) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 9);
  });

  it('answers the ends with infinity and nonsense with NaN', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(1.5)).toBeNaN();
    expect(normalCdf(40)).toBe(1);
    expect(normalCdf(-40)).toBe(0);
  });

  it('loses φ(0) at the mean, and nothing far above it', () => {
    expect(normalLoss(0)).toBeCloseTo(normalPdf(0), 15);
    expect(normalLoss(1)).toBeCloseTo(0.0833154705876861, 12);
    expect(normalLoss(8)).toBeLessThan(1e-15);
  });
});
