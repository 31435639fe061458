import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import type { RequestImport } from '../../src/sales/importRequest.ts';
import { makeSalesService, type SalesService } from '../../src/sales/service.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let sales: SalesService;

const row = {
  orderNumber: '1',
  sku: 'A/1',
  name: 'Lamp',
  quantity: '3',
  soldAt: '2026-11-02T10:00:00.000Z',
  unitPrice: '2.50',
  customerCode: 'c',
  country: 'France',
};
const input: RequestImport = { warehouseCode: 'W', currencyCode: 'EUR', channel: 'api', rows: [row] };

beforeAll(async () => {
  database = await openTestDatabase();
  sales = makeSalesService({ database, clock: () => new Date('2026-11-20T00:00:00Z') });
  await database.sql.execute(
    `INSERT INTO warehouse (code, name, country_code, longitude, latitude) VALUES ('W', 'W', 'DE', 10, 50)`,
  );
});
afterAll(() => database.close());

test('imports rows in one transaction and tells which were left out', async () => {
  const rows = [
    row,
    { ...row, orderNumber: '2', quantity: '-1' },
    { ...row, orderNumber: '3', unitPrice: '0' },
  ];
  const outcome = await sales.importRows({ ...input, rows });
  expect(outcome).toEqual({
    kind: 'done',
    result: {
      currencyCode: 'EUR',
      summary: { rowsRead: 3, rowsKept: 2, refused: { NO_PRICE: 1 }, units: 3, returns: 1, revenue: '7.50' },
      refusals: [{ line: 3, reason: 'NO_PRICE', message: `unitPrice must be above 0, got '0'.` }],
    },
  });
  expect(
    await database.sql.query(
      `SELECT product.handle, variant.sku, variant.name, variant.units_sold AS "unitsSold", level.on_hand AS "onHand",
              warehouse.sales_through AS through
         FROM product_variant variant JOIN product ON product.id = variant.product_id
         JOIN inventory_level level ON level.variant_id = variant.id
         JOIN warehouse ON warehouse.id = level.warehouse_id`,
    ),
  ).toEqual([
    {
      handle: expect.stringMatching(/^a-1-[0-9a-f]{8}$/),
      sku: 'A/1',
      name: 'Lamp',
      unitsSold: 2,
      onHand: 0,
      through: '2026-11-02',
    },
  ]);
});

test('adds to the same day, article and customer, and moves the price', async () => {
  const rows = [{ ...row, orderNumber: '10', soldAt: '2026-11-03T10:00:00.000Z', unitPrice: '3', name: '' }];
  await sales.importRows({ ...input, rows });
  expect(await database.sql.query('SELECT price, name FROM product_variant')).toEqual([
    { price: '3.0000', name: 'Lamp' },
  ]);
  expect(await database.sql.query('SELECT count(*)::int AS customers FROM customer')).toEqual([
    { customers: 1 },
  ]);
});

test('refuses orders that the channel has, row by row', async () => {
  const outcome = await sales.importRows({ ...input, rows: [row, { ...row, orderNumber: '20' }] });
  expect(outcome).toMatchObject({
    result: { summary: { rowsKept: 1 }, refusals: [{ line: 1, reason: 'DUPLICATE_ORDER' }] },
  });
});

test('refuses the same input twice, unless it is a replay', async () => {
  const once = { ...input, rows: [{ ...row, orderNumber: '30' }] };
  const idempotency = { key: 'k', mutation: 'salesImport', arguments: once };
  const first = await sales.importRows(once, idempotency);
  expect(await sales.importRows(once, idempotency)).toEqual(first);
  expect(await sales.importRows(once)).toMatchObject({
    userErrors: [
      {
        code: 'DUPLICATE_IMPORT',
        field: ['input', 'rows'],
        message: expect.stringMatching(/^rows must be new, but the same input was imported on 2\d{3}-.*\.$/),
      },
    ],
  });
});

test.each([
  [{ warehouseCode: 'X' }, 'NOT_FOUND', `warehouseCode must be the code of a warehouse, got 'X'.`],
  [{ rows: [] }, 'INVALID_INPUT', 'rows must have at least one entry, got none.'],
  [{ rows: new Array(1_001).fill(row) }, 'TOO_MANY_LINES', 'rows must have at most 1000 entries, got 1001.'],
  [{ channel: '' }, 'INVALID_INPUT', 'channel must have 1 to 64 printable characters, got 0.'],
  [{ currencyCode: 'eur' }, 'INVALID_INPUT', `currencyCode must be three capital letters, got 'eur'.`],
] as const)('refuses the whole input %#', async (changes, code, message) => {
  const outcome = await sales.importRows({ ...input, ...changes });
  expect(outcome).toEqual({
    kind: 'refused',
    userErrors: [{ code, message, field: ['input', Object.keys(changes)[0]] }],
  });
});
