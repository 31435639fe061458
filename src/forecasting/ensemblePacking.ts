/**
 * A batch of the ensemble as a few flat arrays, so that it crosses to a worker thread without copying
 * objects.
 */

import type { Transferable } from 'node:worker_threads';
import type { ForecastAccuracy, ForecastScores } from './accuracy.ts';
import { type EnsembleBatch, type EnsembleForecast, finishEnsemble } from './ensemble.ts';
import type { QuantileForecast, SeriesHistory } from './member.ts';

/** Forecasts of equal horizon and levels behind each other. */
export interface PackedForecasts {
  readonly horizon: number;
  readonly levels: readonly number[];
  /** `[N × H × Q]` row-major. */
  readonly quantiles: Float64Array<ArrayBuffer>;
  /** `[N × H]` row-major. */
  readonly mean: Float64Array<ArrayBuffer>;
}

/** What the worker needs: S series behind each other and the network's forecasts of all rows. */
export interface PackedBatch {
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly windowLength: number | undefined;
  readonly isPooled: boolean | undefined;
  /** All values behind each other; series i has `[offsets[i], offsets[i + 1])`. */
  readonly values: Float64Array<ArrayBuffer>;
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** Same length as `values`: 1 in stock, 0 limited by stock; empty when no series says. */
  readonly inStock: Uint8Array<ArrayBuffer>;
  /** `[S]` */
  readonly seasonLengths: Uint32Array<ArrayBuffer>;
  /** In the order of `planRows`; null without a network. */
  readonly network: PackedForecasts | null;
}

/** What the worker answers: S forecasts with M members' weights and eight scores each. */
export interface PackedAnswer {
  readonly forecasts: PackedForecasts;
  readonly memberNames: readonly string[];
  /** `[S × M]` row-major. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** `[S × 8]`: wape, mase, bias, coverage80, then the baseline's; NaN = null, a row of NaN = no accuracy. */
  readonly scores: Float64Array<ArrayBuffer>;
}

/** As much of a worker pool as is needed here. */
export interface EnsemblePool {
  run(
    request: PackedBatch,
    options: { readonly transfer: readonly Transferable[]; readonly deadlineMs?: number },
  ): Promise<PackedAnswer>;
}

const SCORE_COUNT = 8;

/**
 * Makes the `finish` engine of the ensemble out of a worker pool whose script is `ensembleWorker.ts`.
 * Rejects with what the pool rejects with (queue full, deadline).
 */
