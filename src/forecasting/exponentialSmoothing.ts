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
  const sorted = makeStepErrors(adjusted, observed, track);
  let errors: Float64Array = new Float64Array(1);
  for (let h = 0; h < horizon; h += 1) {
    errors = sorted(h + 1) ?? errors;
    const { scale, shift } = seasonAt(pattern, values.length + h);
    forecast.mean[h] = fit.level * scale + shift;
    for (let k = 0; k < levels.length; k += 1) {
      const value = fit.level + sampleQuantile(errors, levels[k] ?? 0.5);
      forecast.quantiles[h * levels.length + k] = value * scale + shift;
    }
  }
  return clipForecast(forecast, nonNegative);
}

/**
 * Reads the errors of forecasts 1, 2, … steps ahead, asked for in that order: y_{t+h−1} less the level before t, for
 * the last 121 values and of them the observed ones, ascending; null where there are fewer than two. The answer is
 * good until the next step is asked for.
 *
 * From step to step the order hardly changes, since the level moves slowly: the values are kept in the order of the
 * step before, which insertion puts right in little more than one pass.
 */
function makeStepErrors(
  values: Float64Array,
  observed: Uint8Array,
  track: Float64Array,
): (step: number) => Float64Array | null {
  const n = values.length;
  const targets = new Uint32Array(MOST_ERRORS + 1);
  const errors = new Float64Array(MOST_ERRORS + 1);
  let count = 0;
  for (let s = Math.max(1, n - targets.length); s < n; s += 1) {
    if (observed[s] === 0) continue;
    targets[count] = s;
    count += 1;
  }
  return (step) => {
    count = dropBefore(targets, count, step);
    if (count < 2) return null;
    for (let i = 0; i < count; i += 1) {
      const target = targets[i] ?? 0;
      const error = (values[target] ?? 0) - (track[target - step + 1] ?? 0);
      let j = i;
      for (; j > 0 && (errors[j - 1] ?? 0) > error; j -= 1) {
        errors[j] = errors[j - 1] ?? 0;
        targets[j] = targets[j - 1] ?? 0;
      }
      errors[j] = error;
      targets[j] = target;
    }
    return errors.subarray(0, count);
  };
}

/** Drops the targets that no forecast from the second period on reaches in `step` steps; yields how many are left. */
function dropBefore(targets: Uint32Array, count: number, step: number): number {
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const target = targets[i] ?? 0;
    if (target < step) continue;
    targets[kept] = target;
    kept += 1;
  }
  return kept;
}
