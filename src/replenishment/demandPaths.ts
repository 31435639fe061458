/** Joint sample paths of future demand and of lead times, from per-period quantiles. */

import { normalCdf } from '../maths/normal.ts';
import { makeQuantileReader } from '../maths/quantiles.ts';
import { drawNormal, makeRandom } from '../maths/random.ts';

/** Demand per future period as quantiles; a `QuantileForecast` is one. */
export interface DemandQuantiles {
  /** H, the number of periods ahead. */
  readonly horizon: number;
  /** Q levels in (0, 1), ascending. */
  readonly levels: readonly number[];
  /** `[H × Q]` row-major, units per period; each row ascends. */
  readonly quantiles: Float64Array;
}

/** Uniform numbers whose rows are paths through time: shared by all items, which makes plans comparable. */
export interface UniformPaths {
  readonly paths: number;
  readonly periods: number;
  /** `[paths × periods]` row-major, in (0, 1); each column holds (i + ½)/paths for i = 0 …, in some order. */
  readonly values: Float64Array;
  /** The i of each value. */
  readonly ranks: Uint32Array;
}

/** Sampled demand of one item. */
export interface DemandPaths {
  readonly paths: number;
  readonly periods: number;
  /** `[paths × periods]` row-major, units per period, ≥ 0. */
  readonly values: Float64Array;
}

/** How uniform paths are made. */
export interface UniformPathsOptions {
  /** Number of paths, ≥ 1. */
  readonly paths: number;
  /** Periods of each path, ≥ 1. */
  readonly periods: number;
  /** Correlation of neighbouring periods in (−1, 1), of the normal scores. */
  readonly correlation: number;
  /** Unsigned 32-bit seed: the same seed gives the same paths. */
  readonly seed: number;
}

/**
 * Correlation of neighbouring periods' demand around its forecast: what a forecast gets wrong, it gets wrong
 * again.
 */
export const DEFAULT_CORRELATION = 0.25;
/** Paths enough for a 0.99 quantile of five samples. */
export const DEFAULT_PATHS = 500;

/**
 * Draws uniform paths with a Gaussian copula of first-order autoregression: z_1 = ε_1, z_t = ρ z_{t−1} +
 * √(1−ρ²) ε_t, u_t = Φ(z_t). Each period's u are then replaced by the middles of their ranks, so that every
 * period's marginal is hit exactly and only the dependence is random (Latin hypercube sampling).
 *
 * Sources: R. B. Nelsen, An Introduction to Copulas (2nd ed., 2006), §2.3; M. Stein, "Large Sample Properties
 * of Simulations Using Latin Hypercube Sampling", Technometrics 29 (1987), pp. 143–151.
 */
export function drawUniformPaths(options: UniformPathsOptions): UniformPaths {
  const { paths, periods, correlation, seed } = options;
  const random = makeRandom(seed);
  const values = new Float64Array(paths * periods);
  const noise = Math.sqrt(1 - correlation * correlation);
  for (let i = 0; i < paths; i += 1) {
    let z = drawNormal(random);
    for (let t = 0; t < periods; t += 1) {
      if (t > 0) z = correlation * z + noise * drawNormal(random);
      values[i * periods + t] = normalCdf(z);
    }
  }
  const ranks = new Uint32Array(paths * periods);
  for (let t = 0; t < periods; t += 1) stratify(values, ranks, { paths, periods, period: t });
  return { paths, periods, values, ranks };
}

/**
 * Turns uniform paths into an item's demand by its forecast's quantile functions, period by period; the
 * forecast's horizon must be at least the paths' periods. Negative demand is 0; whole units are rounded when
 * `isWhole`.
 */
