import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

it('forecasts and orders a product sold for two days by similar ones, and names them', async () => {
  const row = {
    sku: 'NEW-1',
    name: 'Desk lamp',
    quantity: 4,
    soldAt: '2026-10-30T12:00:00Z',
    unitPrice: '39.90',
  };
  const input = { warehouseCode: 'LYS', currencyCode: 'EUR', rows: [{ ...row, orderNumber: 'w-1' }] };
  const imported = await server.ask(
    `mutation ($input: SalesImportInput!) { salesImport(input: $input) { userErrors { message } } }`,
    { input },
  );
  expect(imported.data.salesImport.userErrors).toEqual([]);
  const { data, errors } = await server.ask(`{
    productVariantBySku(sku: "NEW-1") {
      forecast(horizon: 28) {
        members { name weight } accuracy { wape } points { mean p10 p90 }
        coldStart { ownPeriods weight similar { similarity weight variant { sku product { name } } } }
      }
      reorderProposal { formula inputs }
    }
    known: productVariants(first: 1) { nodes { forecast(horizon: 1) { coldStart { weight } } } }
  }`);
  expect(errors).toBeUndefined();
  const { forecast, reorderProposal } = data.productVariantBySku;
  const { coldStart, members, points } = forecast;
  expect(coldStart.ownPeriods).toBe(2);
  expect(coldStart.weight).toBeCloseTo(6 / (2 / 7 + 6), 9);
  expect(members.at(-1)).toEqual({ name: 'similar_variants', weight: coldStart.weight });
  expect(coldStart.similar).toHaveLength(20);
  expect(coldStart.similar[0].variant.product.name).toMatch(/lamp/i);
  const weights = coldStart.similar.map(({ weight }: { weight: number }) => weight);
  expect(weights.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 9);
  expect(forecast.accuracy).toBeNull();
  for (const point of points) expect(point.p10 <= point.p90 && point.mean >= 0).toBe(true);
  expect(reorderProposal.inputs.similarVariantsWeight).toBe(coldStart.weight);
  expect(reorderProposal.formula).toMatch(/95\.45 % of the forecast rests on similar variants\.$/);
  expect(data.known.nodes[0].forecast.coldStart).toBeNull();
});
