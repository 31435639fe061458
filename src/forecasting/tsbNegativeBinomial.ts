/** Intermittent counts: smoothed probability and size of demand, with a distribution made for counts. */

import { negativeBinomialQuantiles } from '../maths/negativeBinomial.ts';
import { type PreparedHistory, prepareHistory } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';

/**
 * TSB (Teunter, Syntetos, Babai): the probability of demand is smoothed every period, its size whenever there
 * is demand; the expected demand is their product, flat over the horizon, and falls when demand dies out. The
 * distribution is negative binomial with that mean and the dispersion that fits the history best.
 *
 * Negative values count as zero; where demand is so large that single units no longer matter, or comes in
 * fractions, it is counted in other units. Smoothing weights and size by maximum likelihood on a grid, one
 * step ahead.
 * Source: R. H. Teunter, A. A. Syntetos and M. Z. Babai, "Intermittent demand: Linking forecasting to
 * inventory obsolescence", European Journal of Operational Research 214 (2011), pp. 606–615; negative
 * binomial demand: R. D. Snyder, J. K. Ord and A. Beaumont, IJF 28 (2012), pp. 485–496.
 */
export const tsbNegativeBinomial: ForecastMember = { name: 'tsbNegativeBinomial', predict };

const PROBABILITY_WEIGHTS = [0.02, 0.05, 0.1, 0.2] as const;
const SIZE_WEIGHTS = [0.05, 0.2] as const;
const DISPERSIONS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 4, 20] as const;
/** Counts above this are scaled down to it: the distribution's shape no longer depends on single units. */
const LARGEST_COUNT_MEAN = 200;
/** Seasons of observations needed before positions are told apart. */
const SEASONS_NEEDED = 4;
/** Larger counts enter the likelihood as this one. */
const LARGEST_TABLE = 2000;

interface Track {
  /** `[n]`, expected demand of each period as known one period before. */
  readonly means: Float64Array;
  /** Probability of demand in a period, and demand where there is any, after the last period. */
  readonly probability: number;
  readonly demand: number;
}

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const history = prepareHistory(series);
  if (history.count === 0) return forecast;
  const unit = countUnit(history);
  const counts = history.values.map((value) => Math.max(0, Math.round(value / unit)));
  const season = occurrenceSeason(counts, history.observed, series.seasonLength);
  const fit = fitCounts(counts, history.observed, season);
  for (let h = 0; h < horizon; h += 1) {
    const mean = Math.min(1, fit.probability * seasonFactor(season, counts.length + h)) * fit.demand;
    const row = negativeBinomialQuantiles(levels, mean, fit.size);
    forecast.mean[h] = mean * unit;
    for (let k = 0; k < levels.length; k += 1)
      forecast.quantiles[h * levels.length + k] = (row[k] ?? 0) * unit;
  }
  return forecast;
}

/**
 * Factors on the probability of demand by position in the season, `[m]`, mean about 1: each position's share
 * of periods with demand over the overall share, drawn toward 1 by 1 − 1/F, F the variance ratio between and
 * within positions (positive-part James–Stein); `[1]` of 1 where positions return too rarely to tell.
 *
 * Source: B. Efron and C. Morris, "Data analysis using Stein's estimator", JASA 70 (1975), pp. 311–319.
 */
function occurrenceSeason(counts: Float64Array, observed: Uint8Array, m: number): Float64Array {
  const seen = new Float64Array(m);
  const positive = new Float64Array(m);
  let [total, hits] = [0, 0];
  for (let t = 0; t < counts.length; t += 1) {
    if (observed[t] === 0) continue;
    const hit = (counts[t] ?? 0) > 0 ? 1 : 0;
    seen[t % m] = (seen[t % m] ?? 0) + 1;
    positive[t % m] = (positive[t % m] ?? 0) + hit;
    total += 1;
    hits += hit;
  }
  const share = hits / total;
  if (m < 2 || total < SEASONS_NEEDED * m || share === 0 || share === 1) return new Float64Array([1]);
  let between = 0;
  for (let i = 0; i < m; i += 1) {
    if ((seen[i] ?? 0) > 0) between += (positive[i] ?? 0) ** 2 / (seen[i] ?? 1);
  }
  between -= total * share * share;
  const within = total * share * (1 - share) - between;
  const ratio = between / (m - 1) / Math.max(1e-9, within / (total - m));
  const keep = Math.max(0, 1 - 1 / ratio);
  return positive.map((hit, i) => 1 + keep * (hit / Math.max(1, seen[i] ?? 1) / share - 1));
}

function seasonFactor(season: Float64Array, t: number): number {
  return season[t % season.length] ?? 1;
}

