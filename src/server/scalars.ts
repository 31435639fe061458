import { GraphQLError, GraphQLScalarType, Kind, print, valueFromASTUntyped } from 'graphql';

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const dateTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const decimalPattern = /^-?\d{1,15}(\.\d{1,10})?$/;
const currencyPattern = /^[A-Z]{3}$/;

/** The schema's own scalars; each parses strictly and says in one sentence what it takes. */
export const scalarResolvers = {
  DateTime: makeTextScalar('DateTime', readDateTime, (value) =>
    (value instanceof Date ? value : new Date(String(value))).toISOString(),
  ),
  Date: makeTextScalar('Date', readDate, (value) =>
    value instanceof Date ? value.toISOString().slice(0, 10) : String(value),
  ),
  Decimal: makeTextScalar('Decimal', readDecimal, writeDecimal),
  CurrencyCode: makeTextScalar('CurrencyCode', readCurrency, String),
  JSON: new GraphQLScalarType({
    name: 'JSON',
    serialize: (value) => value,
    parseValue: (value) => value,
    parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  }),
};

function makeTextScalar<Value>(
  name: string,
  read: (text: string) => Value | undefined,
  write: (value: unknown) => string,
) {
  const parse = (value: unknown, shown = JSON.stringify(value)): Value => {
    const parsed = typeof value === 'string' ? read(value) : undefined;
    if (parsed === undefined)
      throw new GraphQLError(`${name} must be ${forms[name]}, got ${shown.slice(0, 60)}.`);
    return parsed;
  };
  return new GraphQLScalarType<Value, string>({
    name,
    serialize: write,
    parseValue: (value) => parse(value),
    parseLiteral: (node) =>
      parse(
        node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING
          ? node.value
          : undefined,
        print(node),
      ),
  });
}

const forms: Readonly<Record<string, string>> = {
  DateTime: 'a time with offset such as "2026-10-31T08:15:00Z"',
  Date: 'a day such as "2026-10-31"',
  Decimal: 'a decimal number as text such as "12.50"',
  CurrencyCode: 'three capital letters such as "GBP"',
};

function readDateTime(text: string): Date | undefined {
  if (!dateTimePattern.test(text) || readDate(text.slice(0, 10)) === undefined) return undefined;
  const time = new Date(text);
  const year = time.getUTCFullYear(); // NaN where the time of day or the offset does not exist
  return year >= 1 && year <= 9999 ? time : undefined;
}

function readDate(text: string): string | undefined {
  if (!datePattern.test(text) || text < '0001') return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : undefined;
}

function readDecimal(text: string): string | undefined {
  return decimalPattern.test(text) ? text : undefined;
}

function readCurrency(text: string): string | undefined {
  return currencyPattern.test(text) ? text : undefined;
}

/** Trailing zeros beyond two decimals are storage, not meaning: "2.5500" is shown as "2.55". */
function writeDecimal(value: unknown): string {
  const text = String(value);
  const point = text.indexOf('.');
  let end = text.length;
  if (point >= 0) while (end > point + 3 && text.charAt(end - 1) === '0') end -= 1;
  return text.slice(0, end);
}
