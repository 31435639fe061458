import { parseArgs } from 'node:util';
import { type DateFormat, dateFormats } from '../csv/csvTime.ts';
import { badInput } from '../errors.ts';
import { onlineRetailFormat } from '../sales/onlineRetailFormat.ts';
import {
  type FileFormat,
  makeGenericFormat,
  optionalFields,
  requiredFields,
  type SalesField,
} from '../sales/salesFormat.ts';
import { readChoice, readColumnMap, readDelimiter } from './csvArguments.ts';

/** What the command line asks for. */
export type ImportArguments = {
  readonly path: string;
  readonly format: FileFormat;
  readonly refusalsPath: string | undefined;
};

const genericOptions = {
  map: { type: 'string', multiple: true },
  delimiter: { type: 'string' },
  'date-format': { type: 'string' },
  encoding: { type: 'string' },
  currency: { type: 'string' },
  warehouse: { type: 'string' },
  'warehouse-country': { type: 'string' },
  'warehouse-location': { type: 'string' },
  channel: { type: 'string' },
} as const;

type GenericValues = {
  readonly [Name in Exclude<keyof typeof genericOptions, 'map'>]?: string | undefined;
} & {
  readonly map?: readonly string[] | undefined;
};

/** Reads the arguments of `import`; throws BAD_USER_INPUT with one sentence. */
export function readImportArguments(arguments_: readonly string[]): ImportArguments | 'help' {
  const { values, positionals } = parse(arguments_);
  if (values.help === true) return 'help';
  const [source, path, ...others] = positionals;
  if (path === undefined || others.length > 0)
    throw badInput(
      `The import must be given a source and one file, got ${positionals.length} arguments; see --help.`,
    );
  return { path, format: readFormat(source, values), refusalsPath: values.refused };
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({
      args: [...arguments_],
      allowPositionals: true,
      options: {
        ...genericOptions,
        refused: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw badInput(`The options must be those of --help: ${(error as Error).message.split('. ')[0]}.`);
  }
}

function readFormat(source: string | undefined, values: GenericValues): FileFormat {
  if (source === 'generic') return readGenericFormat(values);
  if (source !== 'online-retail')
    throw badInput(`The source must be online-retail or generic, got '${source}'.`);
  const given = Object.keys(genericOptions).filter((name) => name in values);
  if (given.length > 0)
    throw badInput(`The source online-retail must be given no --${given[0]}: its format is known.`);
  return onlineRetailFormat;
}

function readGenericFormat(values: GenericValues): FileFormat {
  const { currency, delimiter, encoding = 'utf-8', channel = 'generic' } = values;
  if (currency === undefined) throw badInput('--currency must be given, e.g. --currency GBP.');
  return makeGenericFormat({
    columns: readColumnMap<SalesField>(values.map ?? [], [...requiredFields, ...optionalFields]),
    delimiter: readDelimiter(delimiter),
    encoding: readChoice('--encoding', encoding, ['utf-8', 'latin1']),
    dateFormat: readChoice<DateFormat>('--date-format', values['date-format'] ?? 'ISO', dateFormats),
    channel,
    currencyCode: currency,
    warehouse: readWarehouse(values),
  });
}

function readWarehouse(values: GenericValues): FileFormat['warehouse'] {
  const { warehouse: code, 'warehouse-country': countryCode, 'warehouse-location': location } = values;
  if (code === undefined || code === '')
    throw badInput('--warehouse must be given: the code of the warehouse that sold.');
  if (countryCode === undefined && location === undefined) return { code };
  const [longitude, latitude] = (location ?? '')
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (countryCode === undefined || !/^[A-Z]{2}$/.test(countryCode))
    throw badInput(`--warehouse-country must be two capital letters, got '${countryCode ?? ''}'.`);
  if (
    longitude === undefined ||
    latitude === undefined ||
    !(Math.abs(longitude) <= 180) ||
    !(Math.abs(latitude) <= 90)
  )
    throw badInput(`--warehouse-location must be LONGITUDE,LATITUDE in degrees, got '${location ?? ''}'.`);
  return { code, name: code, countryCode, longitude, latitude };
}
