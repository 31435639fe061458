import { toDayNumber } from './calendarDay.ts';
import type { PackedPaidDemand } from './paidDemandRepository.ts';

/** What was sold of a variant over all warehouses and what was paid, every day from the first sale to the last reported day. */
export type PaidDemand = {
  readonly variantId: number;
  /** Days since 1970-01-01 of the first entry. */
  readonly firstDay: number;
  /** Units sold, returns not deducted. */
  readonly units: Float64Array;
  /** Units × paid price, returns not deducted, in the variant's currency. */
  readonly revenue: Float64Array;
  /** Price without any promotion, the highest of the warehouses; NaN where sales do not tell. */
  readonly regularPrice: Float64Array;
  /** False where a warehouse reported a stock-out. */
  readonly inStock: readonly boolean[];
  /** True where a sale ran under a promotion in any warehouse. */
  readonly promoted: readonly boolean[];
};

/** Unpacks the sales of a variant into one entry a day. */
export function toPaidDemand(row: PackedPaidDemand): PaidDemand {
  const firstDay = toDayNumber(row.firstDay);
  const length = toDayNumber(row.lastDay) - firstDay + 1;
  const units = new Float64Array(length);
  const revenue = new Float64Array(length);
  const regularPrice = new Float64Array(length).fill(Number.NaN);
  const [soldUnits, paid, listPrices] = [row.units, row.revenue, row.listPrices].map(splitNumbers);
  for (const [index, day] of splitNumbers(row.days).entries()) {
    const price = listPrices?.[index] ?? 0;
    units[day] = (units[day] ?? 0) + (soldUnits?.[index] ?? 0);
    revenue[day] = (revenue[day] ?? 0) + (paid?.[index] ?? 0);
    if (price > 0 && !(price < (regularPrice[day] ?? price))) regularPrice[day] = price;
  }
  const inStock = new Array<boolean>(length).fill(true);
  for (const day of splitNumbers(row.emptyDays)) inStock[day] = false;
  const promoted = new Array<boolean>(length).fill(false);
  for (const day of splitNumbers(row.promotedDays)) promoted[day] = true;
  return { variantId: row.variantId, firstDay, units, revenue, regularPrice, inStock, promoted };
}

function splitNumbers(list: string | null): number[] {
  return list === null || list === '' ? [] : list.split(',').map(Number);
}
