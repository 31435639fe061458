/**
 * A batch of the ensemble as a few flat arrays, so that it crosses to a worker thread without copying
 * objects.
 */

import type { ForecastAccuracy, ForecastScores } from './accuracy.ts';
import { type CovariateInfluence, INFLUENCES } from './covariateEffects.ts';
import type { EnsembleBatch, EnsembleForecast } from './ensemble.ts';
import type { QuantileForecast } from './member.ts';
import { type PackedSeries, packSeries, seriesBuffers, unpackSeries } from './seriesPacking.ts';

/** Forecasts of equal horizon and levels behind each other. */
export interface PackedForecasts {
  readonly horizon: number;
  readonly levels: readonly number[];
  /** `[N × H × Q]` row-major. */
  readonly quantiles: Float64Array<ArrayBuffer>;
  /** `[N × H]` row-major. */
  readonly mean: Float64Array<ArrayBuffer>;
}

/** What the worker needs: the series and the network's forecasts of all rows. */
export interface PackedBatch {
  readonly series: PackedSeries;
  readonly levels: readonly number[];
  readonly windowLength: number | undefined;
  readonly isPooled: boolean | undefined;
  /** In the order of `planRows`; null without a network. */
  readonly network: PackedForecasts | null;
}

/** What the worker answers: S forecasts with M members' weights and eight scores each. */
export interface PackedAnswer {
  readonly forecasts: PackedForecasts;
  readonly memberNames: readonly string[];
  /** `[S × M]` row-major. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** `[S × 2K]`: coefficient and standard error of each of `INFLUENCES`; NaN = the series has it not. */
  readonly influences: Float64Array<ArrayBuffer>;
  /** `[S × 8]`: wape, mase, bias, coverage80, then the baseline's; NaN = null, a row of NaN = no accuracy. */
  readonly scores: Float64Array<ArrayBuffer>;
}

const SCORE_COUNT = 8;
const INFLUENCE_COUNT = 2 * INFLUENCES.length;

/** Packs a batch. */
export function packBatch(batch: EnsembleBatch): PackedBatch {
  const { series, horizon, levels, windowLength, isPooled, network } = batch;
  return {
    series: packSeries(series, horizon),
    levels,
    windowLength,
    isPooled,
    network: network === null ? null : packForecasts(network, horizon, network[0]?.levels ?? []),
  };
}

/** The batch that `packBatch` packed; values are views, not copies. */
export function unpackBatch(packed: PackedBatch): EnsembleBatch {
  const { series, network, ...rest } = packed;
  return {
    ...rest,
    horizon: series.horizon,
    series: unpackSeries(series),
    network: network === null ? null : unpackForecasts(network),
  };
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
    influences: Float64Array.from(answers.flatMap((answer) => packInfluences(answer.influences))),
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
    influences: unpackInfluences(packed.influences.subarray(i * INFLUENCE_COUNT, (i + 1) * INFLUENCE_COUNT)),
    accuracy: unpackAccuracy(scores.subarray(i * SCORE_COUNT, (i + 1) * SCORE_COUNT)),
  }));
}

/** The buffers of a batch that move instead of being copied. */
export function batchBuffers({ series, network }: PackedBatch): ArrayBuffer[] {
  return network === null
    ? seriesBuffers(series)
    : [...seriesBuffers(series), network.quantiles.buffer, network.mean.buffer];
}

/** The buffers of an answer that move instead of being copied. */
export function answerBuffers({ forecasts, weights, influences, scores }: PackedAnswer): ArrayBuffer[] {
  return [forecasts.quantiles, forecasts.mean, weights, influences, scores].map((array) => array.buffer);
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

function packInfluences(influences: readonly CovariateInfluence[]): number[] {
  return INFLUENCES.flatMap(({ name }) => {
    const found = influences.find((influence) => influence.name === name);
    return [found?.coefficient ?? Number.NaN, found?.standardError ?? Number.NaN];
  });
}

function unpackInfluences(packed: Float64Array): CovariateInfluence[] {
  return INFLUENCES.map(({ name }, k) => ({
    name,
    coefficient: packed[2 * k] ?? Number.NaN,
    standardError: packed[2 * k + 1] ?? Number.NaN,
  })).filter(({ coefficient }) => !Number.isNaN(coefficient));
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
