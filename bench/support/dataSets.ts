/** The evaluation sets: five published tasks and Online Retail by day and week, read from the data folder. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { SeasonFrequency } from '../../src/forecasting/seasonLength.ts';

/**
 * One series with what is known (`train`) and what is to be forecast (`test`, horizon values; NaN = missing).
 */
export interface EvaluationSeries {
  readonly id: string;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/** Series of one kind that are forecast and scored together. */
export interface EvaluationSet {
  readonly name: string;
  readonly frequency: SeasonFrequency;
  readonly horizon: number;
  readonly seasonLength: number;
  readonly series: readonly EvaluationSeries[];
}

/** Scores of the published models on one task. */
export interface PublishedScore {
  readonly task: string;
  readonly model: string;
  readonly wql: number;
  readonly mase: number;
}

/** Names of the five published tasks. */
export const PUBLISHED_TASKS = ['car_parts', 'm1_quarterly', 'm3_monthly', 'm3_yearly', 'tourism_quarterly'];

const FREQUENCIES: Readonly<Record<string, SeasonFrequency>> = { M: 'MONTHLY', Q: 'QUARTERLY', Y: 'YEARLY' };

interface SeriesLine {
  readonly id: string;
  readonly freq: string;
  readonly horizon: number;
  readonly seasonality: number;
  readonly train: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

/** The folder of shared data: SUPPLYGRAPH_DATA, or `../shared/data` beside the project; null when absent. */
export function findDataFolder(): string | null {
  const folder = process.env.SUPPLYGRAPH_DATA ?? '../shared/data';
  return existsSync(join(folder, 'series')) ? folder : null;
}

/** Reads one of the five published tasks. */
export function readPublishedTask(folder: string, name: string): EvaluationSet {
  const text = gunzipSync(readFileSync(join(folder, 'series', `${name}.jsonl.gz`))).toString('utf8');
  const lines = text.split('\n').filter((line) => line.length > 0);
  // The file's shape is documented beside it; a wrong one fails the check against the published figures.
  const items = lines.map((line) => JSON.parse(line) as SeriesLine);
  return {
    name,
    frequency: FREQUENCIES[items[0]?.freq ?? 'M'] ?? 'MONTHLY',
    horizon: items[0]?.horizon ?? 1,
    seasonLength: items[0]?.seasonality ?? 1,
    series: items.map((item) => ({ id: item.id, train: toValues(item.train), test: toValues(item.test) })),
  };
}

/** Reads the published scores of 21 models on the five tasks. */
export function readPublishedScores(folder: string): readonly PublishedScore[] {
  const rows: string[][] = parse(readFileSync(join(folder, 'series', 'published_scores.csv')), {
    from_line: 2,
  });
  return rows.map((row) => ({
    task: row[0] ?? '',
    model: row[1] ?? '',
    wql: Number(row[4]),
    mase: Number(row[5]),
  }));
}

/**
 * Builds Online Retail's demand by stock code: goods are codes that start with five digits; a sale is a row
 * that is no cancellation with positive quantity and price; a series runs from its first sale to the file's
 * last day. Daily with 28 days held out, weekly (7-day bins that end on the last day) with 8 weeks held out;
 * series with at least two horizons of history.
 */
export function readOnlineRetail(folder: string): readonly EvaluationSet[] {
  const { sales, lastDay } = readDailySales(folder);
  return [
    buildRetailSet('online_retail_daily', sales, { lastDay, daysPerPeriod: 1, horizon: 28 }),
    buildRetailSet('online_retail_weekly', sales, { lastDay, daysPerPeriod: 7, horizon: 8 }),
  ];
}

/** Moves the cut back by `steps` horizons inside `train`, so that the test part stays unseen. */
export function shiftToValidation(set: EvaluationSet, steps: number): EvaluationSet {
  const shifted = set.series.map(({ id, train }) => {
    const cut = train.length - steps * set.horizon;
    return { id, train: train.subarray(0, Math.max(0, cut)), test: train.subarray(cut, cut + set.horizon) };
  });
  return { ...set, series: shifted.filter((series) => series.train.length >= Math.min(set.horizon, 8)) };
}

function toValues(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

/** Units by stock code and day number. */
function readDailySales(folder: string): { sales: Map<string, Map<number, number>>; lastDay: number } {
  const text = gunzipSync(readFileSync(join(folder, 'online_retail', 'online_retail.csv.gz')));
  const sales = new Map<string, Map<number, number>>();
  let lastDay = 0;
  const rows: string[][] = parse(text, { from_line: 2, relax_quotes: true });
  for (const [invoice = '', code = '', , quantity = '', date = '', price = ''] of rows) {
    const day = Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000);
    lastDay = Math.max(lastDay, day);
    if (!/^\d{5}/.test(code) || invoice.startsWith('C') || !(Number(quantity) > 0 && Number(price) > 0))
      continue;
    const byDay = sales.get(code) ?? new Map<number, number>();
    byDay.set(day, (byDay.get(day) ?? 0) + Number(quantity));
    sales.set(code, byDay);
  }
  return { sales, lastDay };
}

function buildRetailSet(
  name: string,
  sales: ReadonlyMap<string, ReadonlyMap<number, number>>,
  shape: { readonly lastDay: number; readonly daysPerPeriod: number; readonly horizon: number },
): EvaluationSet {
  const { lastDay, daysPerPeriod, horizon } = shape;
  const series: EvaluationSeries[] = [];
  for (const [id, byDay] of sales) {
    const firstDay = Math.min(...byDay.keys());
    const periods = Math.floor((lastDay - firstDay + 1) / daysPerPeriod);
    if (periods < 3 * horizon) continue;
    const values = new Float64Array(periods);
    for (const [day, units] of byDay) {
      const period = periods - 1 - Math.floor((lastDay - day) / daysPerPeriod);
      if (period >= 0) values[period] = (values[period] ?? 0) + units;
    }
    const cut = periods - horizon;
    series.push({ id, train: values.subarray(0, cut), test: values.subarray(cut) });
  }
  const frequency = daysPerPeriod === 1 ? 'DAILY' : 'WEEKLY';
  return { name, frequency, horizon, seasonLength: daysPerPeriod === 1 ? 7 : 52, series };
}
