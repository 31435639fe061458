/** The baseline of every comparison: what happened one season ago. */

import { normalScores } from '../maths/normal.ts';
import { usableValues } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';

/**
 * Seasonal naive: ŷ_{n+h} = y_{n+h−m⌈h/m⌉}, with normal errors of variance σ²·⌈h/m⌉, σ² the mean squared
 * seasonal difference y_t − y_{t−m}. A series of at most one season plus one value is forecast by its last
 * value, with variance σ²·h of its first differences. Missing values keep the last one before them, missing
 * ones at the start take the mean. Not clipped at zero: it is the published benchmark's baseline, figure for
 * figure.
 *
 * Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (3rd ed., 2021), §5.2,
 * §5.5.
 */
export const seasonalNaive: ForecastMember = { name: 'seasonalNaive', predict };

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const values = fillForward(usableValues(series));
  const n = values.length;
  if (n === 0) return forecast;
  const isSeasonal = series.seasonLength > 1 && n > series.seasonLength + 1;
  const lag = isSeasonal ? series.seasonLength : 1;
  const sigma = rootMeanSquareDifference(values, lag);
  const zs = normalScores(levels);
  for (let h = 0; h < horizon; h += 1) {
    const mean = values[n - lag + (h % lag)] ?? 0;
    const deviation = sigma * Math.sqrt(Math.floor(h / lag) + 1);
    forecast.mean[h] = mean;
    for (let k = 0; k < levels.length; k += 1) {
      forecast.quantiles[h * levels.length + k] = mean + deviation * (zs[k] ?? 0);
    }
  }
  return forecast;
}

function rootMeanSquareDifference(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t += 1) sum += ((values[t] ?? 0) - (values[t - lag] ?? 0)) ** 2;
  return values.length > lag ? Math.sqrt(sum / (values.length - lag)) : 0;
}

function fillForward(values: Float64Array): Float64Array {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  let last = count === 0 ? 0 : sum / count;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
