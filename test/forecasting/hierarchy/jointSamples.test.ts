import { describe, expect, it } from 'vitest';
import { calibrateCorrelations } from '../../../src/forecasting/hierarchy/calibrateCorrelations.ts';
import {
  readSampleQuantiles,
  SAMPLE_COUNT,
  type SampleRequest,
  sumSamples,
} from '../../../src/forecasting/hierarchy/jointSamples.ts';
import { normalQuantile } from '../../../src/maths/normal.ts';
import { interpolateQuantile } from '../../../src/maths/quantiles.ts';

const levels = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const row = levels.map((p) => 100 + 10 * normalQuantile(p));

/** Normal demand with mean 100 and deviation 10 of every series, all of them in one sum. */
function requestOf(
  count: number,
  correlation: { readonly within: number; readonly overall: number },
): SampleRequest {
  return {
    horizon: 1,
    levels,
    quantiles: Float64Array.from(Array.from({ length: count }, () => row).flat()),
    means: new Float64Array(count).fill(100),
    seeds: Uint32Array.from({ length: count }, (_, index) => index + 1),
    clusters: new Int32Array(count),
    within: new Float64Array(count).fill(correlation.within),
    overall: correlation.overall,
    partOffsets: Uint32Array.from({ length: count + 1 }, (_, index) => index),
    partSums: new Uint32Array(count),
    partShares: new Float64Array(count).fill(1),
    sumCount: 1,
  };
}

const deviationOf = (samples: Float64Array) => {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length);
};

describe('joint samples', () => {
  it('spread a sum like √n where series are independent, and like n where they move together', () => {
    expect(deviationOf(sumSamples(requestOf(400, { within: 0, overall: 0 }))) / 200).toBeGreaterThan(0.85);
    expect(deviationOf(sumSamples(requestOf(400, { within: 0, overall: 0 }))) / 200).toBeLessThan(1.15);
    expect(deviationOf(sumSamples(requestOf(400, { within: 0.99, overall: 0.99 }))) / 4_000).toBeGreaterThan(
      0.9,
    );
  });

  it('have the mean of the series to the last digits, and quantiles in order around it', () => {
    const samples = sumSamples(requestOf(50, { within: 0.3, overall: 0.1 }));
    expect(samples.reduce((sum, value) => sum + value, 0) / SAMPLE_COUNT).toBeCloseTo(5_000, 6);
    const quantiles = readSampleQuantiles(samples, levels);
    expect([...quantiles]).toEqual([...quantiles].sort((a, b) => a - b));
    expect(quantiles[5]).toBeGreaterThan(4_950);
    expect(quantiles[5]).toBeLessThan(5_050);
  });

  it('are a series’ quantile function at the middles of equal parts, cut at 0 and scaled to its mean', () => {
    const rows = [
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 5],
      [-3, -2, -1, 0, 0, 0, 1, 1, 2, 2, 9],
      [1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9],
      [-5, -4, -4, -4, -3, -3, -2, -2, -2, -1, -1],
      new Array<number>(11).fill(0),
    ];
    for (const quantiles of rows) {
      const one = requestOf(1, { within: 0, overall: 0 });
      const samples = sumSamples({
        ...one,
        quantiles: Float64Array.from(quantiles),
        means: Float64Array.of(1.5),
      });
      const read = Float64Array.from({ length: SAMPLE_COUNT }, (_, rank) =>
        Math.max(0, interpolateQuantile(levels, Float64Array.from(quantiles), (rank + 0.5) / SAMPLE_COUNT)),
      );
      const mean = read.reduce((sum, units) => sum + units, 0) / SAMPLE_COUNT;
      for (const [rank, units] of samples.sort().entries())
        expect(units).toBeCloseTo(mean > 0 ? ((read[rank] ?? 0) * 1.5) / mean : 1.5, 9);
    }
  });

  it('of a batch are the same part of the sum that they are among all', () => {
    const all = requestOf(6, { within: 0.2, overall: 0.1 });
    const part = (from: number, to: number): SampleRequest => ({
      ...all,
      quantiles: all.quantiles.subarray(from * levels.length, to * levels.length),
      means: all.means.subarray(from, to),
      seeds: all.seeds.subarray(from, to),
      partOffsets: Uint32Array.from({ length: to - from + 1 }, (_, index) => index),
    });
    const [first, second] = [sumSamples(part(0, 4)), sumSamples(part(4, 6))];
    for (const [index, value] of sumSamples(all).entries())
      expect(value).toBeCloseTo((first[index] ?? 0) + (second[index] ?? 0), 9);
  });

  it('give a share of a series to each sum it is part of', () => {
    const one = requestOf(1, { within: 0, overall: 0 });
    const split = {
      ...one,
      partOffsets: Uint32Array.from([0, 2]),
      partSums: Uint32Array.from([0, 1]),
      partShares: Float64Array.from([0.25, 0.75]),
      sumCount: 2,
    };
    const samples = sumSamples(split);
    for (let s = 0; s < SAMPLE_COUNT; s += 1)
      expect((samples[s] ?? 0) * 3).toBeCloseTo(samples[SAMPLE_COUNT + s] ?? 0, 9);
  });

  it('yield the mean where all quantiles are 0 and the mean is not', () => {
    const request = {
      ...requestOf(1, { within: 0, overall: 0 }),
      quantiles: new Float64Array(levels.length),
    };
    expect(new Set(sumSamples({ ...request, means: Float64Array.of(3) }))).toEqual(new Set([3]));
  });
});

describe('calibrated correlations', () => {
  const count = 60;
  /** Two clusters of thirty; what they spread is sampled with the correlations that are to be found. */
  function calibrate(within: number, overall: number) {
    const request = requestOf(count, { within, overall });
    const clusterOf = Int32Array.from({ length: count }, (_, index) => Math.floor(index / 30));
    const sampled = { ...request, clusters: clusterOf };
    const widthOf = (samples: Float64Array) => {
      const [low = 0, high = 0] = readSampleQuantiles(samples, [0.1, 0.9]);
      return high - low;
    };
    const partSums = Uint32Array.from(clusterOf);
    const both = sumSamples({ ...sampled, partSums, sumCount: 2 });
    return calibrateCorrelations({
      ...sampled,
      clusterOf,
      clusterWidths: Float64Array.of(widthOf(both.slice(0, SAMPLE_COUNT)), widthOf(both.slice(SAMPLE_COUNT))),
      totalWidth: widthOf(sumSamples(sampled)),
    });
  }

  it('are those with which the samples spread as the sums do', () => {
    const { within, overall } = calibrate(0.4, 0.2);
    for (const correlation of within) expect(Math.abs(correlation - 0.4)).toBeLessThan(0.15);
    expect(Math.abs(overall - 0.2)).toBeLessThan(0.15);
  });

  it('are 0 for sums that spread less than independent parts, or have no forecast of their own', () => {
    const request = requestOf(4, { within: 0, overall: 0 });
    const clusterOf = Int32Array.of(0, 0, 1, 1);
    const widths = { clusterOf, clusterWidths: Float64Array.of(1, Number.NaN), totalWidth: Number.NaN };
    const { within, overall } = calibrateCorrelations({ ...request, ...widths });
    expect([...within, overall]).toEqual([0, 0, 0]);
  });
});
