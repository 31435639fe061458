/** Counts of slow sellers, each judged in the light of the others that are forecast with it. */

import { type NegativeBinomialMixture, negativeBinomialMixtureQuantiles } from '../maths/negativeBinomial.ts';
import { type CountHistory, seasonFactor, toCountHistory } from './countHistory.ts';
import { makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';

/** Name of this forecaster among the ensemble's members. */
export const POPULATION_MEMBER = 'countPopulation';

/** A history and how many periods after it are to be forecast. */
export interface CountRequest {
  readonly history: SeriesHistory;
  readonly horizon: number;
}

/**
 * What a period's likelihood counts for the next older one, for one series alone and for ever more: the more others
 * show what is usual, the less a series' distant past is needed.
 */
const DISCOUNT_ALONE = 0.9;
const DISCOUNT_AMONG_MANY = 0.86;
/** Series among which the discount is half way. */
const MANY_SERIES = 50;
/** Older periods weigh below 1/250 together. */
const PERIODS_KEPT = 53;
const SMALLEST_MEAN = 0.02;
const MEANS = 24;
/** Negative binomial sizes: small = very dispersed. */
const SIZES = [0.1, 0.25, 0.6, 1.5, 4, 20] as const;
/** As many series of evenly spread kinds are thought to be there beside the real ones. */
const PRIOR_SERIES = 8;
const STEPS = 10;
/** Kinds of series below this share of a posterior are left out of it. */
const SMALLEST_SHARE = 1e-3;
/** Larger counts enter the likelihood's constants as this one. */
const LARGEST_CONSTANT = 5000;

/** Kinds of series: pairs of mean and size, in counts. */
interface Grid {
  readonly means: Float64Array;
  readonly sizes: Float64Array;
}

/**
 * Forecasts histories by nonparametric empirical Bayes: each series is of some kind, a pair of mean and
 * dispersion of a negative binomial; how frequent the kinds are is what makes all the histories together
 * likeliest; a forecast is the mixture of the kinds that a series may be of. So a series that sold nothing
 * lately is told from one that never sells by what became of others like it. The mean is flat but for the
 * season's factors on the chance of demand.
 *
 * Kinds lie on a grid; their frequencies by 10 steps of expectation–maximisation from a uniform start, with 8
 * series of evenly spread kinds added, so that one series alone is not taken for all there is. Levels drift:
 * the log likelihood of a period counts 0.9 times that of the next one, 0.86 times in a crowd.
 * Sources: J. Kiefer and J. Wolfowitz, "Consistency of the maximum likelihood estimator in the presence of
 * infinitely many incidental parameters", Annals of Mathematical Statistics 27 (1956), pp. 887–906; B. Efron,
 * Large-Scale Inference (2010), ch. 1; discounting: M. West and J. Harrison, Bayesian Forecasting and Dynamic
 * Models (2nd ed., 1997), §6.3; negative binomial demand: R. D. Snyder, J. K. Ord and A. Beaumont, IJF 28
 * (2012), pp. 485–496.
 *
 * @param levels ascending, in (0, 1)
 * @returns forecasts in the order of the requests
 */
export function forecastByPopulation(
  requests: readonly CountRequest[],
  levels: readonly number[],
): readonly QuantileForecast[] {
  const counted = requests.map(({ history }) => toCountHistory(history));
  const known = counted.filter((one) => one !== null);
  const grid = makeGrid(known);
  const shares = fitShares(findLikelihoods(known, grid));
  let next = 0;
  return requests.map(({ horizon }, i) => {
    const counts = counted[i] ?? null;
    if (counts === null) return makeForecast(horizon, levels);
    const share = shares[next] ?? new Float64Array(0);
    next += 1;
    return readForecast(counts, { grid, share, horizon, levels });
  });
}

function makeGrid(histories: readonly CountHistory[]): Grid {
  let largest = 1;
  for (const { counts } of histories) {
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    largest = Math.max(largest, 3 * mean);
  }
  const growth = (largest / SMALLEST_MEAN) ** (1 / (MEANS - 1));
  const means = new Float64Array(MEANS * SIZES.length);
  const sizes = new Float64Array(MEANS * SIZES.length);
  for (let m = 0; m < MEANS; m += 1) {
    means.fill(SMALLEST_MEAN * growth ** m, m * SIZES.length, (m + 1) * SIZES.length);
    sizes.set(SIZES, m * SIZES.length);
  }
  return { means, sizes };
}

/** `[cells]` a history: the discounted likelihood of each kind, the largest 1. */
function findLikelihoods(histories: readonly CountHistory[], grid: Grid): readonly Float64Array[] {
  const largest = histories.reduce((most, { counts }) => counts.reduce((a, b) => Math.max(a, b), most), 0);
  const constants = SIZES.map((size) => listConstants(size, Math.min(largest, LARGEST_CONSTANT)));
  const crowd = (histories.length - 1) / (histories.length - 1 + MANY_SERIES);
  const discount = DISCOUNT_ALONE + crowd * (DISCOUNT_AMONG_MANY - DISCOUNT_ALONE);
  const logMeans = grid.means.map(Math.log);
  const logSums = grid.means.map((mean, c) => Math.log(mean + (grid.sizes[c] ?? 1)));
  return histories.map((history) => {
    const sums = sumDiscounted(history, constants, discount);
    const logs = new Float64Array(grid.sizes.length);
    let top = -Infinity;
    for (let c = 0; c < logs.length; c += 1) {
      const spread = (sums.count + (grid.sizes[c] ?? 1) * sums.weight) * (logSums[c] ?? 0);
      const log = (sums.constants[c % SIZES.length] ?? 0) + sums.count * (logMeans[c] ?? 0) - spread;
      logs[c] = log;
      top = Math.max(top, log);
    }
    for (let c = 0; c < logs.length; c += 1) logs[c] = Math.exp((logs[c] ?? 0) - top);
    return logs;
  });
}

/** `[largest + 1]`: ln Γ(y + r) − ln Γ(r) − ln y! + r ln r for y = 0 … */
function listConstants(size: number, largest: number): Float64Array {
  const constants = new Float64Array(largest + 1);
  let sum = size * Math.log(size);
  for (let y = 0; y <= largest; y += 1) {
    constants[y] = sum;
    sum += Math.log((y + size) / (y + 1));
  }
  return constants;
}

/** Σ wy, Σ w and, for each size, Σ w·constant over the latest observed periods, w their discounts. */
function sumDiscounted(
  { counts, observed }: CountHistory,
  constants: readonly Float64Array[],
  discount: number,
): { readonly count: number; readonly weight: number; readonly constants: Float64Array } {
  const sums = new Float64Array(constants.length);
  let [count, weight, share] = [0, 0, 1];
  for (let t = counts.length - 1; t >= Math.max(0, counts.length - PERIODS_KEPT); t -= 1) {
    const y = counts[t] ?? 0;
    if (observed[t] === 1) {
      count += share * y;
      weight += share;
      for (const [s, table] of constants.entries())
        sums[s] = (sums[s] ?? 0) + share * (table[Math.min(y, LARGEST_CONSTANT)] ?? 0);
    }
    share *= discount;
  }
  return { count, weight, constants: sums };
}

/** Each history's shares of the kinds, given all; the likelihoods are turned into them in place. */
function fitShares(likelihoods: readonly Float64Array[]): readonly Float64Array[] {
  const cells = MEANS * SIZES.length;
  const frequencies = new Float64Array(cells).fill(1 / cells);
  const sums = new Float64Array(cells);
  for (let step = 0; step < STEPS; step += 1) {
    sums.fill(PRIOR_SERIES / cells);
    for (const likelihood of likelihoods) {
      const total = dot(likelihood, frequencies);
      for (let c = 0; c < cells; c += 1)
        sums[c] = (sums[c] ?? 0) + ((likelihood[c] ?? 0) * (frequencies[c] ?? 0)) / total;
    }
    for (let c = 0; c < cells; c += 1) frequencies[c] = (sums[c] ?? 0) / (PRIOR_SERIES + likelihoods.length);
  }
  for (const likelihood of likelihoods) {
    const total = dot(likelihood, frequencies);
    for (let c = 0; c < cells; c += 1) likelihood[c] = ((likelihood[c] ?? 0) * (frequencies[c] ?? 0)) / total;
  }
  return likelihoods;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function readForecast(
  { counts, unit, season }: CountHistory,
  given: {
    readonly grid: Grid;
    readonly share: Float64Array;
    readonly horizon: number;
    readonly levels: readonly number[];
  },
): QuantileForecast {
  const { grid, share, horizon, levels } = given;
  const forecast = makeForecast(horizon, levels);
  const { weights, means, sizes } = pickKinds(grid, share);
  const mean = dot(weights, means);
  const scaled = new Float64Array(means.length);
  for (let h = 0; h < horizon; h += 1) {
    const before = h - season.length;
    const factor = seasonFactor(season, counts.length + h);
    forecast.mean[h] = mean * factor * unit;
    if (before >= 0) {
      forecast.quantiles.copyWithin(h * levels.length, before * levels.length, (before + 1) * levels.length);
      continue;
    }
    for (let i = 0; i < means.length; i += 1) scaled[i] = (means[i] ?? 0) * factor;
    const row = negativeBinomialMixtureQuantiles(levels, { weights, means: scaled, sizes });
    for (let k = 0; k < row.length; k += 1) forecast.quantiles[h * levels.length + k] = (row[k] ?? 0) * unit;
  }
  return forecast;
}

/** The kinds that a series may be of, with weights that sum to 1. */
function pickKinds(grid: Grid, share: Float64Array): NegativeBinomialMixture {
  const kinds: number[] = [];
  let total = 0;
  for (let c = 0; c < share.length; c += 1) {
    if (!((share[c] ?? 0) >= SMALLEST_SHARE)) continue;
    kinds.push(c);
    total += share[c] ?? 0;
  }
  const picked = {
    weights: new Float64Array(kinds.length),
    means: new Float64Array(kinds.length),
    sizes: new Float64Array(kinds.length),
  };
  for (let i = 0; i < kinds.length; i += 1) {
    const c = kinds[i] ?? 0;
    picked.weights[i] = (share[c] ?? 0) / total;
    picked.means[i] = grid.means[c] ?? 0;
    picked.sizes[i] = grid.sizes[c] ?? 1;
  }
  return picked;
}
