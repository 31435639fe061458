import { badInput } from '../errors.ts';

/** A record of a CSV file. */
export type CsvRecord = {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  /** Line on which it ends; later than `line` where a quoted field holds line breaks. */
  readonly endLine: number;
  /** Null where a quote that the line opens is never closed. */
  readonly fields: readonly string[] | null;
  /** The record as it stands in the file. */
  readonly text: string;
};

/** A line may have this many characters, so that a file without line breaks is refused before it fills the memory. */
const maximumLineLength = 1_000_000;
/** A quoted field may hold this many lines; what is longer is a stray quote, not a field. */
const maximumLines = 50;

/**
 * Splits CSV text (RFC 4180) into records. Empty lines are skipped but counted. A quote that is not closed within 50
 * lines spoils its own line only: reading goes on with the next line, where a plain parser would swallow the rest
 * of the file. `push` takes text in pieces of any size, `end` the rest; both yield the records completed by it.
 */
export function makeCsvReader(delimiter: string): {
  push(text: string): CsvRecord[];
  end(): CsvRecord[];
} {
  let rest = '';
  let nextLine = 1;
  let open: string[] = [];

  const close = (records: CsvRecord[], isFinal: boolean): void => {
    while (open.length > 0) {
      const text = open.join('\n');
      const fields = splitRecord(text, delimiter);
      if (fields === null && open.length < maximumLines && !isFinal) return;
      const length = fields === null ? 1 : open.length;
      const line = nextLine - open.length;
      const own = fields === null ? (open[0] ?? '') : text;
      records.push({ line, endLine: line + length - 1, fields, text: own });
      const later = open.slice(length);
      open = [];
      nextLine -= later.length;
      for (const again of later) take(records, again, false);
    }
  };
  const take = (records: CsvRecord[], text: string, isFinal: boolean): void => {
    const line = nextLine;
    nextLine += 1;
    if (open.length > 0) {
      open.push(text);
      if (text.includes('"') || open.length >= maximumLines) close(records, isFinal);
    } else if (text.includes('"')) {
      open.push(text);
      close(records, isFinal);
    } else if (text.trim() !== '') records.push({ line, endLine: line, fields: text.split(delimiter), text });
  };
  return {
    push(text) {
      const records: CsvRecord[] = [];
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maximumLineLength)
        throw badInput(
          `Every line must have at most ${maximumLineLength} characters, but line ${nextLine + lines.length} has more.`,
        );
      for (const line of lines) take(records, line.endsWith('\r') ? line.slice(0, -1) : line, false);
      return records;
    },
    end() {
      const records: CsvRecord[] = [];
      if (rest !== '') take(records, rest.endsWith('\r') ? rest.slice(0, -1) : rest, true);
      close(records, true);
      return records;
    },
  };
}

/** Writes one field so that any reader of CSV gets it back. */
export function toCsvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Fields of a record; null while its last quote is open. A quote inside an unquoted field is an ordinary character. */
function splitRecord(text: string, delimiter: string): string[] | null {
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    if (text[position] !== '"') {
      const end = text.indexOf(delimiter, position);
      fields.push(end === -1 ? text.slice(position) : text.slice(position, end));
      if (end === -1) return fields;
      position = end + 1;
      continue;
    }
    const end = findClosingQuote(text, position + 1);
    if (end === -1) return null;
    const next = text.indexOf(delimiter, end);
    const tail = next === -1 ? text.slice(end + 1) : text.slice(end + 1, next);
    const inside = text.slice(position + 1, end);
    if (tail.trim() !== '' && inside.includes('\n')) return null; // the quote that closes it is another field's
    fields.push(inside.replaceAll('""', '"') + tail);
    if (next === -1) return fields;
    position = next + 1;
  }
}

function findClosingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}
