/** The Theta method, winner of the M3 competition, on values and on their logarithms. */

import { normalScores } from '../maths/normal.ts';
import { type AdjustedHistory, adjustHistory } from './adjustedHistory.ts';
import { clipForecast } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';
import { seasonAt } from './seasonality.ts';
import { fitSimpleSmoothing, type SmoothedLevel, smoothedTrack } from './simpleSmoothing.ts';

/**
 * Theta: simple exponential smoothing with a drift of half the slope of the regression on time, on the series
 * without its season, which is put back in the end; normal errors.
 *
 * ŷ_{n+h} = l_n + (b/2)·(h − 1 + (1 − (1−α)^n)/α). The variance of step h is the mean of the model's
 * σ²(1 + (h−1)α²) and the mean square of the level's own errors h steps ahead in the history, since the
 * model's alone covers too little.
 * Sources: V. Assimakopoulos and K. Nikolopoulos, International Journal of Forecasting 16 (2000), pp.
 * 521–530; R. J. Hyndman and B. Billah, "Unmasking the Theta method", IJF 19 (2003), pp. 287–290, eq. 4–6.
 */
export const theta: ForecastMember = {
  name: 'theta',
  predict: (series, horizon, levels) => predict(series, { horizon, levels, usesLogarithm: false }),
};

/**
 * Theta on logarithms, for series that grow by rates and whose errors grow with them; as `theta` where a
 * value without its season is not positive. No quantile exceeds four times the largest value of the history.
 *
 * Source: as `theta`; J. A. Fiorucci et al., "Models for optimising the theta method", IJF 32 (2016),
 * pp. 1151–1161, find Box–Cox transformed variants best on quarterly and yearly series.
 */
export const logTheta: ForecastMember = {
  name: 'logTheta',
  predict: (series, horizon, levels) => predict(series, { horizon, levels, usesLogarithm: true }),
};

/**
 * A log forecast beyond this multiple of the largest value is taken for an artefact of the transformation.
 */
const LARGEST_GROWTH = 4;
/** The level has settled after this share of the history; earlier errors are not its typical ones. */
const SETTLING_SHARE = 0.3;
const FEWEST_ERRORS = 4;

interface Plan {
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly usesLogarithm: boolean;
}

function predict(series: SeriesHistory, plan: Plan): QuantileForecast {
  const { horizon, levels } = plan;
  const forecast = makeForecast(horizon, levels);
  const history = adjustHistory(series);
  const { pattern, count, nonNegative } = history;
  if (count === 0) return forecast;
  const n = history.values.length;
  const isLogarithmic = plan.usesLogarithm && history.adjusted.every((value) => value > 0);
  const restore = isLogarithmic ? makeExponential(history.adjusted) : (value: number): number => value;
  const smoothed = isLogarithmic ? smoothLogarithms(history) : { ...history, values: history.adjusted };
  const { fit } = smoothed;
  const drift = count > 2 ? slopeOnTime(smoothed.values) / 2 : 0;
  const startup = (1 - (1 - fit.alpha) ** n) / fit.alpha;
  const zs = normalScores(levels);
  for (let h = 0; h < horizon; h += 1) {
    const { scale, shift } = seasonAt(pattern, n + h);
    const mean = fit.level + drift * (h + startup);
    const deviation = Math.sqrt(stepVariance(smoothed, h));
    forecast.mean[h] = restore(mean) * scale + shift;
    for (let k = 0; k < zs.length; k += 1)
      forecast.quantiles[h * zs.length + k] = restore(mean + (zs[k] ?? 0) * deviation) * scale + shift;
  }
  return clipForecast(forecast, nonNegative);
}

function smoothLogarithms({ adjusted, observed }: AdjustedHistory): SmoothedSeries {
  const values = adjusted.map(Math.log);
  const fit = fitSimpleSmoothing(values, observed);
  return { values, observed, fit, track: smoothedTrack(values, observed, fit) };
}

function makeExponential(values: Float64Array): (logarithm: number) => number {
  const limit = Math.log(LARGEST_GROWTH * values.reduce((max, value) => Math.max(max, value), 0));
  return (logarithm) => Math.exp(Math.min(logarithm, limit));
}

interface SmoothedSeries {
  readonly values: Float64Array;
  readonly observed: Uint8Array;
  /** `[n]`, level before each period. */
  readonly track: Float64Array;
  readonly fit: SmoothedLevel;
}

/** Variance `step` + 1 periods ahead. */
function stepVariance(series: SmoothedSeries, step: number): number {
  const { values, observed, track, fit } = series;
  const model = fit.sigma ** 2 * (1 + step * fit.alpha ** 2);
  let [squares, count] = [0, 0];
  for (let t = Math.floor(values.length * SETTLING_SHARE); t + step < values.length; t += 1) {
    if (observed[t + step] === 0) continue;
    squares += ((values[t + step] ?? 0) - (track[t] ?? 0)) ** 2;
    count += 1;
  }
  return count < FEWEST_ERRORS ? model : (model + squares / count) / 2;
}

/** Least-squares slope of the values on 0, 1, … n − 1, in units per period. */
function slopeOnTime(values: Float64Array): number {
  const n = values.length;
  const centre = (n - 1) / 2;
  let sum = 0;
  for (let t = 0; t < n; t += 1) sum += (t - centre) * (values[t] ?? 0);
  return (12 * sum) / (n * (n * n - 1));
}
