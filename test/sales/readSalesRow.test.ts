import { expect, test } from 'vitest';
import { parseCsvTime } from '../../src/csv/csvTime.ts';
import { onlineRetailFormat } from '../../src/sales/onlineRetailFormat.ts';
import { readSalesRow } from '../../src/sales/readSalesRow.ts';
import { makePlainRules } from '../../src/sales/salesFormat.ts';
import type { SourceRow } from '../../src/sales/salesRow.ts';

const row: SourceRow = {
  line: 7,
  orderNumber: '536365',
  sku: '85123a',
  name: ' WHITE  HANGING HEART ',
  quantity: '6',
  soldAt: '2010-12-01 08:26:00',
  unitPrice: '2.55',
  customerCode: '17850.0',
  country: 'United Kingdom',
};
const lastDay = 15_000;
const readOnlineRetail = (changes: Partial<SourceRow>) =>
  readSalesRow({ ...row, ...changes }, onlineRetailFormat.rules, lastDay);
const readPlain = (changes: Partial<SourceRow>) =>
  readSalesRow({ ...row, ...changes }, makePlainRules('DD/MM/YYYY'), lastDay);

test('an invoice line becomes a sale: code in upper case, price in ten-thousandths, time in UTC', () => {
  expect(readOnlineRetail({})).toEqual({
    row: {
      line: 7,
      orderNumber: '536365',
      sku: '85123A',
      name: 'WHITE HANGING HEART',
      kind: 'SALE',
      quantity: 6,
      soldAt: '2010-12-01T08:26:00.000Z',
      day: 14_944,
      price: 25_500,
      customerCode: '17850',
      country: 'United Kingdom',
    },
  });
});

test('a row of a cancellation is a return of as many units', () => {
  expect(readOnlineRetail({ orderNumber: 'C536379', quantity: '-3' })).toMatchObject({
    row: { kind: 'RETURN', quantity: 3 },
  });
});

test.each([
  ['NOT_GOODS', { sku: 'POST' }, `StockCode must begin with five digits, got 'POST'.`],
  ['NOT_GOODS', { sku: 'DCGS0076' }, `StockCode must begin with five digits, got 'DCGS0076'.`],
  [
    'STOCK_WRITE_OFF',
    { quantity: '-3' },
    `Quantity must be above 0 on an invoice that is no cancellation, got '-3'.`,
  ],
  ['INVALID_QUANTITY', { orderNumber: 'C1' }, `Quantity must be below 0 on a cancellation, got '6'.`],
  ['NO_PRICE', { unitPrice: '0.0' }, `unitPrice must be above 0, got '0.0'.`],
  ['NO_PRICE', { unitPrice: '-11062.06' }, `unitPrice must be above 0, got '-11062.06'.`],
  ['INVALID_SKU', { sku: ' ' }, `sku must have 1 to 64 printable characters, got ''.`],
  [
    'INVALID_ORDER_NUMBER',
    { orderNumber: 'x\u0000' },
    `orderNumber must have 1 to 64 printable characters, got 'x\u0000'.`,
  ],
  [
    'INVALID_TEXT',
    { country: 'x'.repeat(65) },
    `country must have at most 64 printable characters, got '${'x'.repeat(40)}…'.`,
  ],
  [
    'INVALID_DATE',
    { soldAt: '2010-02-30 10:00' },
    `soldAt must be a date as ISO or MM/DD/YYYY, got '2010-02-30 10:00'.`,
  ],
  ['INVALID_DATE', { soldAt: '2015-01-01' }, `soldAt must not lie in the future, got '2015-01-01'.`],
] as const)('refuses a row as %s', (reason, changes, message) => {
  expect(readOnlineRetail(changes)).toEqual({ refusal: { line: 7, reason, message } });
});

test.each([
  [
    'INVALID_PRICE',
    { unitPrice: 'abc' },
    `unitPrice must be a decimal with a point, at most four decimals and below 1000000000, got 'abc'.`,
  ],
  [
    'INVALID_PRICE',
    { unitPrice: '1.23456' },
    `unitPrice must be a decimal with a point, at most four decimals and below 1000000000, got '1.23456'.`,
  ],
  [
    'INVALID_QUANTITY',
    { quantity: '1.5' },
    `quantity must be a whole number from -1000000 to 1000000 other than 0, got '1.5'.`,
  ],
  [
    'INVALID_QUANTITY',
    { quantity: '0' },
    `quantity must be a whole number from -1000000 to 1000000 other than 0, got '0'.`,
  ],
  ['INVALID_DATE', { soldAt: '12/31/2010' }, `soldAt must be a date as DD/MM/YYYY, got '12/31/2010'.`],
] as const)('a plain source refuses a row as %s', (reason, changes, message) => {
  expect(readPlain({ soldAt: '31/12/2010', ...changes })).toEqual({ refusal: { line: 7, reason, message } });
});

test('a plain source keeps codes as they are and takes a negative quantity as a return', () => {
  expect(readPlain({ soldAt: '31/12/2010', quantity: '-2' })).toMatchObject({
    row: { sku: '85123a', kind: 'RETURN', quantity: 2, customerCode: '17850.0' },
  });
});

test.each([
  ['ISO', '2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['ISO', '2024-02-29T23:30:00-02:00', '2024-03-01T01:30:00.000Z'],
  ['ISO', '2024-02-29 7:05', '2024-02-29T07:05:00.000Z'],
  ['DD/MM/YYYY', '3/12/2024 08:26', '2024-12-03T08:26:00.000Z'],
  ['DD/MM/YYYY', '31.12.2024', '2024-12-31T00:00:00.000Z'],
  ['MM/DD/YYYY', '12/3/2024 08:26', '2024-12-03T08:26:00.000Z'],
  ['MM/DD/YYYY', '31/12/2024', null],
  ['ISO', '2023-02-29', null],
  ['ISO', '2024-02-29 24:00', null],
  ['ISO', '31/12/2024', null],
  ['ISO', '0024-01-01', null],
] as const)('reads %s dates: %s', (format, text, soldAt) => {
  expect(parseCsvTime(text, [format])?.at ?? null).toBe(soldAt);
});
