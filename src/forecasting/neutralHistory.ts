/** Histories at neutral covariates, which every member can forecast, and the way back. */

import { type CovariateEffects, estimateEffects } from './covariateEffects.ts';
import type { QuantileForecast, SeriesHistory } from './member.ts';

/** Width of the interval from the 0.1 to the 0.9 quantile of a normal distribution, in standard deviations. */
const NORMAL_WIDTH = 2.5631;

/** A history at neutral covariates and the effects removed from it; null = it had none. */
export interface NeutralHistory {
  readonly history: SeriesHistory;
  readonly effects: CovariateEffects | null;
}

/** Estimates a history's effects and removes them; without covariates that matter it is returned as it is. */
export function neutraliseHistory(history: SeriesHistory, horizon: number): NeutralHistory {
  const effects = estimateEffects(history, horizon);
  return { history: effects === null ? history : removeEffects(history, effects), effects };
}

/**
 * The history divided by its effects, without covariates. Whole units stay whole, zeros zero, and what rounding takes
 * from one period goes to the next that sold: else single units would never change, and a small demand keep its effects.
 */
export function removeEffects(history: SeriesHistory, effects: CovariateEffects): SeriesHistory {
  const { covariates: _, ...rest } = history;
  const isWhole = history.values.every((value) => Number.isInteger(value) || !Number.isFinite(value));
  let carried = 0;
  const values = history.values.map((value, t) => {
    const neutral = value / (effects.factors[t] ?? 1);
    if (!isWhole || value === 0 || !Number.isFinite(neutral)) return neutral;
    const whole = Math.round(neutral + carried);
    carried += neutral - whole;
    return whole;
  });
  return { ...rest, values };
}

/**
 * A forecast of the neutral demand under the horizon's covariates: times its factors, and spread about the median
 * by √(1 + (doubt · median / σ)²), doubt being the standard error of the log factor and σ the forecast's own
 * deviation, so that an effect nobody has seen often widens the interval.
 *
 * @param start periods of history before the forecast
 */
export function restoreEffects(
  forecast: QuantileForecast,
  effects: CovariateEffects,
  start: number,
): QuantileForecast {
  const { horizon, levels } = forecast;
  const [low, centre, high] = [levels.indexOf(0.1), levels.indexOf(0.5), levels.indexOf(0.9)];
  const quantiles = forecast.quantiles.slice();
  const mean = forecast.mean.slice();
  for (let h = 0; h < horizon; h += 1) {
    const row = h * levels.length;
    const factor = effects.factors[start + h] ?? 1;
    const doubt = effects.deviations[start + h] ?? 0;
    const median = quantiles[row + centre] ?? 0;
    const deviation = ((quantiles[row + high] ?? 0) - (quantiles[row + low] ?? 0)) / NORMAL_WIDTH;
    const spread = deviation > 0 ? Math.sqrt(1 + ((doubt * median) / deviation) ** 2) : 1;
    for (let k = 0; k < levels.length; k += 1)
      quantiles[row + k] = factor * (median + spread * ((quantiles[row + k] ?? 0) - median));
    mean[h] = factor * (mean[h] ?? 0);
  }
  return { ...forecast, quantiles, mean };
}
