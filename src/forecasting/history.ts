/** Cleans a history for the classical members: what is missing or censored, and a version without gaps. */

import type { QuantileForecast, SeriesHistory } from './member.ts';

/** A history from its first observation on. */
export interface PreparedHistory {
  /**
   * Units per period from the first observed value to the end, gaps filled; empty when nothing was observed.
   */
  readonly values: Float64Array;
  /** 1 where the value was observed, 0 where it was filled in. */
  readonly observed: Uint8Array;
  /** Number of observed values. */
  readonly count: number;
  /** Share of the observed values that are zero, in [0, 1]; 0 when nothing was observed. */
  readonly zeroShare: number;
  /** Whether every observed value is a whole number. */
  readonly isWhole: boolean;
  /** Whether every observed value is ≥ 0: then no forecast goes below 0. */
  readonly nonNegative: boolean;
}

const known = new WeakMap<SeriesHistory, PreparedHistory>();

/**
 * Marks and fills gaps. A period without stock counts as missing: demand was at least what was sold, so
 * taking the sale, often 0, as demand would teach the model that nobody wanted the product. Should no period
 * have been in stock, sales are all there is and are taken as they are.
 *
 * A gap takes the value one season earlier where that was observed, else the straight line between its
 * neighbours; a gap at the end keeps the last value.
 *
 * The answer is kept for as long as the history object lives, so that members asked about the same one do not each
 * repeat it. It is read-only: whoever needs to change an array copies it.
 */
export function prepareHistory(series: SeriesHistory): PreparedHistory {
  const found = known.get(series);
  if (found !== undefined) return found;
  const prepared = fillHistory(series);
  known.set(series, prepared);
  return prepared;
}

/** The values with stock-outs and non-finite numbers replaced by NaN; `[n]`, same order. */
export function usableValues(series: SeriesHistory): Float64Array {
  const { values, inStock } = series;
  const usable = new Float64Array(values.length);
  let kept = 0;
  for (let t = 0; t < values.length; t += 1) {
    const value = values[t] ?? Number.NaN;
    usable[t] = Number.isFinite(value) && inStock?.[t] !== false ? value : Number.NaN;
    if (!Number.isNaN(usable[t])) kept += 1;
  }
  return kept === 0 && inStock !== undefined
    ? usableValues({ values, seasonLength: series.seasonLength })
    : usable;
}

/** The first `length` periods of a history, as it was known then; covariates keep their horizon. */
export function cutHistory(series: SeriesHistory, length: number, horizon: number): SeriesHistory {
  const { values, inStock, covariates } = series;
  return {
    ...series,
    values: values.subarray(0, length),
    ...(inStock === undefined ? {} : { inStock: inStock.slice(0, length) }),
    ...(covariates === undefined
      ? {}
      : { covariates: covariates.map((c) => ({ ...c, values: c.values.subarray(0, length + horizon) })) }),
  };
}

/** Raises negative quantiles and means to 0 when the history has no negative value; in place. */
export function clipForecast(forecast: QuantileForecast, nonNegative: boolean): QuantileForecast {
  if (!nonNegative) return forecast;
  clipAtZero(forecast.quantiles);
  clipAtZero(forecast.mean);
  return forecast;
}

function fillHistory(series: SeriesHistory): PreparedHistory {
  const usable = usableValues(series);
  let first = 0;
  while (first < usable.length && Number.isNaN(usable[first])) first += 1;
  const values = usable.slice(first);
  const observed = new Uint8Array(values.length);
  let [count, zeros, nonNegative, isWhole] = [0, 0, true, true];
  for (let t = 0; t < values.length; t += 1) {
    const value = values[t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    observed[t] = 1;
    count += 1;
    if (value === 0) zeros += 1;
    if (value < 0) nonNegative = false;
    if (!Number.isInteger(value)) isWhole = false;
  }
  if (count < values.length) fillGaps(values, observed, series.seasonLength);
  return { values, observed, count, zeroShare: count === 0 ? 0 : zeros / count, nonNegative, isWhole };
}

function clipAtZero(values: Float64Array): void {
  for (let i = 0; i < values.length; i += 1) {
    if ((values[i] ?? 0) < 0) values[i] = 0;
  }
}

function fillGaps(values: Float64Array, observed: Uint8Array, seasonLength: number): void {
  let previous = 0;
  for (let t = 0; t < values.length; t += 1) {
    if (observed[t] === 1) {
      previous = t;
      continue;
    }
    if (seasonLength > 1 && observed[t - seasonLength] === 1) {
      values[t] = values[t - seasonLength] ?? 0;
      continue;
    }
    let next = t + 1;
    while (next < values.length && observed[next] !== 1) next += 1;
    const left = values[previous] ?? 0;
    const right = next < values.length ? (values[next] ?? 0) : left;
    values[t] = left + ((t - previous) / (next - previous)) * (right - left);
  }
}
