/** How a source writes its dates; times of day may follow as HH:MM[:SS]. */
export type DateFormat = 'ISO' | 'DD/MM/YYYY' | 'MM/DD/YYYY';
/** Every date format. */
export const dateFormats: readonly DateFormat[] = ['ISO', 'DD/MM/YYYY', 'MM/DD/YYYY'];

/** A moment: ISO 8601 in UTC and the day number since 1970-01-01. */
export type CsvTime = { readonly at: string; readonly day: number };

const time = String.raw`(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?`;
const isoPattern = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})${time}(Z|[+-]\d{2}:?\d{2})?$`);
const slashPattern = new RegExp(String.raw`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})${time}$`);
const millisecondsPerDay = 86_400_000;

/**
 * Reads a moment; null where it is none in any of the formats, tried in their order. Days must exist in the
 * calendar and lie in the years 1970–2100. A time without offset is taken as UTC.
 */
export function parseCsvTime(text: string, formats: readonly DateFormat[]): CsvTime | null {
  for (const format of formats) {
    const found = format === 'ISO' ? parseIso(text) : parseSlashed(text, format);
    if (found !== null) return found;
  }
  return null;
}

function parseIso(text: string): CsvTime | null {
  const [, year, month, day, hour, minute, second, offset] = isoPattern.exec(text) ?? [];
  return toCsvTime({ year, month, day, hour, minute, second, offset });
}

function parseSlashed(text: string, format: 'DD/MM/YYYY' | 'MM/DD/YYYY'): CsvTime | null {
  const [, first, second, year, hour, minute, seconds] = slashPattern.exec(text) ?? [];
  const [day, month] = format === 'DD/MM/YYYY' ? [first, second] : [second, first];
  return toCsvTime({ year, month, day, hour, minute, second: seconds, offset: undefined });
}

type Parts = Readonly<
  Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'offset', string | undefined>
>;

function toCsvTime(parts: Parts): CsvTime | null {
  if (parts.year === undefined) return null;
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)];
  const [hour, minute, second] = [
    Number(parts.hour ?? 0),
    Number(parts.minute ?? 0),
    Number(parts.second ?? 0),
  ];
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (year < 1970 || year > 2100 || midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day)
    return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const at = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1_000 - offsetOf(parts.offset);
  return { at: new Date(at).toISOString(), day: Math.floor(at / millisecondsPerDay) };
}

function offsetOf(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
