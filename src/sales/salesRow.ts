import type { CsvRefusal } from '../csv/refusalsFile.ts';

/** A line of sales as its source states it: every field as text, '' where it is absent. */
export type SourceRow = {
  /** Where it stands: line of the file, or place in the request from 1. */
  readonly line: number;
  readonly orderNumber: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: string;
  readonly soldAt: string;
  readonly unitPrice: string;
  readonly customerCode: string;
  readonly country: string;
};

/** A line of sales that follows the rules. */
export type SalesRow = {
  readonly line: number;
  readonly orderNumber: string;
  readonly sku: string;
  /** Null where the source has none. */
  readonly name: string | null;
  readonly kind: 'SALE' | 'RETURN';
  /** Units, above 0; `kind` tells the direction. */
  readonly quantity: number;
  /** ISO 8601 in UTC. */
  readonly soldAt: string;
  /** Day number since 1970-01-01, in UTC. */
  readonly day: number;
  /** Price of one unit in ten-thousandths of the currency's main unit, above 0. */
  readonly price: number;
  readonly customerCode: string | null;
  readonly country: string | null;
};

/** Why a row is left out. */
export type RefusalReason =
  | 'INCOMPLETE_LINE'
  | 'INVALID_ORDER_NUMBER'
  | 'INVALID_SKU'
  | 'INVALID_DATE'
  | 'INVALID_QUANTITY'
  | 'INVALID_PRICE'
  | 'INVALID_TEXT'
  | 'NOT_GOODS'
  | 'STOCK_WRITE_OFF'
  | 'NO_PRICE'
  | 'DUPLICATE_ORDER'
  | 'CURRENCY_MISMATCH';

/** A row that is left out; `message` says what must hold and what was got. */
export type Refusal = CsvRefusal<RefusalReason>;

/** A row that was read: it follows the rules, or why not. */
export type ReadRow = { readonly row: SalesRow } | { readonly refusal: Refusal };
