import { badInput } from '../errors.ts';
import { addAmounts, trimDecimals } from '../exactMoney.ts';
import type { SalesInterval } from '../generated/graphql.ts';
import { firstDayOfMonth, fromDayNumber, mondayOf, monthOf, toDayNumber } from './calendarDay.ts';

/** Which days to report, in periods of which length; absent ends are filled from the last reported day. */
export type PeriodRange = {
  readonly from: string | null;
  readonly to: string | null;
  readonly interval: SalesInterval;
};

/** Sales of one period; `revenue` holds one entry a currency, exact decimals. */
export type SalesPeriodRow = {
  readonly periodStart: string;
  readonly units: number;
  readonly returns: number;
  readonly revenue: readonly { readonly amount: string; readonly currencyCode: string }[];
  readonly inStock: boolean;
};

/** Sales of one day or longer as the store yields them; lists are comma-separated texts of equal length. */
export type PackedSales = {
  /** First and last day reported, or null where none is. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  /** Day numbers since `firstDay`. */
  readonly days: string | null;
  readonly units: string | null;
  readonly returns: string | null;
  readonly revenue: string | null;
  /** Days since `firstDay` with a stock-out, or null where there was none. */
  readonly emptyDays: string | null;
};

/** Most periods of one list. */
export const maximumPeriods = 1_100;
const firstMonday = mondayOf(0);

/** Periods reported where `from` is absent. */
export const defaultPeriods = 90;

/** Throws BAD_USER_INPUT when the range is backward or has more than 1,100 periods. */
export function checkPeriodRange({ from, to, interval }: PeriodRange): void {
  if (from === null || to === null) return;
  if (from > to) throw badInput(`from must not be later than to, got ${from} and ${to}.`, ['from']);
  const count = countPeriods(interval, toDayNumber(from), toDayNumber(to));
  if (count > maximumPeriods)
    throw badInput(`from and to must span at most ${maximumPeriods} periods, got ${count}.`, ['from']);
}

/** Number of periods that a span of days touches, both ends inclusive. */
export function countPeriods(interval: SalesInterval, firstDay: number, lastDay: number): number {
  return indexOf(interval, lastDay) - indexOf(interval, firstDay) + 1;
}

/**
 * Spreads packed sales over their periods, without gaps, oldest first. A period that the range cuts holds only the
 * days inside; its `periodStart` is still the Monday or the first of the month.
 */
export function toPeriods(
  packed: PackedSales,
  interval: SalesInterval,
  currencyCode: string | null,
): SalesPeriodRow[] {
  if (packed.firstDay === null || packed.lastDay === null || packed.firstDay > packed.lastDay) return [];
  const firstDay = toDayNumber(packed.firstDay);
  const count = countPeriods(interval, firstDay, toDayNumber(packed.lastDay));
  if (count > maximumPeriods)
    throw badInput(`from and to must span at most ${maximumPeriods} periods, got ${count}.`, ['from']);
  const start = indexOf(interval, firstDay);
  const periodOf = (day: number) => indexOf(interval, firstDay + day) - start;
  const sums = sumPeriods(packed, count, periodOf);
  const rows: SalesPeriodRow[] = [];
  for (let period = 0; period < count; period += 1)
    rows.push({
      periodStart: startOf(interval, start + period),
      units: sums.units[period] ?? 0,
      returns: sums.returns[period] ?? 0,
      revenue:
        currencyCode === null
          ? []
          : [{ amount: trimDecimals(sums.amounts[period] ?? '0.0000'), currencyCode }],
      inStock: sums.isEmpty[period] === 0,
    });
  return rows;
}

/** Adds up lists of periods that begin and end alike, one currency each, into one with all currencies. */
export function mergeCurrencies(lists: readonly (readonly SalesPeriodRow[])[]): SalesPeriodRow[] {
  const [first = [], ...others] = lists;
  return first.map((period, index) => {
    const all = [period, ...others.map((list) => list[index] ?? period)];
    return {
      periodStart: period.periodStart,
      units: all.reduce((sum, { units }) => sum + units, 0),
      returns: all.reduce((sum, { returns }) => sum + returns, 0),
      revenue: all.flatMap(({ revenue }) => revenue),
      inStock: all.every(({ inStock }) => inStock),
    };
  });
}

function indexOf(interval: SalesInterval, day: number): number {
  if (interval === 'DAY') return day;
  return interval === 'WEEK' ? (mondayOf(day) - firstMonday) / 7 : monthOf(day);
}

function startOf(interval: SalesInterval, index: number): string {
  if (interval === 'DAY') return fromDayNumber(index);
  return fromDayNumber(interval === 'WEEK' ? firstMonday + index * 7 : firstDayOfMonth(index));
}

function sumPeriods(packed: PackedSales, count: number, periodOf: (day: number) => number) {
  const sums = {
    units: new Float64Array(count),
    returns: new Float64Array(count),
    amounts: new Array<string | undefined>(count),
    isEmpty: new Uint8Array(count),
  };
  const units = readNumbers(packed.units);
  const returns = readNumbers(packed.returns);
  const amounts = packed.revenue === null ? [] : packed.revenue.split(',');
  readNumbers(packed.days).forEach((day, index) => {
    const period = periodOf(day);
    sums.units[period] = (sums.units[period] ?? 0) + (units[index] ?? 0);
    sums.returns[period] = (sums.returns[period] ?? 0) + (returns[index] ?? 0);
    const sum = sums.amounts[period];
    const amount = amounts[index] ?? '0.0000';
    sums.amounts[period] = sum === undefined ? amount : addAmounts(sum, amount);
  });
  for (const day of readNumbers(packed.emptyDays)) sums.isEmpty[periodOf(day)] = 1;
  return sums;
}

function readNumbers(list: string | null): number[] {
  return list === null ? [] : JSON.parse(`[${list}]`);
}
