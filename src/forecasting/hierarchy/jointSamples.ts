/** Joint samples of many series' demand, added up to the demand of whatever they are parts of. */

import { makeQuantileReader, sampleQuantile } from '../../maths/quantiles.ts';
import { drawNormal, makeRandom, seedFromText } from '../../maths/random.ts';

/** V series of equal horizon, and the sums that they are parts of. */
export interface SampleRequest {
  readonly horizon: number;
  /** Q levels in (0, 1), ascending. */
  readonly levels: readonly number[];
  /** `[V × H × Q]` row-major, units per period. */
  readonly quantiles: Float64Array;
  /** `[V × H]` row-major: expected units; the samples are moved to them. */
  readonly means: Float64Array;
  /** `[V]`, what makes a series' own randomness: its id. */
  readonly seeds: Uint32Array;
  /** `[V]`, series with the same cluster share a cause beside the one that all share. */
  readonly clusters: Int32Array;
  /** `[V]`, correlation of the series with the others of its cluster, and with all others; 0 ≤ overall ≤ within < 1. */
  readonly within: Float64Array;
  readonly overall: number;
  /** Sums that series v is part of: entries `partOffsets[v]` … `partOffsets[v + 1]` − 1 of the next two. */
  readonly partOffsets: Uint32Array;
  readonly partSums: Uint32Array;
  /** Share of the series in the sum, 0 to 1. */
  readonly partShares: Float64Array;
  /** K, the number of sums. */
  readonly sumCount: number;
}

/** Sampled paths of each sum: few, since they are sorted for each period; the error of a 0.9 quantile is about 2 %. */
export const SAMPLE_COUNT = 200;

/**
 * Samples of the sums, `[K × H × SAMPLE_COUNT]` row-major.
 *
 * The series are coupled by a Gaussian copula with two common factors, z = √ρ·F + √(ρ_c − ρ)·F_c + √(1 − ρ_c)·ε: ρ
 * between any two, ρ_c between two of a cluster. Each series' normal numbers are replaced by their ranks, so that its
 * quantile function is hit exactly and only the dependence is random (Latin hypercube); its samples are then scaled to
 * its mean. Samples are ≥ 0. The seeds are fixed: the same request gives the same samples, and a batch of a larger
 * request gives the part of that request's sums.
 *
 * Sources: P. Ben Taieb, J. Taylor and R. Hyndman, "Hierarchical Probabilistic Forecasting of Electricity Demand with
 * Smart Meter Data", JASA 116 (2021), pp. 27–43, §3 (samples coupled by a copula and added up); R. B. Nelsen, An
 * Introduction to Copulas (2nd ed., 2006), §2.3.
 */
export function sumSamples(request: SampleRequest): Float64Array<ArrayBuffer> {
  const { horizon, levels, quantiles, means, seeds } = request;
  const sums = new Float64Array(request.sumCount * horizon * SAMPLE_COUNT);
  const shares = Float64Array.from({ length: SAMPLE_COUNT }, (_, rank) => (rank + 0.5) / SAMPLE_COUNT);
  const readQuantile = makeQuantileReader(levels, shares);
  const ranksUpTo = levels.map((level) => shares.findLastIndex((share) => share <= level) + 1);
  const drawPaths = makePathSource(request);
  const sorted = new Float64Array(SAMPLE_COUNT);
  for (let series = 0; series < seeds.length; series += 1) {
    const paths = drawPaths(series);
    for (let period = 0; period < horizon; period += 1) {
      const cell = series * horizon + period;
      const row = quantiles.subarray(cell * levels.length, (cell + 1) * levels.length);
      // Up to a quantile of 0 every sample is 0, which is most of them where demand is rare.
      const first = ranksUpTo[row.findLastIndex((units) => units <= 0)] ?? 0;
      let total = 0;
      for (let rank = first; rank < SAMPLE_COUNT; rank += 1) {
        const units = Math.max(0, readQuantile(row, rank));
        sorted[rank] = units;
        total += units;
      }
      const from = total > 0 ? first : 0;
      moveToMean(sorted, from, { from: total / SAMPLE_COUNT, to: means[cell] ?? 0 });
      addToSums(request, sums, { series, period, sorted, from, paths });
    }
  }
  return sums;
}

/** Quantiles at ascending levels of samples `[R × SAMPLE_COUNT]`: `[R × Q]` row-major. Sorts the samples in place. */
export function readSampleQuantiles(
  samples: Float64Array,
  levels: readonly number[],
): Float64Array<ArrayBuffer> {
  const rows = samples.length / SAMPLE_COUNT;
  const quantiles = new Float64Array(rows * levels.length);
  for (let row = 0; row < rows; row += 1) {
    const sorted = samples.subarray(row * SAMPLE_COUNT, (row + 1) * SAMPLE_COUNT).sort();
    for (const [k, level] of levels.entries())
      quantiles[row * levels.length + k] = sampleQuantile(sorted, level);
  }
  return quantiles;
}

/** Scales the samples from rank `first` on, those below being 0; all get the mean where all are 0. */
function moveToMean(
  samples: Float64Array,
  first: number,
  mean: { readonly from: number; readonly to: number },
): void {
  const { from, to } = mean;
  for (let s = first; s < samples.length; s += 1)
    samples[s] = from > 0 ? ((samples[s] ?? 0) * to) / from : to;
}

function addToSums(
  { horizon, partOffsets, partSums, partShares }: SampleRequest,
  sums: Float64Array,
  at: {
    readonly series: number;
    readonly period: number;
    readonly sorted: Float64Array;
    /** Rank below which samples are 0. */
    readonly from: number;
    readonly paths: Uint16Array;
  },
): void {
  const { series, period, sorted, from, paths } = at;
  for (let part = partOffsets[series] ?? 0; part < (partOffsets[series + 1] ?? 0); part += 1) {
    const offset = ((partSums[part] ?? 0) * horizon + period) * SAMPLE_COUNT;
    const share = partShares[part] ?? 0;
    for (let rank = from; rank < SAMPLE_COUNT; rank += 1) {
      const cell = offset + (paths[rank] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + share * (sorted[rank] ?? 0);
    }
  }
}

/** Yields, for a series, the path that each rank of its samples goes to; the buffer is used again for the next one. */
function makePathSource({ seeds, clusters, within, overall }: SampleRequest) {
  const common = drawNormals(seedFromText('hierarchy'));
  const clusterFactors = new Map<number, Float64Array>();
  const scores = new Float64Array(SAMPLE_COUNT);
  const paths = Uint16Array.from({ length: SAMPLE_COUNT }, (_, path) => path);
  return (series: number): Uint16Array => {
    const cluster = clusters[series] ?? 0;
    const factor = clusterFactors.get(cluster) ?? drawNormals(seedFromText(`cluster ${cluster}`));
    clusterFactors.set(cluster, factor);
    const rho = Math.max(overall, within[series] ?? 0);
    const loads = [Math.sqrt(overall), Math.sqrt(rho - overall), Math.sqrt(1 - rho)] as const;
    const random = makeRandom(seedFromText('series', seeds[series] ?? 0));
    for (let s = 0; s < SAMPLE_COUNT; s += 1)
      scores[s] = loads[0] * (common[s] ?? 0) + loads[1] * (factor[s] ?? 0) + loads[2] * drawNormal(random);
    return paths.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  };
}

function drawNormals(seed: number): Float64Array {
  const random = makeRandom(seed);
  return Float64Array.from({ length: SAMPLE_COUNT }, () => drawNormal(random));
}
