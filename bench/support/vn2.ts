/** The VN2 inventory challenge's file, read from the data folder. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { RecordedDemand } from '../../src/replenishment/simulation/walkForward.ts';
import { numberWeeks } from '../../src/replenishment/simulation/weekOfYear.ts';
import type { EvaluationSet } from './dataSets.ts';

/** The file's demand and the first day of every week. */
export interface Vn2Data {
  readonly recorded: RecordedDemand;
  readonly weeks: readonly string[];
}

const msPerDay = 86_400_000;
const testWeeks = 8;

/** Reads sales, in-stock flags and the groups of the master table (store and department). */
export function readVn2(dataFolder: string): Vn2Data {
  const [header = [], ...rows] = readTable(dataFolder, 'sales');
  const flags = new Map(readTable(dataFolder, 'in_stock').map((row) => [keyOf(row), row.slice(2)]));
  const [masterHeader = [], ...master] = readTable(dataFolder, 'master');
  const department = masterHeader.indexOf('Department');
  const departments = new Map(master.map((row) => [keyOf(row), row[department] ?? '']));
  const weeks = header.slice(2);
  const items = rows.map((row) => ({
    id: keyOf(row),
    groups: [`store:${row[0]}`, `department:${departments.get(keyOf(row))}`],
  }));
  const recorded = {
    items,
    periods: weeks.length,
    demand: Float64Array.from(rows.flatMap((row) => row.slice(2).map(Number))),
    inStock: Uint8Array.from(
      rows.flatMap((row) => (flags.get(keyOf(row)) ?? []).map((flag) => Number(flag === 'True'))),
    ),
    seasonPositions: numberWeeks(Date.parse(weeks[0] ?? '') / msPerDay, weeks.length),
  };
  return { recorded, weeks };
}

/**
 * The file as a set of weekly series whose last eight weeks are to be forecast; a week in which stock limited sales is
 * missing.
 */
export function readVn2Set(dataFolder: string): EvaluationSet {
  const { items, periods, demand, inStock } = readVn2(dataFolder).recorded;
  const known = demand.map((units, cell) => (inStock[cell] === 1 ? units : Number.NaN));
  const cut = periods - testWeeks;
  const series = items.map(({ id }, index) => {
    const values = known.subarray(index * periods, (index + 1) * periods);
    return { id, train: values.subarray(0, cut), test: values.subarray(cut) };
  });
  return { name: 'vn2_weekly', frequency: 'WEEKLY', horizon: testWeeks, seasonLength: 52, series };
}

function readTable(dataFolder: string, name: string): string[][] {
  return parse(gunzipSync(readFileSync(join(dataFolder, 'vn2', `${name}.csv.gz`))));
}

function keyOf(row: readonly string[]): string {
  return `${row[0]}/${row[1]}`;
}
