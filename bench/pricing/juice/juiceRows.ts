import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** Brands of the set, numbered from 1. */
export const BRANDS = 11;
/** The last weeks that are forecast: a fifth of the 121 of the set, rounded up. */
export const TEST_WEEKS = 25;

/** What one store sold of one brand in one week of Dominick's orange juice. */
export interface JuiceRow {
  readonly store: number;
  readonly brand: number;
  readonly week: number;
  /** Natural logarithm of ounces. */
  readonly logUnits: number;
  /** Natural logarithms of the prices an ounce of all brands in this store and week. */
  readonly logPrices: readonly number[];
  /** Whether a coupon or a special price ran. */
  readonly deal: number;
  /** Share of the brand's sizes that were advertised, 0 to 1. */
  readonly feature: number;
}

/** Reads all rows, in the order of the file. */
export function readJuiceRows(folder: string): readonly JuiceRow[] {
  const text = gunzipSync(readFileSync(join(folder, 'orange_juice', 'sales.csv.gz')));
  const rows: Record<string, string>[] = parse(text, { columns: true });
  return rows.map((row) => ({
    store: Number(row.store),
    brand: Number(row.brand),
    week: Number(row.week),
    logUnits: Number(row.logmove),
    logPrices: Array.from({ length: BRANDS }, (_, k) => Math.log(Number(row[`price${k + 1}`]))),
    deal: Number(row.deal),
    feature: Number(row.feat),
  }));
}

/** Splits rows before the last `weeks` weeks from those in them. */
export function splitWeeks<Row extends { readonly week: number }>(
  rows: readonly Row[],
  weeks: number,
): { readonly train: readonly Row[]; readonly test: readonly Row[] } {
  const first = [...new Set(rows.map(({ week }) => week))].sort((a, b) => b - a)[weeks - 1] ?? 0;
  return { train: rows.filter(({ week }) => week < first), test: rows.filter(({ week }) => week >= first) };
}
