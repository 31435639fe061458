import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';

/** As much of a forecast as tells which days it has. */
export type Dated = Pick<ForecastRow, 'startsOn' | 'frequency'> & {
  readonly forecast: { readonly horizon: number };
};

/** Series whose last reported day lies more than this behind the latest are not added up with the others, in days. */
export const maximumLagDays = 28;

/** Forecasts on one calendar: they share the periods from `startsOn` on. */
export type Alignment = {
  /** First day that all have, 'YYYY-MM-DD'. */
  readonly startsOn: string;
  /** Periods that all have. */
  readonly horizon: number;
  /** Period of each forecast that is the first of all; null where it lags too much, or there is no forecast. */
  readonly offsets: readonly (number | null)[];
};

/**
 * Aligns forecasts of one frequency on the latest start: warehouses report on different days, so their forecasts begin
 * on different days. Weeks that begin on other days count as the week that they share most days with. Null where there
 * is no forecast.
 */
export function alignStarts(rows: readonly (Dated | null)[]): Alignment | null {
  const startsOn = rows
    .flatMap((row) => row?.startsOn ?? [])
    .sort()
    .at(-1);
  if (startsOn === undefined) return null;
  const offsets = rows.map((row) => {
    if (row?.startsOn == null || toDayNumber(startsOn) - toDayNumber(row.startsOn) > maximumLagDays)
      return null;
    return periodsBetween(row.startsOn, startsOn, row.frequency);
  });
  const lengths = rows.flatMap((row, index) => {
    const offset = offsets[index] ?? null;
    return row === null || offset === null ? [] : [row.forecast.horizon - offset];
  });
  return { startsOn, horizon: Math.min(...lengths), offsets };
}

function periodsBetween(from: string, to: string, frequency: ForecastRow['frequency']): number {
  if (frequency === 'MONTHLY') return monthOf(to) - monthOf(from);
  const days = toDayNumber(to) - toDayNumber(from);
  return frequency === 'WEEKLY' ? Math.round(days / 7) : days;
}

function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}
