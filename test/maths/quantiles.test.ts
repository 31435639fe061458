import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/maths/normal.ts';
import {
  interpolateQuantile,
  meanFromQuantiles,
  rearrangeQuantiles,
  sampleQuantile,
  weightedQuantile,
} from '../../src/maths/quantiles.ts';

const LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

describe('sample quantiles', () => {
  it('follow type 7 of Hyndman and Fan', () => {
    const sorted = Float64Array.of(1, 2, 3, 4, 10);
    expect(sampleQuantile(sorted, 0.25)).toBe(2);
    expect(sampleQuantile(sorted, 0.9)).toBeCloseTo(7.6, 12);
    expect(sampleQuantile(sorted, 1)).toBe(10);
    expect(sampleQuantile(new Float64Array(0), 0.5)).toBeNaN();
  });

  it('of weighted values follow the heavier ones', () => {
    const sorted = Float64Array.of(0, 10);
    expect(weightedQuantile(sorted, Float64Array.of(1, 1), 0.5)).toBeCloseTo(5, 12);
    expect(weightedQuantile(sorted, Float64Array.of(9, 1), 0.4)).toBe(0);
    expect(weightedQuantile(sorted, Float64Array.of(1, 9), 0.9)).toBe(10);
  });
});

describe('a quantile function given at levels', () => {
  const normal = Float64Array.from(LEVELS, (level) => 50 + 8 * normalQuantile(level));

  it('is linear between its levels and exact at them', () => {
    expect(interpolateQuantile(LEVELS, normal, 0.9)).toBe(normal[8]);
    expect(interpolateQuantile([0.2, 0.4], Float64Array.of(1, 3), 0.25)).toBeCloseTo(1.5, 12);
  });

  it('continues a normal distribution exactly beyond its levels', () => {
    expect(interpolateQuantile(LEVELS, normal, 0.99)).toBeCloseTo(50 + 8 * normalQuantile(0.99), 9);
    expect(interpolateQuantile(LEVELS, normal, 0.02)).toBeCloseTo(50 + 8 * normalQuantile(0.02), 9);
  });

  it('has the mean of the distribution it came from', () => {
    expect(meanFromQuantiles(LEVELS, normal)).toBeCloseTo(50, 9);
    const exponential = Float64Array.from(LEVELS, (level) => -Math.log(1 - level));
    expect(meanFromQuantiles(LEVELS, exponential)).toBeGreaterThan(0.9);
    expect(meanFromQuantiles(LEVELS, exponential)).toBeLessThan(1.05);
  });

  it('rises with the level after rearrangement and keeps its values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 12 }),
        (values) => {
          const row = rearrangeQuantiles(Float64Array.from(values));
          expect([...row]).toEqual([...Float64Array.from(values).sort()]);
        },
      ),
    );
  });
});
