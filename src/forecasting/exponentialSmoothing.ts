/** Seasonally adjusted simple exponential smoothing whose uncertainty is what its own past errors were. */

import { sampleQuantile } from '../maths/quantiles.ts';
import { adjustHistory } from './adjustedHistory.ts';
import { clipForecast } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';
import { seasonAt } from './seasonality.ts';

/**
 * A flat level with, for each step ahead, the sample quantiles of the errors that forecasts of that many
 * steps made inside the history. It shares Theta's level but assumes neither a trend nor a shape of the
 * errors, so their average is sturdier than either. With fewer than two errors of a step the longest step
 * before it serves.
 *
 * Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (3rd ed., 2021), §8.1,
 * and §5.5 on intervals from past errors.
 */
export const exponentialSmoothing: ForecastMember = { name: 'exponentialSmoothing', predict };

/** More recent errors than this tell no more. */
const MOST_ERRORS = 120;

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const { values, observed, count, nonNegative, pattern, adjusted, fit, track } = adjustHistory(series);
  if (count === 0) return forecast;
  let errors = new Float64Array(1);
  for (let h = 0; h < horizon; h += 1) {
    const stepErrors = errorsAtStep(adjusted, observed, track, h + 1);
    if (stepErrors.length > 1) errors = stepErrors.sort();
    const { scale, shift } = seasonAt(pattern, values.length + h);
    forecast.mean[h] = fit.level * scale + shift;
    for (let k = 0; k < levels.length; k += 1) {
      const value = fit.level + sampleQuantile(errors, levels[k] ?? 0.5);
      forecast.quantiles[h * levels.length + k] = value * scale + shift;
    }
  }
  return clipForecast(forecast, nonNegative);
}

/** y_{t+h−1} less the level before t, for every t of which the value was observed. */
function errorsAtStep(
  values: Float64Array,
  observed: Uint8Array,
  track: Float64Array,
  step: number,
): Float64Array<ArrayBuffer> {
  const first = Math.max(1, values.length - step - MOST_ERRORS);
  const errors = new Float64Array(Math.max(0, values.length - step - first + 1));
  let count = 0;
  for (let t = first; t + step - 1 < values.length; t += 1) {
    if (observed[t + step - 1] === 0) continue;
    errors[count] = (values[t + step - 1] ?? 0) - (track[t] ?? 0);
    count += 1;
  }
  return errors.slice(0, count);
}
