const millisecondsPerDay = 86_400_000;

/** Days since 1970-01-01 (UTC) of 'YYYY-MM-DD', so that days can be counted and compared. */
export function toDayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay;
}

/** 'YYYY-MM-DD' of a day number. */
export function fromDayNumber(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}
