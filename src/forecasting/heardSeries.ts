import type { DemandSeries } from '../sales/service.ts';
import type { SignalRow } from '../signals/service.ts';
import { toDayNumber } from './dayNumber.ts';

/**
 * What was known from texts in the morning of each day and of the day behind the last, `[days + 1]`: the signal of the
 * last week, Monday to Sunday, that was over; NaN = unknown.
 */
export type DailySignals = { readonly complaintRate: Float64Array; readonly sentiment: Float64Array };

/** Daily demand with what was written about the variant; absent where nothing ever was. */
export type HeardSeries = DemandSeries & { readonly signals?: DailySignals };

/** Monday, as day numbers are counted from Thursday 1970-01-01. */
const firstMonday = 4;

/**
 * Joins weekly signals, oldest first, to daily demand. A week without an entry, behind one with, had no complaints and
 * nobody's sentiment; weeks before the first entry are unknown.
 */
export function hearSignals<Series extends DemandSeries>(
  daily: Series,
  rows: readonly SignalRow[],
): Series & HeardSeries {
  const [first] = rows;
  if (first === undefined || daily.start === '') return daily;
  const weeks = new Map(rows.map((row) => [weekOf(toDayNumber(row.weekStartsOn)), row]));
  const [start, firstWeek] = [toDayNumber(daily.start), weekOf(toDayNumber(first.weekStartsOn))];
  const read = (pick: (row: SignalRow | undefined) => number | null) =>
    Float64Array.from({ length: daily.values.length + 1 }, (_, day) => {
      const week = weekOf(start + day) - 1;
      return week < firstWeek ? Number.NaN : (pick(weeks.get(week)) ?? Number.NaN);
    });
  const signals = {
    complaintRate: read((row) => row?.complaintRate ?? 0),
    sentiment: read((row) => row?.sentiment ?? null),
  };
  return { ...daily, signals };
}

function weekOf(day: number): number {
  return Math.floor((day - firstMonday) / 7);
}
