import { fromDayNumber } from '../../../forecasting/dayNumber.ts';

/** Lengths of a period that price histories are read in. */
export type HistoryFrequency = 'DAILY' | 'WEEKLY' | 'MONTHLY';

/**
 * Offsets from `firstDay` (days since 1970-01-01) where whole periods begin, and the one behind the last: every day; weeks that
 * end on the last day; calendar months, of which those that are not whole are left out.
 */
export function findBounds(firstDay: number, length: number, frequency: HistoryFrequency): number[] {
  const bounds: number[] = [];
  if (frequency === 'MONTHLY') {
    for (let day = 0; day <= length; day += 1)
      if (fromDayNumber(firstDay + day).endsWith('-01')) bounds.push(day);
    return bounds;
  }
  const step = frequency === 'WEEKLY' ? 7 : 1;
  for (let day = length % step; day <= length; day += step) bounds.push(day);
  return bounds;
}
