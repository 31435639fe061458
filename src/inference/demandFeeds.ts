import { badInput } from '../errors.ts';
import type { Tensors } from './tensor.ts';

/** Periods of history the network sees. */
export const CONTEXT_LENGTH = 512;
/** Periods ahead the network answers. */
export const HORIZON_LENGTH = 64;
/** Levels of the network's quantiles. */
export const DEMAND_LEVELS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Channels of `DemandSeries.covariates`, in order. */
export const DEMAND_COVARIATES = ['price_ratio', 'promotion', 'holiday', 'stock_out'] as const;

const CHANNELS = DEMAND_COVARIATES.length;
const STOCK_OUT = DEMAND_COVARIATES.indexOf('stock_out');
const TOTAL_LENGTH = CONTEXT_LENGTH + HORIZON_LENGTH;

/** One series up to the moment of forecasting. */
export type DemandSeries = {
  /** n units per period, oldest first; what is not finite is missing. The last 512 are used. */
  readonly values: Float64Array | readonly number[];
  /** n flags; false = sales were limited by stock, so the value is not used. Absent = all true. */
  readonly inStock?: readonly boolean[] | undefined;
  /** Periods in one season, ≥ 1: 7 daily, 52 weekly, 12 monthly; 1 = none. */
  readonly period: number;
  /**
   * `[n + horizon, 4]` row-major, oldest first, channels as in `DEMAND_COVARIATES`: log of price over
   * regular price, 0/1, 0/1, 0/1. 0 is neutral or unknown.
   */
  readonly covariates?: Float32Array | undefined;
};

/**
 * Lays series out as the network's inputs: `values` and `mask` float32 [B, 512] and `covariates`
 * float32 [B, 576, 4], the last of the past in column 511; `period` float32 [B].
 * Places without an observation in stock are 0 in `values` and `mask`; stock-outs are 1 in their channel.
 *
 * @throws DomainError BAD_USER_INPUT when a covariate that is used is not finite
 */
export function makeDemandFeeds(series: readonly DemandSeries[]): Tensors {
  const rows = series.length;
  const values = new Float32Array(rows * CONTEXT_LENGTH);
  const mask = new Float32Array(rows * CONTEXT_LENGTH);
  const covariates = new Float32Array(rows * TOTAL_LENGTH * CHANNELS);
  series.forEach((one, row) => {
    const used = Math.min(one.values.length, CONTEXT_LENGTH);
    const skipped = one.values.length - used;
    const past = row * CONTEXT_LENGTH + CONTEXT_LENGTH - used;
    const channels = (row * TOTAL_LENGTH + CONTEXT_LENGTH - used) * CHANNELS;
    if (one.covariates !== undefined)
      copyFinite(one.covariates.subarray(skipped * CHANNELS), covariates, channels);
    for (let t = 0; t < used; t += 1) {
      const value = one.values[skipped + t] ?? Number.NaN;
      if (one.inStock?.[skipped + t] === false) covariates[channels + t * CHANNELS + STOCK_OUT] = 1;
      else if (Number.isFinite(value)) {
        values[past + t] = value;
        mask[past + t] = 1;
      }
    }
  });
  return {
    values: { data: values, dims: [rows, CONTEXT_LENGTH] },
    mask: { data: mask, dims: [rows, CONTEXT_LENGTH] },
    period: { data: Float32Array.from(series, (one) => one.period), dims: [rows] },
    covariates: { data: covariates, dims: [rows, TOTAL_LENGTH, CHANNELS] },
  };
}

/**
 * Checks what the caller gave, all but the covariates' numbers: `makeDemandFeeds` sees each of them anyway.
 *
 * @throws DomainError BAD_USER_INPUT with one sentence about the first mistake
 */
export function checkDemandSeries(series: readonly DemandSeries[], horizon: number): void {
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > HORIZON_LENGTH)
    throw badInput(`Horizon must be a whole number of periods from 1 to ${HORIZON_LENGTH}, got ${horizon}.`);
  for (const { values, inStock, period, covariates } of series) {
    if (!Number.isFinite(period) || period < 1)
      throw badInput(`Period must be a number from 1, the periods in one season, got ${period}.`);
    if (inStock !== undefined && inStock.length !== values.length)
      throw badInput(
        `A series must have one inStock flag per value (${values.length}), got ${inStock.length}.`,
      );
    const wanted = (values.length + horizon) * CHANNELS;
    if (covariates === undefined || covariates.length === wanted) continue;
    const rule = `must be [n + horizon, ${CHANNELS}], ${wanted} numbers`;
    throw badInput(`A series' covariates ${rule}, got ${covariates.length}.`);
  }
}

/** A plain loop: `every` with a callback takes ten times as long, on the event loop. */
function copyFinite(from: Float32Array, to: Float32Array, at: number): void {
  for (let i = 0; i < from.length; i += 1) {
    const value = from[i] ?? 0;
    if (!Number.isFinite(value))
      throw badInput("A series' covariates must be finite, with 0 for unknown, and they are not.");
    to[at + i] = value;
  }
}
