import { fromDayNumber, toDayNumber } from '../forecasting/dayNumber.ts';
import { addPeriods } from '../forecasting/frequency.ts';
import type { Frequency } from '../generated/graphql.ts';

/** Most periods that a markdown may last. */
export const mostMarkdownPeriods = 64;

/**
 * First days 'YYYY-MM-DD' of the whole periods after the one that begins on `lastDay` and up to `endDay`, at most one more than a
 * markdown may last.
 */
export function listMarkdownPeriods(lastDay: number, endDay: number, frequency: Frequency): string[] {
  const last = fromDayNumber(lastDay);
  const starts: string[] = [];
  for (let period = 1; period <= mostMarkdownPeriods + 1; period += 1) {
    if (toDayNumber(addPeriods(last, frequency, period + 1)) - 1 > endDay) break;
    starts.push(addPeriods(last, frequency, period));
  }
  return starts;
}
