import { toDayNumber } from '../../../forecasting/dayNumber.ts';
import type { WeeklySignal } from '../../../signals/service.ts';

/** Complaints a day and mean sentiment, an entry a sample; NaN = unknown. */
export type SampledSignals = { readonly complaintRate: Float64Array; readonly sentiment: Float64Array };

/** A Monday, as days are counted from Thursday 1970-01-01. */
const someMonday = 4;

/**
 * What was known from texts at the end of each of `days` (since 1970-01-01): of the last week, Monday to Sunday, that was over by
 * then. A week without an entry, behind one with, had no complaints and nobody's sentiment; weeks before the first entry, and
 * behind the last, are unknown: nobody may have listened any more.
 */
export function sampleSignals(weeks: readonly WeeklySignal[], days: readonly number[]): SampledSignals {
  const byWeek = new Map(weeks.map((week) => [weekOf(toDayNumber(week.weekStartsOn)), week]));
  const [first, last] = [Math.min(...byWeek.keys()), Math.max(...byWeek.keys())];
  const read = (pick: (week: WeeklySignal | undefined) => number | null) =>
    Float64Array.from(days, (day) => {
      const week = weekOf(day + 1) - 1;
      return week < first || week > last ? Number.NaN : (pick(byWeek.get(week)) ?? Number.NaN);
    });
  return {
    complaintRate: read((week) => (week?.complaints ?? 0) / 7),
    sentiment: read((week) => week?.sentiment ?? null),
  };
}

function weekOf(day: number): number {
  return Math.floor((day - someMonday) / 7);
}
