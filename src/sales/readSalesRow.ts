import { type DateFormat, parseCsvTime } from '../csv/csvTime.ts';
import { parseTenThousandths } from '../exactMoney.ts';
import type { ReadRow, RefusalReason, SalesRow, SourceRow } from './salesRow.ts';

/** What a row of one source must follow beyond the rules that hold for all. */
export type SourceRules = {
  readonly dateFormats: readonly DateFormat[];
  /** Puts a code into the form that identifies the article. */
  normaliseSku(sku: string): string;
  normaliseCustomerCode(code: string): string;
  /** Refuses a row for what it sells, judged before its numbers are read. */
  refuseArticle(sku: string): Problem | null;
  /** Direction of a row whose quantity is not 0, or why it is neither sale nor return. */
  decideKind(row: SourceRow, quantity: number): SalesRow['kind'] | Problem;
};

/** Why a row is left out, without its place. */
export type Problem = { readonly reason: RefusalReason; readonly message: string };

/** Largest number of units in one row. */
export const maximumQuantity = 1_000_000;
const maximumCodeLength = 64;
const maximumNameLength = 200;
const maximumPrice = 10_000_000_000_000n; // a thousand million, in ten-thousandths

const quantityPattern = /^[+-]?\d{1,9}(?:\.0*)?$/;
const unstorable = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads a row: the first rule that it breaks refuses it, in the order document number, article, date, quantity,
 * direction, price, other texts. `lastDay` is the latest day on which a sale can have happened.
 */
export function readSalesRow(source: SourceRow, rules: SourceRules, lastDay: number): ReadRow {
  const orderNumber = source.orderNumber.trim();
  const sku = rules.normaliseSku(source.sku.trim());
  const problem =
    checkCode('orderNumber', orderNumber, 'INVALID_ORDER_NUMBER') ??
    checkCode('sku', sku, 'INVALID_SKU') ??
    rules.refuseArticle(sku);
  if (problem !== null) return refuse(source, problem);
  const time = parseCsvTime(source.soldAt.trim(), rules.dateFormats);
  if (time === null || time.day > lastDay) return refuse(source, dateProblem(source, rules, time !== null));
  const quantity = parseQuantity(source.quantity);
  if (quantity === null) return refuse(source, quantityProblem(source));
  const kind = rules.decideKind(source, quantity);
  if (typeof kind === 'object') return refuse(source, kind);
  const price = parseTenThousandths(source.unitPrice.trim());
  if (price === null || price <= 0n || price > maximumPrice)
    return refuse(source, priceProblem(source, price));
  const texts = readTexts(source, rules);
  if ('reason' in texts) return refuse(source, texts);
  const units = Math.abs(quantity);
  return {
    row: {
      line: source.line,
      orderNumber,
      sku,
      kind,
      quantity: units,
      soldAt: time.at,
      day: time.day,
      price: Number(price),
      ...texts,
    },
  };
}

/** Shortens a text for a message. */
export function quote(text: string): string {
  return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
}

function refuse({ line }: SourceRow, { reason, message }: Problem): ReadRow {
  return { refusal: { line, reason, message } };
}

function checkCode(field: string, value: string, reason: RefusalReason): Problem | null {
  if (value.length >= 1 && value.length <= maximumCodeLength && !unstorable.test(value)) return null;
  return {
    reason,
    message: `${field} must have 1 to ${maximumCodeLength} printable characters, got ${quote(value)}.`,
  };
}

function parseQuantity(text: string): number | null {
  const trimmed = text.trim();
  const quantity = quantityPattern.test(trimmed) ? Number(trimmed) : 0;
  return quantity === 0 || Math.abs(quantity) > maximumQuantity ? null : quantity;
}

function dateProblem({ soldAt }: SourceRow, { dateFormats }: SourceRules, isLate: boolean): Problem {
  const rule = isLate ? 'not lie in the future' : `be a date as ${dateFormats.join(' or ')}`;
  return { reason: 'INVALID_DATE', message: `soldAt must ${rule}, got ${quote(soldAt)}.` };
}

function quantityProblem({ quantity }: SourceRow): Problem {
  const range = `a whole number from -${maximumQuantity} to ${maximumQuantity} other than 0`;
  return { reason: 'INVALID_QUANTITY', message: `quantity must be ${range}, got ${quote(quantity)}.` };
}

function priceProblem({ unitPrice }: SourceRow, price: bigint | null): Problem {
  return price !== null && price <= 0n
    ? { reason: 'NO_PRICE', message: `unitPrice must be above 0, got ${quote(unitPrice)}.` }
    : {
        reason: 'INVALID_PRICE',
        message: `unitPrice must be a decimal with a point, at most four decimals and below 1000000000, got ${quote(unitPrice)}.`,
      };
}

function readTexts(
  source: SourceRow,
  rules: SourceRules,
): Pick<SalesRow, 'name' | 'customerCode' | 'country'> | Problem {
  const name = source.name.replace(/\s+/g, ' ').trim();
  const customerCode = rules.normaliseCustomerCode(source.customerCode.trim());
  const country = source.country.trim();
  for (const [field, value, limit] of [
    ['name', name, maximumNameLength],
    ['customerCode', customerCode, maximumCodeLength],
    ['country', country, maximumCodeLength],
  ] as const)
    if (value.length > limit || unstorable.test(value))
      return {
        reason: 'INVALID_TEXT',
        message: `${field} must have at most ${limit} printable characters, got ${quote(value)}.`,
      };
  return { name: name || null, customerCode: customerCode || null, country: country || null };
}
