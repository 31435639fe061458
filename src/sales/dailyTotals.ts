import type { SalesRow } from './salesRow.ts';
import { findCommonPrice } from './usualPrice.ts';

/** What a batch sold of one article on one day. */
export type DailyTotal = {
  readonly sku: string;
  readonly day: number;
  readonly units: number;
  readonly returns: number;
  /** Units × price in ten-thousandths. */
  readonly revenue: bigint;
  /** The price that most rows of sale paid, in ten-thousandths; 0 where the day has returns only. */
  readonly commonPrice: number;
};

/** Adds up rows by article and day, ordered by article and day so that concurrent imports lock in one order. */
export function toDailyTotals(rows: readonly SalesRow[]): DailyTotal[] {
  const groups = new Map<string, SalesRow[]>();
  for (const row of rows) {
    const key = `${row.sku}\n${row.day}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map(toTotal).sort((a, b) => compare(a.sku, b.sku) || a.day - b.day);
}

function toTotal(rows: readonly SalesRow[]): DailyTotal {
  let [units, returns, revenue] = [0, 0, 0n];
  const prices: number[] = [];
  for (const row of rows) {
    if (row.kind === 'RETURN') returns += row.quantity;
    else {
      units += row.quantity;
      revenue += BigInt(row.quantity) * BigInt(row.price);
      prices.push(row.price);
    }
  }
  const { sku = '', day = 0 } = rows[0] ?? {};
  return { sku, day, units, returns, revenue, commonPrice: findCommonPrice(prices) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
