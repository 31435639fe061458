import { type CsvColumns, checkDelimiter } from '../csv/csvColumns.ts';
import type { CsvLayout } from '../csv/csvFile.ts';
import type { DateFormat } from '../csv/csvTime.ts';
import { badInput } from '../errors.ts';
import type { SourceRules } from './readSalesRow.ts';
import type { SourceRow } from './salesRow.ts';

/** Fields of a row that a column of a file can fill. */
export type SalesField = Exclude<keyof SourceRow, 'line'>;
/** Which column holds which field. */
export type ColumnMap = CsvColumns<SalesField>;

/** A warehouse that an import creates when it is missing. */
export type NewWarehouse = {
  readonly code: string;
  readonly name: string;
  readonly countryCode: string;
  readonly longitude: number;
  readonly latitude: number;
};

/** How a file of sales is read and where its sales belong. */
export type FileFormat = CsvLayout & {
  readonly name: 'online-retail' | 'generic';
  readonly columns: ColumnMap;
  readonly rules: SourceRules;
  /** Whether a text is good enough as the name of a new product. */
  isProductName(name: string): boolean;
  readonly channel: string;
  readonly currencyCode: string;
  /** Category of new products, null for none. */
  readonly category: { readonly code: string; readonly name: string } | null;
  /** Warehouse that sold; a bare code must exist. */
  readonly warehouse: NewWarehouse | { readonly code: string };
};

/** Fields that a generic file must have. */
export const requiredFields = ['orderNumber', 'sku', 'quantity', 'soldAt', 'unitPrice'] as const;
/** Fields that it may have. */
export const optionalFields = ['name', 'customerCode', 'country'] as const;

/** Rules of a source without peculiarities: codes as they are, a negative quantity is a return. */
export function makePlainRules(dateFormat: DateFormat): SourceRules {
  return {
    dateFormats: [dateFormat],
    normaliseSku: (sku) => sku,
    normaliseCustomerCode: (code) => code,
    refuseArticle: () => null,
    decideKind: (_, quantity) => (quantity > 0 ? 'SALE' : 'RETURN'),
  };
}

/** What a generic file's format is made of. */
export type GenericFormatOptions = Pick<
  FileFormat,
  'columns' | 'delimiter' | 'encoding' | 'channel' | 'currencyCode' | 'warehouse'
> & { readonly dateFormat: DateFormat };

/** Makes the format of any CSV file; throws BAD_USER_INPUT for a missing column or an option out of its range. */
export function makeGenericFormat({ dateFormat, ...options }: GenericFormatOptions): FileFormat {
  const missing = requiredFields.filter((field) => options.columns[field] === undefined);
  if (missing.length > 0)
    throw badInput(
      `--map must name a column for ${requiredFields.join(', ')}, got none for ${missing.join(', ')}.`,
    );
  checkDelimiter(options.delimiter);
  if (!/^[A-Z]{3}$/.test(options.currencyCode))
    throw badInput(`--currency must be three capital letters of ISO 4217, got '${options.currencyCode}'.`);
  if (options.channel.length < 1 || options.channel.length > 64)
    throw badInput(`--channel must have 1 to 64 characters, got ${options.channel.length}.`);
  return {
    ...options,
    name: 'generic',
    rules: makePlainRules(dateFormat),
    isProductName: () => true,
    category: null,
  };
}
