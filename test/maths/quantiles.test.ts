import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/maths/normal.ts';
import {
  interpolateQuantile,
  meanFromQuantiles,
  rearrangeQuantiles,
  sampleQuantile,
  weightedQuantiles,
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
    expect(weightedQuantiles(sorted, Float64Array.of(1, 1), [0.5])[0]).toBeCloseTo(5, 12);
    expect([...weightedQuantiles(sorted, Float64Array.of(9, 1), [0.4])]).toEqual([0]);
    expect([...weightedQuantiles(sorted, Float64Array.of(1, 9), [0.9])]).toEqual([10]);
    expect([...weightedQuantiles(new Float64Array(0), new Float64Array(0), [0.5])]).toEqual([Number.NaN]);
  });

  it('of weighted values lie on the line through the middles of the weights, flat beyond its ends', () => {
    const sample = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.double({ min: 0.01, max: 5, noNaN: true }));
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 30 }), (pairs) => {
        const samples = pairs.toSorted(([a], [b]) => a - b);
        const [values, weights] = [0, 1].map((part) => Float64Array.from(samples, (pair) => pair[part] ?? 0));
        if (values === undefined || weights === undefined) return;
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const shares = weights.map(
          (weight, i) => (weights.subarray(0, i).reduce((sum, one) => sum + one, 0) + weight / 2) / total,
        );
        const got = weightedQuantiles(values, weights, LEVELS);
        for (const [k, level] of LEVELS.entries()) {
          const right = shares.findIndex((share) => share >= level);
          const left = right < 0 ? shares.length - 1 : Math.max(0, right - 1);
          const [x, y] = [shares[left] ?? 0, shares[right < 0 ? left : right] ?? 0];
          const [low, high] = [values[left] ?? 0, values[right < 0 ? left : right] ?? 0];
          expect(got[k]).toBeCloseTo(y > x ? low + ((level - x) / (y - x)) * (high - low) : low, 9);
        }
      }),
    );
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

  it('has the mean of its trapezoids and its tails read at five points each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: LEVELS.length, maxLength: LEVELS.length }),
        (numbers) => {
          const values = Float64Array.from(numbers).sort();
          const points = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((share) => [0.1 * share, 1 - 0.1 * share]);
          const tails = points.map((level) => 0.02 * interpolateQuantile(LEVELS, values, level));
          const inside = values.slice(1).map((value, k) => 0.05 * (value + (values[k] ?? 0)));
          const mean = [...tails, ...inside].reduce((sum, part) => sum + part, 0);
          expect(meanFromQuantiles(LEVELS, values)).toBeCloseTo(mean, 9);
        },
      ),
    );
    expect(meanFromQuantiles([0.5], Float64Array.of(7))).toBe(7);
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
