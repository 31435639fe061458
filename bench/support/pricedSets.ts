/** Weekly sales with prices and promotions: Dominick's orange juice and Complete Journey, from the data folder. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** One series, all lists of equal length, oldest first. */
export interface PricedSeries {
  /** Units a week, NaN = not recorded. */
  readonly units: Float64Array;
  /** Price paid, or price over regular price; NaN = unknown. */
  readonly price: Float64Array;
  /** 1 = deal or feature, NaN = unknown. */
  readonly promotion: Float64Array;
}

type Row = Readonly<Record<string, string>>;

const JUICE_SHARE = 6;
const JUICE_OUNCES = 64;
const JOURNEY_WEEKS = 52;
const JOURNEY_FEWEST_UNITS = 150;

/** Every sixth store and brand of orange juice, about 150 series of up to 121 weeks; a unit is 64 ounces. */
export function readOrangeJuice(folder: string): readonly PricedSeries[] {
  const groups = new Map<string, Row[]>();
  for (const row of readRows(folder, 'orange_juice/sales.csv.gz')) {
    const key = `${row.store}/${row.brand}`;
    const rows = groups.get(key) ?? [];
    groups.set(key, rows);
    rows.push(row);
  }
  return [...groups.values()].filter((_, i) => i % JUICE_SHARE === 0).map(toJuiceSeries);
}

/** Weekly units of product types with at least 150 units in the year, fuel left out, with paid over full price. */
export function readCompleteJourney(folder: string): readonly PricedSeries[] {
  const types = new Map(
    readRows(folder, 'complete_journey/products.csv.gz')
      .filter((row) => !row.product_type?.startsWith('GASOLINE'))
      .map((row) => [row.product_id, row.product_type]),
  );
  const sums = new Map<string, { units: Float64Array; paid: Float64Array; full: Float64Array }>();
  for (const row of readRows(folder, 'complete_journey/transactions_sample.csv.gz')) {
    const type = types.get(row.product_id) ?? '';
    const week = Number(row.week) - 1;
    if (type === '' || week < 0 || week >= JOURNEY_WEEKS) continue;
    const make = () => new Float64Array(JOURNEY_WEEKS);
    const sum = sums.get(type) ?? { units: make(), paid: make(), full: make() };
    sums.set(type, sum);
    sum.units[week] = (sum.units[week] ?? 0) + Number(row.quantity);
    sum.paid[week] = (sum.paid[week] ?? 0) + Number(row.sales_value);
    sum.full[week] = (sum.full[week] ?? 0) + Number(row.sales_value) + Number(row.retail_disc);
  }
  return [...sums.values()]
    .filter(({ units }) => units.reduce((total, value) => total + value, 0) > JOURNEY_FEWEST_UNITS)
    .map(({ units, paid, full }) => ({
      units,
      price: paid.map((value, week) => (full[week] ? value / (full[week] ?? 1) : Number.NaN)),
      promotion: new Float64Array(JOURNEY_WEEKS).fill(Number.NaN),
    }));
}

function readRows(folder: string, file: string): Row[] {
  return parse(gunzipSync(readFileSync(join(folder, file))), { columns: true });
}

function toJuiceSeries(rows: readonly Row[]): PricedSeries {
  const weeks = rows.map((row) => Number(row.week));
  const first = Math.min(...weeks);
  const make = () => new Float64Array(Math.max(...weeks) - first + 1).fill(Number.NaN);
  const series = { units: make(), price: make(), promotion: make() };
  for (const row of rows) {
    const week = Number(row.week) - first;
    series.units[week] = Math.round(Math.exp(Number(row.logmove)) / JUICE_OUNCES);
    series.price[week] = Number(row[`price${row.brand}`]);
    series.promotion[week] = Number(row.deal) > 0 || Number(row.feat) > 0.5 ? 1 : 0;
  }
  return series;
}
