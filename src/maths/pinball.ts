/**
 * Forecast scores, exactly as the evaluation protocol of the published benchmark has them. Missing actuals
 * (NaN) are ignored everywhere; a score of nothing is NaN.
 */

/**
 * Twice the pinball loss of a forecast quantile: 2·|(y − f)·(1[y ≤ f] − q)|, in units of y.
 *
 * Source: R. Koenker and G. Bassett, "Regression Quantiles", Econometrica 46 (1978); the factor 2 makes it
 * |y − f| at the median, as in S. Makridakis et al., M5 uncertainty competition, and GluonTS.
 */
export function quantileLoss(actual: number, quantile: number, level: number): number {
  return 2 * Math.abs((actual - quantile) * ((actual <= quantile ? 1 : 0) - level));
}

/** Sums from which WQL, WAPE, bias and coverage of a whole data set follow; add them up over series. */
export interface ScoreSums {
  /** Σ over observed periods of the mean over levels of `quantileLoss`, in units. */
  quantileLoss: number;
  /** Σ |y|, in units. */
  absoluteActual: number;
  /** Σ |y − median|, in units. */
  absoluteError: number;
  /** Σ (median or mean − y), in units. */
  error: number;
  /** Periods whose actual lies in the central interval, ends included. */
  covered: number;
  /** Observed periods. */
  count: number;
}

/**
 * Where the parts of a forecast lie: quantiles [H × Q] row-major and the levels' columns that scores need.
 */
export interface ScoredForecast {
  readonly levels: readonly number[];
  readonly quantiles: Float64Array;
  readonly mean: Float64Array;
}

/** Sums of nothing. */
export function makeScoreSums(): ScoreSums {
  return { quantileLoss: 0, absoluteActual: 0, absoluteError: 0, error: 0, covered: 0, count: 0 };
}

/**
 * Adds one series' forecast to the sums. Levels must include 0.1, 0.5 and 0.9 for error and coverage to
 * count; all levels given enter the quantile loss with the same weight. `error` uses the mean forecast.
 */
export function addScores(sums: ScoreSums, actual: Float64Array, forecast: ScoredForecast): void {
  const { levels, quantiles, mean } = forecast;
  const width = levels.length;
  const [low, median, high] = [levels.indexOf(0.1), levels.indexOf(0.5), levels.indexOf(0.9)];
  for (let h = 0; h < actual.length; h += 1) {
    const y = actual[h] ?? Number.NaN;
    if (Number.isNaN(y)) continue;
    const row = h * width;
    let loss = 0;
    for (let k = 0; k < width; k += 1) loss += quantileLoss(y, quantiles[row + k] ?? 0, levels[k] ?? 0.5);
    sums.quantileLoss += loss / width;
    sums.absoluteActual += Math.abs(y);
    sums.absoluteError += Math.abs(y - (quantiles[row + median] ?? 0));
    sums.error += (mean[h] ?? 0) - y;
    if (y >= (quantiles[row + low] ?? 0) && y <= (quantiles[row + high] ?? 0)) sums.covered += 1;
    sums.count += 1;
  }
}

/** WQL: the summed quantile loss, mean over levels, over Σ|y|. */
export function weightedQuantileLoss(sums: ScoreSums): number {
  return sums.quantileLoss / sums.absoluteActual;
}

/** WAPE: Σ|y − median| / Σ|y|. */
export function weightedAbsolutePercentageError(sums: ScoreSums): number {
  return sums.absoluteError / sums.absoluteActual;
}

/** Share of observed periods inside the central 80 % interval. */
export function intervalCoverage(sums: ScoreSums): number {
  return sums.covered / sums.count;
}

/** Bias: Σ(mean forecast − y) / Σ|y|; positive means too high. */
export function relativeBias(sums: ScoreSums): number {
  return sums.error / sums.absoluteActual;
}

/**
 * In-sample mean |y_t − y_{t−m}| over the pairs where both are observed: the scale of MASE; NaN without a
 * pair.
 *
 * Source: R. J. Hyndman and A. B. Koehler, "Another look at measures of forecast accuracy", International
 * Journal of Forecasting 22 (2006), pp. 679–688.
 */
export function seasonalError(values: Float64Array, seasonLength: number): number {
  let sum = 0;
  let count = 0;
  for (let t = seasonLength; t < values.length; t += 1) {
    const change = (values[t] ?? Number.NaN) - (values[t - seasonLength] ?? Number.NaN);
    if (Number.isNaN(change)) continue;
    sum += Math.abs(change);
    count += 1;
  }
  return sum / count;
}

/**
 * The scaled errors |y_h − median_h| / seasonal error of one series as a sum and a count, so that a data
 * set's MASE is the mean over all its observed periods; periods whose error is not finite (scale 0) do not
 * count.
 */
export function sumScaledErrors(
  actual: Float64Array,
  medians: Float64Array,
  scale: number,
): { readonly sum: number; readonly count: number } {
  let sum = 0;
  let count = 0;
  for (let h = 0; h < actual.length; h += 1) {
    const scaled = Math.abs((actual[h] ?? Number.NaN) - (medians[h] ?? Number.NaN)) / scale;
    if (!Number.isFinite(scaled)) continue;
    sum += scaled;
    count += 1;
  }
  return { sum, count };
}
