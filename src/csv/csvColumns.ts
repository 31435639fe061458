import { badInput } from '../errors.ts';
import type { CsvRecord } from './csvRecords.ts';

/** Which column of a file holds which field. */
export type CsvColumns<Field extends string> = Readonly<Partial<Record<Field, string>>>;

/** Index of each field's column in the header; throws BAD_USER_INPUT naming the columns that are missing. */
export function findColumns<Field extends string>(
  header: readonly string[],
  columns: CsvColumns<Field>,
): Map<Field, number> {
  const names = header.map((name) => name.trim());
  const entries = Object.entries(columns) as [Field, string][]; // the keys of CsvColumns
  const missing = entries.filter(([, column]) => !names.includes(column)).map(([, column]) => `'${column}'`);
  if (missing.length > 0)
    throw badInput(
      `The file must have the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}, got ${describeHeader(names)}.`,
    );
  return new Map(entries.map(([field, column]) => [field, names.indexOf(column)]));
}

/** Why a record has not the columns of the header, null where it has; empty columns behind the last one do no harm. */
export function findShapeProblem({ fields, line }: CsvRecord, columns: number): string | null {
  if (fields === null)
    return `The line must close its quotes, but a quote that line ${line} opens is never closed.`;
  const isTooLong = fields.length > columns && fields.slice(columns).some((field) => field.trim() !== '');
  return fields.length < columns || isTooLong
    ? `The line must have ${columns} columns, got ${fields.length}.`
    : null;
}

/** Throws BAD_USER_INPUT where a delimiter is not one character, or one that CSV needs for itself. */
export function checkDelimiter(delimiter: string): void {
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    throw badInput(`--delimiter must be one character other than a quote, got '${delimiter}'.`);
}

function describeHeader(names: readonly string[]): string {
  const text = names.map((name) => `'${name}'`).join(', ');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
