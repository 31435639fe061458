/** The demo shop's calendar: two years of days, counted from 0. */

const millisecondsPerDay = 86_400_000;

/** First day with sales. */
export const firstDate = '2024-11-01';
/** Last reported day. */
export const lastDate = '2026-10-31';
/** Number of days from the first to the last, both inclusive. */
export const dayCount = 730;

/** 'YYYY-MM-DD' of a day of the shop's calendar. */
export function toDate(day: number): string {
  return new Date(Date.parse(firstDate) + day * millisecondsPerDay).toISOString().slice(0, 10);
}

/** Day of the week, 0 = Monday; 2024-11-01 was a Friday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Week of the year as a fraction, 0 at 1 January. */
export function weekOfYear(day: number): number {
  const time = Date.parse(firstDate) + day * millisecondsPerDay;
  const newYear = Date.UTC(new Date(time).getUTCFullYear(), 0, 1);
  return (time - newYear) / (7 * millisecondsPerDay);
}
