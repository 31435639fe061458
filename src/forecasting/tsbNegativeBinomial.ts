/** Intermittent counts: smoothed probability and size of demand, with a distribution made for counts. */

import { negativeBinomialQuantiles } from '../maths/negativeBinomial.ts';
import { seasonFactor, toCountHistory } from './countHistory.ts';
import { makeCountLikelihood } from './countLikelihood.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';

/**
 * TSB (Teunter, Syntetos, Babai): the probability of demand is smoothed every period, its size whenever there
 * is demand; the expected demand is their product, flat over the horizon, and falls when demand dies out. The
 * distribution is negative binomial with that mean and the dispersion that fits the history best.
 *
 * Negative values count as zero; where demand is so large that single units no longer matter, or comes in
 * fractions, it is counted in other units (`toCountHistory`). Smoothing weights and size by maximum likelihood on a grid, one
 * step ahead.
 * Source: R. H. Teunter, A. A. Syntetos and M. Z. Babai, "Intermittent demand: Linking forecasting to
 * inventory obsolescence", European Journal of Operational Research 214 (2011), pp. 606–615; negative
 * binomial demand: R. D. Snyder, J. K. Ord and A. Beaumont, IJF 28 (2012), pp. 485–496.
 */
export const tsbNegativeBinomial: ForecastMember = { name: 'tsbNegativeBinomial', predict };

const PROBABILITY_WEIGHTS = [0.02, 0.05, 0.1, 0.2] as const;
const SIZE_WEIGHTS = [0.05, 0.2] as const;
const DISPERSIONS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 4, 20] as const;
/** The sizes by which smoothing weights are compared. */
const FEW_DISPERSIONS = [0.1, 0.8, 20] as const;

interface Track {
  /** `[n]`, expected demand of each period as known one period before. */
  readonly means: Float64Array;
  /** Probability of demand in a period, and demand where there is any, after the last period. */
  readonly probability: number;
  readonly demand: number;
}

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const history = toCountHistory(series);
  if (history === null) return forecast;
  const { counts, observed, unit, season } = history;
  const fit = fitCounts(counts, observed, season);
  for (let h = 0; h < horizon; h += 1) {
    if (h >= season.length) {
      copyRow(forecast, h - season.length, h);
      continue;
    }
    const mean = Math.min(1, fit.probability * seasonFactor(season, counts.length + h)) * fit.demand;
    const row = negativeBinomialQuantiles(levels, mean, fit.size);
    forecast.mean[h] = mean * unit;
    for (let k = 0; k < levels.length; k += 1)
      forecast.quantiles[h * levels.length + k] = (row[k] ?? 0) * unit;
  }
  return forecast;
}

interface CountFit {
  readonly probability: number;
  readonly demand: number;
  /** Negative binomial size: small = very dispersed. */
  readonly size: number;
}

function fitCounts(counts: Float64Array, observed: Uint8Array, season: Float64Array): CountFit {
  const likelihoodsOf = makeCountLikelihood(counts, observed);
  const track = bestTrack(counts, observed, {
    season,
    likelihoodOf: (means) => Math.max(...likelihoodsOf(means, FEW_DISPERSIONS)),
  });
  let size = 1;
  let best = -Infinity;
  for (const [i, likelihood] of likelihoodsOf(track.means, DISPERSIONS).entries())
    if (likelihood > best) [size, best] = [DISPERSIONS[i] ?? 1, likelihood];
  return { probability: track.probability, demand: track.demand, size };
}

/**
 * The pair of smoothing weights that is likeliest with any of a few sizes; the size is refined afterwards.
 */
function bestTrack(
  counts: Float64Array,
  observed: Uint8Array,
  given: { readonly season: Float64Array; readonly likelihoodOf: (means: Float64Array) => number },
): Track {
  const start = startValues(counts, observed);
  const factors = new Float64Array(counts.length);
  for (let t = 0; t < factors.length; t += 1) factors[t] = seasonFactor(given.season, t);
  const probabilities = PROBABILITY_WEIGHTS.map((weight) =>
    smoothProbability(counts, observed, { weight, factors, start: start.probability }),
  );
  const demands = SIZE_WEIGHTS.map((weight) => smoothSize(counts, observed, { weight, start: start.size }));
  let best: Track = { means: counts, probability: 0, demand: 0 };
  let bestLikelihood = -Infinity;
  let means = new Float64Array(counts.length);
  let spare = new Float64Array(counts.length);
  for (const probability of probabilities) {
    for (const demand of demands) {
      multiply(probability.track, demand.track, means);
      const likelihood = given.likelihoodOf(means);
      if (!(likelihood > bestLikelihood)) continue;
      bestLikelihood = likelihood;
      best = { means, probability: probability.last, demand: demand.last };
      [means, spare] = [spare, means];
    }
  }
  return best;
}

function multiply(a: Float64Array, b: Float64Array, products: Float64Array): void {
  for (let t = 0; t < products.length; t += 1) products[t] = (a[t] ?? 0) * (b[t] ?? 0);
}

/** A smoothed number: `[n]` before each period, and after the last one. */
interface Smoothed {
  readonly track: Float64Array;
  readonly last: number;
}

/** Chance of demand in each period, the season's factor included. */
function smoothProbability(
  counts: Float64Array,
  observed: Uint8Array,
  how: { readonly weight: number; readonly factors: Float64Array; readonly start: number },
): Smoothed {
  let probability = how.start;
  const track = new Float64Array(counts.length);
  for (let t = 0; t < counts.length; t += 1) {
    const expected = Math.min(1, probability * (how.factors[t] ?? 1));
    track[t] = expected;
    if (observed[t] === 1) probability += how.weight * (((counts[t] ?? 0) > 0 ? 1 : 0) - expected);
  }
  return { track, last: probability };
}

/** Demand where there is any. */
function smoothSize(
  counts: Float64Array,
  observed: Uint8Array,
  how: { readonly weight: number; readonly start: number },
): Smoothed {
  let demand = how.start;
  const track = new Float64Array(counts.length);
  for (let t = 0; t < counts.length; t += 1) {
    track[t] = demand;
    const count = counts[t] ?? 0;
    if (observed[t] === 1 && count > 0) demand += how.weight * (count - demand);
  }
  return { track, last: demand };
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

function copyRow(forecast: QuantileForecast, from: number, to: number): void {
  const width = forecast.levels.length;
  forecast.quantiles.copyWithin(to * width, from * width, (from + 1) * width);
  forecast.mean[to] = forecast.mean[from] ?? 0;
}
