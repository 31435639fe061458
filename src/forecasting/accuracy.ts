/** How well a series was forecast on its validation windows, beside the baseline. */

import {
  addScores,
  intervalCoverage,
  makeScoreSums,
  relativeBias,
  seasonalError,
  weightedAbsolutePercentageError,
} from '../maths/pinball.ts';
import type { QuantileForecast } from './member.ts';

/**
 * Scores over a series' validation windows; null where a score has no meaning (nothing sold, no variation).
 */
export interface ForecastScores {
  /** Σ|y − median| / Σ|y|. */
  readonly wape: number | null;
  /** Mean |y − median| over the in-sample mean |y_t − y_{t−m}|. */
  readonly mase: number | null;
  /** Σ(mean forecast − y) / Σ|y|; positive = too high. */
  readonly bias: number | null;
  /** Share of periods between the 0.1 and the 0.9 quantile. */
  readonly coverage80: number | null;
}

/** The ensemble's scores and the seasonal naive's on the same periods. */
export interface ForecastAccuracy extends ForecastScores {
  readonly baseline: ForecastScores;
}

/** A validation window's outcome and a forecast for it. */
export interface JudgedForecast {
  readonly actual: Float64Array;
  readonly forecast: QuantileForecast;
}

/** Scores forecasts of one series; `values` is its whole history, from which the scale of MASE comes. */
export function scoreForecasts(
  judged: readonly JudgedForecast[],
  values: Float64Array,
  seasonLength: number,
): ForecastScores {
  const sums = makeScoreSums();
  for (const { actual, forecast } of judged) addScores(sums, actual, forecast);
  const scale = seasonalError(values, values.length > seasonLength ? seasonLength : 1);
  return {
    wape: finiteOrNull(weightedAbsolutePercentageError(sums)),
    mase: finiteOrNull(sums.absoluteError / sums.count / scale),
    bias: finiteOrNull(relativeBias(sums)),
    coverage80: finiteOrNull(intervalCoverage(sums)),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
