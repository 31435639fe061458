import { findColumns, findShapeProblem } from '../csv/csvColumns.ts';
import type { CsvRecord } from '../csv/csvRecords.ts';
import { toDayNumber } from './calendarDay.ts';
import { readSalesRow } from './readSalesRow.ts';
import type { FileFormat, SalesField } from './salesFormat.ts';
import type { ReadRow, Refusal, SalesRow } from './salesRow.ts';

/** Rows and refusals of a batch of records, each in the order of the file. */
export type ReadBatch = { readonly rows: readonly SalesRow[]; readonly refusals: readonly Refusal[] };
/** Turns records of a file into rows. */
export type RowReader = (records: readonly CsvRecord[]) => ReadBatch;

/**
 * Makes the reader that turns records of a file into rows; throws BAD_USER_INPUT when the header lacks a column. A
 * sale may lie one day behind `now`, for time zones ahead of UTC.
 */
export function makeRowReader(format: FileFormat, header: readonly string[], now: Date): RowReader {
  const columns = findColumns(header, format.columns);
  const lastDay = toDayNumber(now.toISOString().slice(0, 10)) + 1;
  const read = (record: CsvRecord): ReadRow => {
    const problem = findShapeProblem(record, header.length);
    if (problem !== null)
      return { refusal: { line: record.line, reason: 'INCOMPLETE_LINE', message: problem } };
    const at = (field: SalesField) => record.fields?.[columns.get(field) ?? -1] ?? '';
    const source = {
      line: record.line,
      orderNumber: at('orderNumber'),
      sku: at('sku'),
      name: at('name'),
      quantity: at('quantity'),
      soldAt: at('soldAt'),
      unitPrice: at('unitPrice'),
      customerCode: at('customerCode'),
      country: at('country'),
    };
    return readSalesRow(source, format.rules, lastDay);
  };
  return (records) => splitRows(records.map(read));
}

/** Parts what was read into rows and refusals. */
export function splitRows(read: readonly ReadRow[]): ReadBatch {
  return {
    rows: read.flatMap((one) => ('row' in one ? [one.row] : [])),
    refusals: read.flatMap((one) => ('refusal' in one ? [one.refusal] : [])),
  };
}
