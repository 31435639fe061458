/** Calendar days as numbers: days since 1970-01-01 (UTC), so that they can be counted and compared. */

const millisecondsPerDay = 86_400_000;
/** 27 years of days. */
const keptTexts = 10_000;
const texts = new Map<number, string>();

/** Day number of 'YYYY-MM-DD'. */
export function toDayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay;
}

/** 'YYYY-MM-DD' of a day number. Answers repeat the same days for every product, so their texts are kept. */
export function fromDayNumber(day: number): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
    if (texts.size >= keptTexts) texts.clear();
    texts.set(day, text);
  }
  return text;
}

/** Monday of the day's week (ISO 8601): 1970-01-01 was a Thursday. */
export function mondayOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7);
}

/** Months since January of the year 0 that a day lies in. */
export function monthOf(day: number): number {
  const date = new Date(day * millisecondsPerDay);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** First day of a month as `monthOf` counts them. */
export function firstDayOfMonth(month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1);
  return date.getTime() / millisecondsPerDay;
}