export function sampleDemandPaths(
  uniform: UniformPaths,
  forecast: DemandQuantiles,
  isWhole: boolean,
): DemandPaths {
  const { paths, periods } = uniform;
  if (forecast.horizon < periods)
    throw new RangeError(`The forecast must reach ${periods} periods ahead, got ${forecast.horizon}.`);
  const values = new Float64Array(paths * periods);
  const width = forecast.levels.length;
  const readRank = rankReader(forecast.levels, paths);
  const unitsByRank = new Float64Array(paths);
  for (let t = 0; t < periods; t += 1) {
    const row = forecast.quantiles.subarray(t * width, (t + 1) * width);
    for (let rank = 0; rank < paths; rank += 1) {
      const units = Math.max(0, readRank(row, rank));
      unitsByRank[rank] = isWhole ? Math.round(units) : units;
    }
    for (let cell = t; cell < values.length; cell += periods)
      values[cell] = unitsByRank[uniform.ranks[cell] ?? 0] ?? 0;
  }
  return { paths, periods, values };
}

/** Sum of each path over periods `from` … `to` − 1, `[paths]` in path order. */
export function sumPaths(demand: DemandPaths, from: number, to: number): Float64Array {
  const sums = new Float64Array(demand.paths);
  for (let i = 0; i < demand.paths; i += 1) {
    for (let t = from; t < to; t += 1)
      sums[i] = (sums[i] ?? 0) + (demand.values[i * demand.periods + t] ?? 0);
  }
  return sums;
}

/**
 * Demand over random lead times, `[paths]` in path order: path i is summed over the `leadTimes[i]` +
 * `reviewPeriods` periods from now, at most its own length.
 */
export function sumOverLeadTimes(
  demand: DemandPaths,
  leadTimes: Float64Array,
  reviewPeriods: number,
): Float64Array {
  const sums = new Float64Array(demand.paths);
  for (let i = 0; i < demand.paths; i += 1) {
    const end = Math.min(demand.periods, (leadTimes[i] ?? 0) + reviewPeriods);
    for (let t = 0; t < end; t += 1) sums[i] = (sums[i] ?? 0) + (demand.values[i * demand.periods + t] ?? 0);
  }
  return sums;
}

/**
 * Whole lead times in periods, `[count]`: normal with mean and deviation in periods, rounded, never below 0.
 */
export function drawLeadTimes(
  leadTime: { readonly mean: number; readonly deviation: number },
  count: number,
  seed: number,
): Float64Array {
  const scores = normalScores(count, seed);
  const leadTimes = new Float64Array(count);
  for (let i = 0; i < count; i += 1)
    leadTimes[i] = Math.max(0, Math.round(leadTime.mean + leadTime.deviation * (scores[i] ?? 0)));
  return leadTimes;
}

/** The last reader and the last scores made: a plan asks for the same ones with every item. */
let lastReader: { readonly key: string; readonly read: QuantileReader } | undefined;
let lastScores: { readonly key: string; readonly scores: Float64Array } | undefined;

type QuantileReader = ReturnType<typeof makeQuantileReader>;

/** Reads quantile functions at the middles of `paths` equal parts. */
function rankReader(levels: readonly number[], paths: number): QuantileReader {
  const key = `${paths}:${levels.join()}`;
  if (lastReader?.key !== key) {
    const shares = Float64Array.from({ length: paths }, (_, rank) => middleOf(rank, paths));
    lastReader = { key, read: makeQuantileReader(levels, shares) };
  }
  return lastReader.read;
}

/** `[count]`, standard normal numbers drawn one after the other from `seed`. */
function normalScores(count: number, seed: number): Float64Array {
  const key = `${count}:${seed}`;
  if (lastScores?.key !== key) {
    const random = makeRandom(seed);
    lastScores = { key, scores: Float64Array.from({ length: count }, () => drawNormal(random)) };
  }
  return lastScores.scores;
}

/** Share of `count` equal parts up to the middle of part `rank`. */
function middleOf(rank: number, count: number): number {
  return (rank + 0.5) / count;
}

function stratify(
  values: Float64Array,
  ranks: Uint32Array,
  column: { readonly paths: number; readonly periods: number; readonly period: number },
): void {
  const { paths, periods, period } = column;
  const order = Array.from({ length: paths }, (_, i) => i * periods + period);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  for (const [rank, cell] of order.entries()) {
    values[cell] = middleOf(rank, paths);
    ranks[cell] = rank;
  }
}
