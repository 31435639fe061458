import { type CsvColumns, checkDelimiter, findColumns, findShapeProblem } from '../../../csv/csvColumns.ts';
import type { CsvLayout } from '../../../csv/csvFile.ts';
import type { CsvRecord } from '../../../csv/csvRecords.ts';
import { type DateFormat, parseCsvTime } from '../../../csv/csvTime.ts';
import type { CsvRefusal } from '../../../csv/refusalsFile.ts';
import { badInput } from '../../../errors.ts';
import { isBlank } from '../../../inputChecks.ts';
import { isPrice, priceRule } from '../amount.ts';
import { clockToleranceMs, maximumNameLength } from './checkCompetitorPrices.ts';

/** Fields that a column of a file of competitors' prices can fill. */
export const competitorFields = ['sku', 'competitor', 'price', 'observedAt', 'currency'] as const;
export type CompetitorField = (typeof competitorFields)[number];

/** How a file of competitors' prices is written. */
export type CompetitorFormat = CsvLayout & {
  readonly columns: CsvColumns<CompetitorField>;
  readonly dateFormat: DateFormat;
  /** Currency of all prices; null where a column tells it. */
  readonly currencyCode: string | null;
};

/** An observation as a file tells it. */
export type CompetitorFileRow = {
  readonly line: number;
  readonly sku: string;
  readonly competitor: string;
  readonly price: string;
  readonly currencyCode: string;
  readonly observedAt: string;
};
/** Why a row is left out. */
export type CompetitorRefusalReason =
  | 'INCOMPLETE_LINE'
  | 'UNKNOWN_SKU'
  | 'INVALID_COMPETITOR'
  | 'INVALID_PRICE'
  | 'INVALID_DATE'
  | 'CURRENCY_MISMATCH';
/** A row that is left out. */
export type CompetitorRefusal = CsvRefusal<CompetitorRefusalReason>;
/** Turns a record into an observation or the reason why it is none. */
export type CompetitorReader = (
  record: CsvRecord,
) => { readonly row: CompetitorFileRow } | { readonly refusal: CompetitorRefusal };

/**
 * Makes the format of a file whose columns are called like the fields unless `columns` says otherwise. Throws
 * BAD_USER_INPUT where the currency is given twice or not at all, or an option is out of its range.
 */
export function makeCompetitorFormat(
  options: Omit<CompetitorFormat, 'columns'> & { readonly columns: CsvColumns<CompetitorField> },
): CompetitorFormat {
  const { currencyCode, columns } = options;
  checkDelimiter(options.delimiter);
  if (currencyCode !== null && !/^[A-Z]{3}$/.test(currencyCode))
    throw badInput(`--currency must be three capital letters of ISO 4217, got '${currencyCode}'.`);
  if (currencyCode !== null && columns.currency !== undefined)
    throw badInput('The currency must be given by --currency or by a column, got both.');
  const named = Object.fromEntries(
    competitorFields
      .filter((field) => field !== 'currency' || currencyCode === null)
      .map((field) => [field, columns[field] ?? field]),
  );
  return { ...options, columns: named };
}

/** Makes the reader of a file's records; throws BAD_USER_INPUT when the header lacks a column. */
export function makeCompetitorReader(
  format: CompetitorFormat,
  header: readonly string[],
  now: Date,
): CompetitorReader {
  const columns = findColumns(header, format.columns);
  return (record) => {
    const refuse = (reason: CompetitorRefusalReason, message: string) => ({
      refusal: { line: record.line, reason, message },
    });
    const shape = findShapeProblem(record, header.length);
    if (shape !== null) return refuse('INCOMPLETE_LINE', shape);
    const at = (field: CompetitorField) => (record.fields?.[columns.get(field) ?? -1] ?? '').trim();
    const [competitor, price] = [at('competitor'), at('price')];
    if (isBlank(competitor) || competitor.length > maximumNameLength || competitor.includes('\0'))
      return refuse(
        'INVALID_COMPETITOR',
        `competitor must be a name of 1 to ${maximumNameLength} characters, got '${competitor.slice(0, 60)}'.`,
      );
    if (!isPrice(price))
      return refuse('INVALID_PRICE', `price must be ${priceRule}, got '${price.slice(0, 60)}'.`);
    const time = parseCsvTime(at('observedAt'), [format.dateFormat]);
    if (time === null || Date.parse(time.at) > now.getTime() + clockToleranceMs) {
      const rule = time === null ? `a date as ${format.dateFormat}` : 'a moment that has passed';
      return refuse('INVALID_DATE', `observedAt must be ${rule}, got '${at('observedAt').slice(0, 60)}'.`);
    }
    const currencyCode = format.currencyCode ?? at('currency');
    return {
      row: { line: record.line, sku: at('sku'), competitor, price, currencyCode, observedAt: time.at },
    };
  };
}
