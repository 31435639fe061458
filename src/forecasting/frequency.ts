import type { Frequency } from '../generated/graphql.ts';

const daysPerPeriod = { DAILY: 1, WEEKLY: 7 } as const;
const monthsPerPeriod = { MONTHLY: 1, QUARTERLY: 3, YEARLY: 12 } as const;

/**
 * First day of the period `count` periods after the one that begins on `start` ('YYYY-MM-DD').
 * A day that a month lacks becomes its last one. HOURLY periods yield the day they fall on.
 */
export function addPeriods(start: string, frequency: Frequency, count: number): string {
  const date = new Date(`${start}T00:00:00Z`);
  if (frequency === 'HOURLY') date.setUTCHours(count);
  else if (frequency === 'DAILY' || frequency === 'WEEKLY')
    date.setUTCDate(date.getUTCDate() + count * daysPerPeriod[frequency]);
  else addMonths(date, count * monthsPerPeriod[frequency]);
  return date.toISOString().slice(0, 10);
}

function addMonths(date: Date, months: number): void {
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
}