/**
 * Units in one count: 1 for whole numbers of ordinary size; larger where the mean of the demand is so large
 * that single units do not matter; the hundredth part of the mean for fractions.
 */
function countUnit(history: PreparedHistory): number {
  let sum = 0;
  let isWhole = true;
  for (const value of history.values) {
    sum += Math.max(0, value);
    if (!Number.isInteger(value)) isWhole = false;
  }
  const mean = sum / history.values.length;
  if (isWhole) return Math.max(1, mean / LARGEST_COUNT_MEAN);
  return mean > 0 ? mean / (LARGEST_COUNT_MEAN / 2) : 1;
}

interface CountFit {
  readonly probability: number;
  readonly demand: number;
  /** Negative binomial size: small = very dispersed. */
  readonly size: number;
}

function fitCounts(counts: Float64Array, observed: Uint8Array, season: Float64Array): CountFit {
  const largest = counts.reduce((max, count) => Math.max(max, count), 0);
  const tables = DISPERSIONS.map((size) => makeLikelihood(size, Math.min(largest, LARGEST_TABLE)));
  const track = bestTrack(counts, observed, { season, tables: tables.filter((_, i) => i % 3 === 1) });
  let size = 1;
  let best = -Infinity;
  for (const table of tables) {
    const likelihood = sumLikelihood(counts, observed, track.means, table);
    if (likelihood > best) [size, best] = [table.size, likelihood];
  }
  return { probability: track.probability, demand: track.demand, size };
}

/**
 * The pair of smoothing weights that is likeliest with any of a few sizes; the size is refined afterwards.
 */
function bestTrack(
  counts: Float64Array,
  observed: Uint8Array,
  given: { readonly season: Float64Array; readonly tables: readonly LikelihoodTable[] },
): Track {
  let best: Track = { means: counts, probability: 0, demand: 0 };
  let bestLikelihood = -Infinity;
  for (const probabilityWeight of PROBABILITY_WEIGHTS) {
    for (const sizeWeight of SIZE_WEIGHTS) {
      const track = smoothDemand(counts, observed, { probabilityWeight, sizeWeight, season: given.season });
      for (const table of given.tables) {
        const likelihood = sumLikelihood(counts, observed, track.means, table);
        if (likelihood > bestLikelihood) [best, bestLikelihood] = [track, likelihood];
      }
    }
  }
  return best;
}

/** Smooths probability and size of demand through the history. */
function smoothDemand(
  counts: Float64Array,
  observed: Uint8Array,
  how: { readonly probabilityWeight: number; readonly sizeWeight: number; readonly season: Float64Array },
): Track {
  let { probability, size: demand } = startValues(counts, observed);
  const means = counts.map((count, t) => {
    const expected = Math.min(1, probability * seasonFactor(how.season, t));
    const before = expected * demand;
    if (observed[t] === 0) return before;
    probability += how.probabilityWeight * ((count > 0 ? 1 : 0) - expected);
    if (count > 0) demand += how.sizeWeight * (count - demand);
    return before;
  });
  return { means, probability, demand };
}

/** Share of periods with demand, and mean demand of those, over the whole history. */
function startValues(counts: Float64Array, observed: Uint8Array): { probability: number; size: number } {
  let [seen, positive, sum] = [0, 0, 0];
  for (let t = 0; t < counts.length; t += 1) {
    if (observed[t] === 0) continue;
    seen += 1;
    if ((counts[t] ?? 0) > 0) positive += 1;
    sum += counts[t] ?? 0;
  }
  return { probability: positive / Math.max(1, seen), size: positive === 0 ? 0 : sum / positive };
}

interface LikelihoodTable {
  readonly size: number;
  /** ln Γ(y + r) − ln Γ(r) − ln y! + r ln r for y = 0 … */
  readonly constants: Float64Array;
}

function makeLikelihood(size: number, largest: number): LikelihoodTable {
  const constants = new Float64Array(largest + 1);
  let sum = size * Math.log(size);
  for (let y = 0; y <= largest; y += 1) {
    constants[y] = sum;
    sum += Math.log((y + size) / (y + 1));
  }
  return { size, constants };
}

function sumLikelihood(
  counts: Float64Array,
  observed: Uint8Array,
  means: Float64Array,
  table: LikelihoodTable,
): number {
  const { size, constants } = table;
  let sum = 0;
  for (let t = 0; t < counts.length; t += 1) {
    if (observed[t] === 0) continue;
    const y = Math.min(counts[t] ?? 0, LARGEST_TABLE);
    const mean = Math.max(means[t] ?? 0, 1e-6);
    sum += (constants[y] ?? 0) - (y + size) * Math.log(size + mean) + (y > 0 ? y * Math.log(mean) : 0);
  }
  return sum;
}
