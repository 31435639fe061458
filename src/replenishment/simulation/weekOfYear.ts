const msPerDay = 86_400_000;
/** Weeks after the last one recorded whose numbers policies need. */
const weeksAhead = 64;

/**
 * Number of the week of the year, 1 to 53, that begins on a day (milliseconds since 1970-01-01): ISO 8601's for a Monday;
 * for another day, by the same rule, the year of the week is that of its fourth day.
 */
export function weekOfYear(firstDay: number): number {
  const fourth = new Date(firstDay + 3 * msPerDay);
  const firstOfYear = Date.UTC(fourth.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((fourth.getTime() - firstOfYear) / (7 * msPerDay));
}

/** `[weeks + 64]`: numbers of the recorded weeks, the first beginning on a day since 1970-01-01, and of those after them. */
export function numberWeeks(firstDay: number, weeks: number): Int32Array {
  return Int32Array.from({ length: weeks + weeksAhead }, (_, k) => weekOfYear((firstDay + 7 * k) * msPerDay));
}
