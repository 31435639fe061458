/** Histories as a few flat arrays, so that they cross to a worker thread without copying objects. */

import { INFLUENCES } from './covariateEffects.ts';
import type { SeriesCovariate, SeriesHistory } from './member.ts';

/** S series behind each other. */
export interface PackedSeries {
  /** Periods that covariates reach beyond the values. */
  readonly horizon: number;
  /** All values behind each other; series i has `[offsets[i], offsets[i + 1])`. */
  readonly values: Float64Array<ArrayBuffer>;
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** Same length as `values`: 1 in stock, 0 limited by stock; empty when no series says. */
  readonly inStock: Uint8Array<ArrayBuffer>;
  /** `[S]` */
  readonly seasonLengths: Uint32Array<ArrayBuffer>;
  /** Influences that any series has. */
  readonly covariates: readonly PackedCovariate[];
}

/** One influence on all series: series i has `[offsets[i] + i·horizon, offsets[i + 1] + (i + 1)·horizon)`, NaN = unknown. */
interface PackedCovariate {
  readonly name: string;
  readonly values: Float64Array<ArrayBuffer>;
}

/** Packs series, of their covariates those that have effects. */
export function packSeries(series: readonly SeriesHistory[], horizon: number): PackedSeries {
  const offsets = new Uint32Array(series.length + 1);
  for (const [i, { values }] of series.entries()) offsets[i + 1] = (offsets[i] ?? 0) + values.length;
  const total = offsets[series.length] ?? 0;
  const values = new Float64Array(total);
  const isCensored = series.some(({ inStock }) => inStock !== undefined);
  const inStock = new Uint8Array(isCensored ? total : 0).fill(1);
  for (const [i, history] of series.entries()) {
    const offset = offsets[i] ?? 0;
    values.set(history.values, offset);
    const flags = history.inStock ?? [];
    for (let t = 0; t < flags.length; t += 1) inStock[offset + t] = flags[t] === true ? 1 : 0;
  }
  const seasonLengths = Uint32Array.from(series, (history) => history.seasonLength);
  const covariates = INFLUENCES.flatMap(({ name }) => packCovariate(series, name, { offsets, horizon }));
  return { horizon, values, offsets, inStock, seasonLengths, covariates };
}

/** The series that `packSeries` packed; values are views, not copies. */
export function unpackSeries(packed: PackedSeries): readonly SeriesHistory[] {
  const { values, offsets, inStock, seasonLengths } = packed;
  return Array.from(seasonLengths, (seasonLength, i) => {
    const [from, to] = [offsets[i] ?? 0, offsets[i + 1] ?? 0];
    const covariates = unpackCovariates(packed, i);
    const flags = unpackFlags(inStock.subarray(from, to));
    return {
      values: values.subarray(from, to),
      seasonLength,
      ...(flags === null ? {} : { inStock: flags }),
      ...(covariates.length === 0 ? {} : { covariates }),
    };
  });
}

/** The buffers behind packed series. */
export function seriesBuffers({
  values,
  offsets,
  inStock,
  seasonLengths,
  covariates,
}: PackedSeries): ArrayBuffer[] {
  const arrays = [
    values,
    offsets,
    inStock,
    seasonLengths,
    ...covariates.map((covariate) => covariate.values),
  ];
  return arrays.map((array) => array.buffer);
}

/** Null where the series was always in stock. */
function unpackFlags(packed: Uint8Array): boolean[] | null {
  if (!packed.includes(0)) return null;
  const flags = new Array<boolean>(packed.length);
  for (let t = 0; t < flags.length; t += 1) flags[t] = packed[t] === 1;
  return flags;
}

function packCovariate(
  series: readonly SeriesHistory[],
  name: string,
  { offsets, horizon }: { readonly offsets: Uint32Array; readonly horizon: number },
): PackedCovariate[] {
  const given = series.map(
    ({ covariates }) => covariates?.find((covariate) => covariate.name === name)?.values,
  );
  if (given.every((values) => values === undefined)) return [];
  const values = new Float64Array((offsets[series.length] ?? 0) + series.length * horizon).fill(Number.NaN);
  for (const [i, known] of given.entries()) {
    const length = (offsets[i + 1] ?? 0) - (offsets[i] ?? 0) + horizon;
    if (known !== undefined) values.set(known.subarray(0, length), (offsets[i] ?? 0) + i * horizon);
  }
  return [{ name, values }];
}

function unpackCovariates(
  { covariates, offsets, horizon }: PackedSeries,
  i: number,
): readonly SeriesCovariate[] {
  const from = (offsets[i] ?? 0) + i * horizon;
  const to = (offsets[i + 1] ?? 0) + (i + 1) * horizon;
  return covariates
    .map(({ name, values }) => ({ name, values: values.subarray(from, to) }))
    .filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}
