import type { Frequency } from '../generated/graphql.ts';
import { addPeriods } from './frequency.ts';
import type { HeardSeries } from './heardSeries.ts';
import type { SeriesCovariate, SeriesHistory } from './member.ts';
import { findSeasonLength } from './seasonLength.ts';

/** Frequencies that daily sales can be forecast in. */
export type SalesFrequency = Extract<Frequency, 'DAILY' | 'WEEKLY' | 'MONTHLY'>;

/** A history in periods, and the first day behind it. */
export type PeriodHistory = { readonly history: SeriesHistory; readonly startsOn: string };

/**
 * Adds daily sales up to whole periods: weeks that end on the last reported day, whole calendar months (a month
 * begun is left out). A period was in stock when all its days were; its signals are what was known at its end.
 */
export function toPeriodHistory(daily: HeardSeries, frequency: SalesFrequency): PeriodHistory {
  const dayCount = daily.values.length;
  if (dayCount === 0) return { history: { values: new Float64Array(), seasonLength: 1 }, startsOn: '' };
  const bounds = findBounds(daily, frequency);
  const periodCount = Math.max(0, bounds.length - 1);
  const values = new Float64Array(periodCount);
  const inStock = new Array<boolean>(periodCount).fill(true);
  for (let period = 0; period < periodCount; period += 1)
    for (let day = bounds[period] ?? 0; day < (bounds[period + 1] ?? dayCount); day += 1) {
      values[period] = (values[period] ?? 0) + (daily.values[day] ?? 0);
      if (daily.inStock[day] === false) inStock[period] = false;
    }
  const covariates = readSignals(daily, bounds);
  const history = {
    values,
    inStock,
    seasonLength: findSeasonLength(frequency, periodCount),
    ...(covariates.length > 0 && { covariates }),
  };
  return { history, startsOn: addPeriods(daily.start, 'DAILY', bounds.at(-1) ?? dayCount) };
}

/** The signals as they were known behind each period. */
function readSignals({ signals }: HeardSeries, bounds: readonly number[]): SeriesCovariate[] {
  if (signals === undefined) return [];
  const behind = (values: Float64Array) =>
    Float64Array.from(bounds.slice(1), (day) => values[day] ?? Number.NaN);
  return [
    { name: 'complaint_rate', values: behind(signals.complaintRate) },
    { name: 'sentiment', values: behind(signals.sentiment) },
  ];
}

/** Offsets in days where periods begin, and the offset behind the last one. */
function findBounds(daily: HeardSeries, frequency: SalesFrequency): number[] {
  const dayCount = daily.values.length;
  if (frequency === 'MONTHLY') return findMonthBounds(daily.start, dayCount);
  const step = frequency === 'WEEKLY' ? 7 : 1;
  const bounds: number[] = [];
  for (let day = dayCount % step; day <= dayCount; day += step) bounds.push(day);
  return bounds;
}

function findMonthBounds(start: string, dayCount: number): number[] {
  const first = new Date(`${start}T00:00:00Z`);
  const bounds: number[] = [];
  for (let day = 0; day <= dayCount; day += 1) {
    const date = new Date(first);
    date.setUTCDate(first.getUTCDate() + day);
    if (date.getUTCDate() === 1) bounds.push(day);
  }
  return bounds;
}
