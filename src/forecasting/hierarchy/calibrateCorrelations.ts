import { readSampleQuantiles, SAMPLE_COUNT, sumSamples } from './jointSamples.ts';

/** A typical period of V series in C clusters, and how widely the clusters' and the total's own forecasts spread. */
export interface CalibrationRequest {
  /** Q levels in (0, 1), ascending. */
  readonly levels: readonly number[];
  /** `[V × Q]` row-major and `[V]`, units. */
  readonly quantiles: Float64Array;
  readonly means: Float64Array;
  /** `[V]`, as in `SampleRequest`. */
  readonly seeds: Uint32Array;
  readonly clusters: Int32Array;
  /** `[V]`, index of each series' cluster. */
  readonly clusterOf: Int32Array;
  /** `[C]`, p90 − p10 of each cluster's own forecast; NaN where it has none. */
  readonly clusterWidths: Float64Array;
  /** p90 − p10 of the total's own forecast; NaN where it has none. */
  readonly totalWidth: number;
}

/** Correlations of the copula's normal numbers, 0 to 0.95. */
export interface CopulaCorrelations {
  /** `[C]`, between two series of a cluster. */
  readonly within: Float64Array;
  /** Between any two series. */
  readonly overall: number;
}

const highest = 0.95;
const steps = 7;

/**
 * Finds the correlations with which the joint samples of a cluster, and of all series, spread from p10 to p90 as the
 * cluster's and the total's own forecasts do. Those intervals are calibrated on past errors of the sum, so this is where
 * the dependence between the errors of its parts shows; a formula on variances would fall short, since the correlation
 * of counts with many zeros is far below the copula's. By bisection, all clusters at once.
 */
export function calibrateCorrelations(request: CalibrationRequest): CopulaCorrelations {
  const { clusterOf, clusterWidths, totalWidth } = request;
  const clusterCount = clusterWidths.length;
  const within = bisect(clusterCount, clusterWidths, (tried) =>
    widthsOf(request, {
      within: Float64Array.from(clusterOf, (cluster) => tried[cluster] ?? 0),
      overall: 0,
      sumOf: Uint32Array.from(clusterOf),
      sumCount: clusterCount,
    }),
  );
  const [overall = 0] = bisect(1, Float64Array.of(totalWidth), ([tried = 0]) =>
    widthsOf(request, {
      within: Float64Array.from(clusterOf, (cluster) => Math.max(tried, within[cluster] ?? 0)),
      overall: tried,
      sumOf: new Uint32Array(clusterOf.length),
      sumCount: 1,
    }),
  );
  return { within: within.map((correlation) => Math.max(overall, correlation)), overall };
}

/** The largest correlation of each sum with which it is not wider than its target, to 1 %; 0 where there is no target. */
function bisect(
  count: number,
  targets: Float64Array,
  widthsAt: (correlations: Float64Array) => Float64Array,
): Float64Array {
  const low = new Float64Array(count);
  const high = new Float64Array(count).fill(highest);
  for (let step = 0; step < steps; step += 1) {
    const middle = low.map((value, index) => (value + (high[index] ?? 0)) / 2);
    const widths = widthsAt(middle);
    for (let index = 0; index < count; index += 1) {
      const bound = (widths[index] ?? 0) < (targets[index] ?? Number.NaN) ? low : high;
      bound[index] = middle[index] ?? 0;
    }
  }
  return low;
}

function widthsOf(
  { levels, quantiles, means, seeds, clusters }: CalibrationRequest,
  tried: {
    readonly within: Float64Array;
    readonly overall: number;
    readonly sumOf: Uint32Array;
    readonly sumCount: number;
  },
): Float64Array {
  const samples = sumSamples({
    horizon: 1,
    levels,
    quantiles,
    means,
    seeds,
    clusters,
    within: tried.within,
    overall: tried.overall,
    partOffsets: Uint32Array.from({ length: seeds.length + 1 }, (_, index) => index),
    partSums: tried.sumOf,
    partShares: new Float64Array(seeds.length).fill(1),
    sumCount: tried.sumCount,
  });
  const ends = readSampleQuantiles(samples, [0.1, 0.9]);
  return Float64Array.from(
    { length: samples.length / SAMPLE_COUNT },
    (_, sum) => (ends[2 * sum + 1] ?? 0) - (ends[2 * sum] ?? 0),
  );
}
