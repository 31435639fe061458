/** Brings forecasts to common levels and averages them. */

import { interpolateQuantile, meanFromQuantiles, rearrangeQuantiles } from '../maths/quantiles.ts';
import { makeForecast, type QuantileForecast, STANDARD_LEVELS } from './member.ts';

/**
 * Quantile averaging: Q(p) = Σ_i w_i Q_i(p) per period and level, and the same for the means.
 *
 * It keeps the members' sharpness and shape, where averaging distribution functions would widen them.
 * Source: K. C. Lichtendahl, Y. Grushka-Cockayne and R. L. Winkler, "Is It Better to Average Probabilities or
 * Quantiles?", Management Science 59 (2013), pp. 1594–1611.
 *
 * @param forecasts one per member, equal horizon and levels
 * @param weights one per member, ≥ 0, sum 1
 */
export function combineForecasts(
  forecasts: readonly QuantileForecast[],
  weights: Float64Array,
): QuantileForecast {
  const [first] = forecasts;
  if (first === undefined) throw new RangeError('At least one forecast must be given, got none.');
  const combined = makeForecast(first.horizon, first.levels);
  for (const [i, { quantiles, mean }] of forecasts.entries()) {
    const weight = weights[i] ?? 0;
    if (weight === 0) continue;
    addScaled(combined.quantiles, quantiles, weight);
    addScaled(combined.mean, mean, weight);
  }
  return combined;
}

/** The ascending union of the levels asked for and 0.1 … 0.9, which weights and scores need. */
export function unionLevels(levels: readonly number[]): readonly number[] {
  return [...new Set([...levels, ...STANDARD_LEVELS])].sort((a, b) => a - b);
}

/**
 * The forecast at other `levels`: as it is where it has them, else from its quantile function
 * (`interpolateQuantile`), sorted; the horizon cut to `horizon` periods.
 */
export function changeLevels(
  forecast: QuantileForecast,
  levels: readonly number[],
  horizon = forecast.horizon,
): QuantileForecast {
  const width = forecast.levels.length;
  const isSame = width === levels.length && levels.every((level, k) => level === forecast.levels[k]);
  if (isSame && horizon === forecast.horizon) return forecast;
  const result = makeForecast(horizon, levels);
  const columns = levels.map((level) => forecast.levels.indexOf(level));
  for (let h = 0; h < horizon; h += 1) {
    const row = forecast.quantiles.subarray(h * width, (h + 1) * width);
    const target = result.quantiles.subarray(h * levels.length, (h + 1) * levels.length);
    for (const [k, level] of levels.entries()) {
      const column = columns[k] ?? -1;
      target[k] = column >= 0 ? (row[column] ?? 0) : interpolateQuantile(forecast.levels, row, level);
    }
    rearrangeQuantiles(target);
    result.mean[h] = forecast.mean[h] ?? meanFromQuantiles(forecast.levels, row);
  }
  return result;
}

/**
 * Sets quantiles below `threshold` to 0, in place. The average of a member that says "none" and one that says
 * "a tenth of a unit" is no possible demand of whole units, and would put every period without demand outside
 * its interval.
 */
export function snapToZero(forecast: QuantileForecast, threshold: number): QuantileForecast {
  const { quantiles } = forecast;
  for (let i = 0; i < quantiles.length; i += 1) {
    if (Math.abs(quantiles[i] ?? 0) < threshold) quantiles[i] = 0;
  }
  return forecast;
}

function addScaled(target: Float64Array, source: Float64Array, weight: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) + weight * (source[i] ?? 0);
}
