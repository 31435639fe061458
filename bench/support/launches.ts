/** Products of Online Retail from their first sale on, for pretending that they were just launched. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { sampleQuantile } from '../../src/maths/quantiles.ts';

/** One product's sales; days count from 1970. */
export interface SoldProduct {
  readonly id: string;
  /** The description on its first invoice. */
  readonly text: string;
  /** Median price of its first week: about what the shop has set before it sells. */
  readonly price: number;
  readonly firstDay: number;
  /** Units from the first day to the last day that is read. */
  readonly units: Float64Array;
}

type Found = {
  readonly text: string;
  readonly days: Map<number, number>;
  readonly prices: { readonly day: number; readonly price: number }[];
};

/**
 * Reads goods (codes that start with five digits) up to `heldOutDays` before the end of the file, as
 * `readOnlineRetail` does. `lastDay` is the last day that is read.
 */
export function readSoldProducts(
  folder: string,
  heldOutDays: number,
): { readonly products: readonly SoldProduct[]; readonly lastDay: number } {
  const text = gunzipSync(readFileSync(join(folder, 'online_retail', 'online_retail.csv.gz')));
  const rows: string[][] = parse(text, { from_line: 2, relax_quotes: true });
  const found = new Map<string, Found>();
  let fileEnd = 0;
  for (const [invoice = '', code = '', description = '', quantity = '', date = '', price = ''] of rows) {
    const day = Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000);
    fileEnd = Math.max(fileEnd, day);
    if (!/^\d{5}/.test(code) || invoice.startsWith('C') || !(Number(quantity) > 0 && Number(price) > 0))
      continue;
    const product = found.get(code) ?? { text: description, days: new Map<number, number>(), prices: [] };
    found.set(code, product);
    product.days.set(day, (product.days.get(day) ?? 0) + Number(quantity));
    product.prices.push({ day, price: Number(price) });
  }
  const lastDay = fileEnd - heldOutDays;
  return { products: [...found].flatMap(([id, one]) => toProduct(id, one, lastDay)), lastDay };
}

function toProduct(id: string, { text, days, prices }: Found, lastDay: number): SoldProduct[] {
  const firstDay = Math.min(...days.keys());
  if (firstDay > lastDay) return [];
  const units = new Float64Array(lastDay - firstDay + 1);
  for (const [day, sold] of days) if (day <= lastDay) units[day - firstDay] = sold;
  const first = prices.filter(({ day }) => day < firstDay + 7).map(({ price }) => price);
  return [{ id, text, price: sampleQuantile(Float64Array.from(first).sort(), 0.5), firstDay, units }];
}
