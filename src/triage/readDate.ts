/** A day that a text names. */
export type NamedDay = { readonly value: string; readonly confidence: number };

const dayMs = 86_400_000;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Reads `2025-11-23`; null where there is no such day. */
export function readIsoDate(parts: readonly string[]): NamedDay | null {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  return toDay(year, month, day, 1);
}

/**
 * Reads day and month divided by `/`, `.` or `-`, with a year of two or four digits. Where both orders are
 * possible, `/` is read as Americans do, the others with the day first, at a lower confidence.
 */
export function readNumericDate([
  first = '',
  divider = '',
  second = '',
  last = '',
]: readonly string[]): NamedDay | null {
  const [a, b] = [Number(first), Number(second)];
  const year = last.length === 2 ? 2000 + Number(last) : Number(last);
  const isAmbiguous = a <= 12 && b <= 12 && a !== b;
  const monthFirst = isAmbiguous ? divider === '/' : b > 12;
  const confidence = isAmbiguous ? 0.6 : 0.95;
  return monthFirst ? toDay(year, a, b, confidence) : toDay(year, b, a, confidence);
}

/** Reads a day with the name of its month; without a year it is the one nearest to `now`. */
export function readNamedDate(
  { day, month, year }: { readonly day: string; readonly month: string; readonly year: string | undefined },
  now: Date,
): NamedDay | null {
  const monthNumber = months.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  if (year !== undefined) return toDay(Number(year), monthNumber, Number(day), 0.95);
  const thisYear = now.getUTCFullYear();
  const nearest = [thisYear - 1, thisYear, thisYear + 1]
    .flatMap((candidate) => toDay(candidate, monthNumber, Number(day), 0.8) ?? [])
    .sort((a, b) => distance(a, now) - distance(b, now));
  return nearest[0] ?? null;
}

/** Reads `today`, `yesterday`, `3 weeks ago`, `in two days`, `last monday`, `next month`, counted from `now` in UTC. */
export function readRelativeDate(text: string, now: Date): NamedDay | null {
  const words = text.toLowerCase().split(/\s+/);
  const [first = '', second = '', third = ''] = words;
  if (first === 'today' || first === 'tonight') return shift(now, 0, 0);
  if (first === 'yesterday') return shift(now, -1, 0);
  if (first === 'tomorrow') return shift(now, 1, 0);
  if (third === 'ago') return shiftBy(now, -readCount(first), second);
  if (first === 'in') return shiftBy(now, readCount(second), third);
  const direction = first === 'last' ? -1 : 1;
  const weekday = weekdays.indexOf(second.slice(0, 3));
  if (weekday < 0 || second.startsWith('month')) return shiftBy(now, direction, second);
  const ahead = (weekday - now.getUTCDay() + 7) % 7 || 7;
  return shift(now, direction > 0 ? ahead : ahead - 7 || -7, 0);
}

function shiftBy(now: Date, count: number, unit: string): NamedDay | null {
  if (unit.startsWith('day')) return shift(now, count, 0);
  if (unit.startsWith('week')) return shift(now, 7 * count, 0);
  return shift(now, 0, unit.startsWith('month') ? count : 12 * count);
}

/** A month later is the same day of it, or its last. */
function shift(now: Date, days: number, monthCount: number): NamedDay | null {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth() + monthCount, now.getUTCDate()];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(Date.UTC(year, month, Math.min(day, lastOfMonth)) + days * dayMs);
  return { value: moved.toISOString().slice(0, 10), confidence: 0.9 };
}

function readCount(word: string): number {
  if (word === 'a' || word === 'an') return 1;
  const named = numbers.indexOf(word);
  return named >= 0 ? named : Number(word);
}

function toDay(year: number, month: number, day: number, confidence: number): NamedDay | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && year >= 1900 && year < 2200
    ? { value: date.toISOString().slice(0, 10), confidence }
    : null;
}

function distance({ value }: NamedDay, now: Date): number {
  return Math.abs(Date.parse(value) - now.getTime());
}