export function makePooledFinish(
  pool: EnsemblePool,
  deadlineMs?: number,
): (batch: EnsembleBatch) => Promise<readonly EnsembleForecast[]> {
  return async (batch) => {
    const packed = packBatch(batch);
    const answer = await pool.run(packed, {
      transfer: packedBuffers(packed),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
    return unpackAnswer(answer);
  };
}

/** The worker's whole work: unpack, finish, pack. */
export function finishPackedBatch(packed: PackedBatch): PackedAnswer {
  return packAnswer(finishEnsemble(unpackBatch(packed)), packed.horizon, packed.levels);
}

/** Packs a batch; covariates are left out, since no classical member reads them. */
export function packBatch(batch: EnsembleBatch): PackedBatch {
  const { series, horizon, levels, windowLength, isPooled, network } = batch;
  const offsets = new Uint32Array(series.length + 1);
  for (const [i, { values }] of series.entries()) offsets[i + 1] = (offsets[i] ?? 0) + values.length;
  const total = offsets[series.length] ?? 0;
  const values = new Float64Array(total);
  const isCensored = series.some(({ inStock }) => inStock !== undefined);
  const inStock = new Uint8Array(isCensored ? total : 0).fill(1);
  for (const [i, history] of series.entries()) {
    const offset = offsets[i] ?? 0;
    values.set(history.values, offset);
    for (const [t, flag] of (history.inStock ?? []).entries()) inStock[offset + t] = flag ? 1 : 0;
  }
  const seasonLengths = Uint32Array.from(series, (history) => history.seasonLength);
  return {
    horizon,
    levels,
    windowLength,
    isPooled,
    values,
    offsets,
    inStock,
    seasonLengths,
    network: network === null ? null : packForecasts(network, horizon, network[0]?.levels ?? []),
  };
}

/** The batch that `packBatch` packed; values are views, not copies. */
export function unpackBatch(packed: PackedBatch): EnsembleBatch {
  const { horizon, levels, windowLength, isPooled } = packed;
  const { values, offsets, inStock, seasonLengths, network } = packed;
  const series: SeriesHistory[] = Array.from(seasonLengths, (seasonLength, i) => {
    const [from, to] = [offsets[i] ?? 0, offsets[i + 1] ?? 0];
    const history = { values: values.subarray(from, to), seasonLength };
    return inStock.length === 0
      ? history
      : { ...history, inStock: Array.from(inStock.subarray(from, to), (flag) => flag === 1) };
  });
  const forecasts = network === null ? null : unpackForecasts(network);
  return { series, horizon, levels, windowLength, isPooled, network: forecasts };
}

/** Packs the answers of a batch. */
export function packAnswer(
  answers: readonly EnsembleForecast[],
  horizon: number,
  levels: readonly number[],
): PackedAnswer {
  const memberNames = answers[0]?.members.map((member) => member.name) ?? [];
  return {
    forecasts: packForecasts(
      answers.map((answer) => answer.forecast),
      horizon,
      levels,
    ),
    memberNames,
    weights: Float64Array.from(answers.flatMap((answer) => answer.members.map((member) => member.weight))),
    scores: Float64Array.from(answers.flatMap((answer) => packAccuracy(answer.accuracy))),
  };
}

/** The answers that `packAnswer` packed. */
export function unpackAnswer(packed: PackedAnswer): readonly EnsembleForecast[] {
  const { memberNames, weights, scores } = packed;
  const width = memberNames.length;
  return unpackForecasts(packed.forecasts).map((forecast, i) => ({
    forecast,
    members: memberNames.map((name, k) => ({ name, weight: weights[i * width + k] ?? 0 })),
    accuracy: unpackAccuracy(scores.subarray(i * SCORE_COUNT, (i + 1) * SCORE_COUNT)),
  }));
}

/** The buffers of an answer or a batch that move instead of being copied. */
export function packedBuffers(packed: PackedBatch | PackedAnswer): ArrayBuffer[] {
  const arrays =
    'forecasts' in packed
      ? [packed.forecasts.quantiles, packed.forecasts.mean, packed.weights, packed.scores]
      : [packed.values, packed.offsets, packed.inStock, packed.seasonLengths, ...networkArrays(packed)];
  return arrays.map((array) => array.buffer);
}

function networkArrays({ network }: PackedBatch): Float64Array<ArrayBuffer>[] {
  return network === null ? [] : [network.quantiles, network.mean];
}

function packForecasts(
  forecasts: readonly QuantileForecast[],
  horizon: number,
  levels: readonly number[],
): PackedForecasts {
  const size = horizon * levels.length;
  const quantiles = new Float64Array(forecasts.length * size);
  const mean = new Float64Array(forecasts.length * horizon);
  for (const [i, forecast] of forecasts.entries()) {
    quantiles.set(forecast.quantiles.subarray(0, size), i * size);
    mean.set(forecast.mean.subarray(0, horizon), i * horizon);
  }
  return { horizon, levels, quantiles, mean };
}

function unpackForecasts({ horizon, levels, quantiles, mean }: PackedForecasts): QuantileForecast[] {
  const size = horizon * levels.length;
  return Array.from({ length: Math.floor(mean.length / horizon) }, (_, i) => ({
    horizon,
    levels,
    quantiles: quantiles.subarray(i * size, (i + 1) * size),
    mean: mean.subarray(i * horizon, (i + 1) * horizon),
  }));
}

function packAccuracy(accuracy: ForecastAccuracy | null): number[] {
  return accuracy === null
    ? new Array<number>(SCORE_COUNT).fill(Number.NaN)
    : [...packScores(accuracy), ...packScores(accuracy.baseline)];
}

function packScores({ wape, mase, bias, coverage80 }: ForecastScores): number[] {
  return [wape, mase, bias, coverage80].map((score) => score ?? Number.NaN);
}

function unpackAccuracy(scores: Float64Array): ForecastAccuracy | null {
  if (scores.every((score) => Number.isNaN(score))) return null;
  return { ...unpackScores(scores.subarray(0, 4)), baseline: unpackScores(scores.subarray(4)) };
}

function unpackScores(scores: Float64Array): ForecastScores {
  const [wape, mase, bias, coverage80] = Array.from(scores, (score) => (Number.isNaN(score) ? null : score));
  return { wape: wape ?? null, mase: mase ?? null, bias: bias ?? null, coverage80: coverage80 ?? null };
}
