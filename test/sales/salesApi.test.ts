import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const importSales = `mutation ($input: SalesImportInput!) {
  salesImport(input: $input) {
    summary { rowsRead rowsKept refused { reason rows } units returns revenue { amount currencyCode } }
    refusals { line reason message } userErrors { code field message }
  }
}`;
const row = {
  orderNumber: 'w-1',
  sku: 'NEW-1',
  name: 'New lamp',
  quantity: 4,
  soldAt: '2026-10-30T12:00:00Z',
  unitPrice: '12.50',
};

test('sales that are imported appear in the sales of their variant', async () => {
  const input = {
    warehouseCode: 'LYS',
    currencyCode: 'EUR',
    rows: [row, { ...row, orderNumber: 'w-2', quantity: -1 }, { ...row, orderNumber: 'w-3', unitPrice: '0' }],
  };
  const { data } = await server.ask(importSales, { input });
  expect(data.salesImport).toEqual({
    summary: {
      rowsRead: 3,
      rowsKept: 2,
      refused: [{ reason: 'NO_PRICE', rows: 1 }],
      units: 4,
      returns: 1,
      revenue: { amount: '50.00', currencyCode: 'EUR' },
    },
    refusals: [{ line: 3, reason: 'NO_PRICE', message: `unitPrice must be above 0, got '0'.` }],
    userErrors: [],
  });
  const variant = `{ productVariantBySku(sku: "NEW-1") { name unitsSold available
    sales(from: "2026-10-29", to: "2026-10-31") { periodStart units returns inStock revenue { amount currencyCode } } } }`;
  const answer = await server.ask(variant);
  expect(answer.data.productVariantBySku).toMatchObject({ name: 'New lamp', unitsSold: 3, available: 0 });
  expect(answer.data.productVariantBySku.sales).toEqual([
    {
      periodStart: '2026-10-29',
      units: 0,
      returns: 0,
      inStock: true,
      revenue: [{ amount: '0.00', currencyCode: 'EUR' }],
    },
    {
      periodStart: '2026-10-30',
      units: 4,
      returns: 1,
      inStock: true,
      revenue: [{ amount: '50.00', currencyCode: 'EUR' }],
    },
    {
      periodStart: '2026-10-31',
      units: 0,
      returns: 0,
      inStock: true,
      revenue: [{ amount: '0.00', currencyCode: 'EUR' }],
    },
  ]);
});

test('an import that is refused as a whole says why in userErrors', async () => {
  const input = { warehouseCode: 'NOWHERE', currencyCode: 'EUR', rows: [row] };
  const { data } = await server.ask(importSales, { input });
  expect(data.salesImport).toEqual({
    summary: null,
    refusals: [],
    userErrors: [
      {
        code: 'NOT_FOUND',
        field: ['input', 'warehouseCode'],
        message: `warehouseCode must be the code of a warehouse, got 'NOWHERE'.`,
      },
    ],
  });
});

test('the store’s sales have one entry a period up to the last reported day', async () => {
  const { data } = await server.ask('{ sales(interval: MONTH) { periodStart units } }');
  expect(data.sales).toHaveLength(90);
  expect(data.sales.at(-1).periodStart).toBe('2026-10-01');
  expect(data.sales.at(-1).units).toBeGreaterThan(1_000);
});

test('a backward range is the caller’s fault', async () => {
  const { errors } = await server.ask('{ sales(from: "2026-02-01", to: "2026-01-01") { units } }');
  expect(errors?.[0]).toMatchObject({
    message: 'from must not be later than to, got 2026-02-01 and 2026-01-01.',
    extensions: { code: 'BAD_USER_INPUT' },
  });
});
