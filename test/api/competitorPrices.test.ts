import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const record = `mutation ($input: CompetitorPriceRecordInput!, $key: String!) {
  competitorPriceRecord(input: $input) @idempotent(key: $key) { recorded userErrors { code field message } }
}`;

it('records what a competitor asks, shows the latest of each and the history by time', async () => {
  const { data: page } = await server.ask(
    '{ productVariants(first: 1) { nodes { id price { currencyCode } } } }',
  );
  const [{ id, price }] = page.productVariants.nodes;
  const line = {
    variantId: id,
    competitor: 'Acme',
    price: '4.99',
    ...price,
    observedAt: '2026-11-02T08:00:00+01:00',
  };
  const input = {
    source: 'crawler',
    prices: [line, { ...line, price: '5.49', observedAt: '2026-11-03T00:00:00Z' }],
  };
  const recorded = await server.ask(record, { input, key: 'one' });
  expect(recorded.errors).toBeUndefined();
  expect(recorded.data.competitorPriceRecord).toEqual({ recorded: 2, userErrors: [] });
  expect((await server.ask(record, { input, key: 'one' })).data).toEqual(recorded.data);
  const { data, errors } = await server.ask(
    `query ($id: ID!) {
      node(id: $id) { ... on ProductVariant { competitorPrices { id competitor price { amount currencyCode } source observedAt } } }
      competitorPrices(first: 10, filter: { variantIds: [$id], competitors: ["Acme"], observedAt: { before: "2026-11-03T00:00:00Z" } }) {
        totalCount nodes { price { amount } observedAt variant { id } }
      }
    }`,
    { id },
  );
  expect(errors).toBeUndefined();
  expect(data.node.competitorPrices).toContainEqual({
    id: expect.any(String),
    competitor: 'Acme',
    price: { amount: '5.49', ...price },
    source: 'crawler',
    observedAt: '2026-11-03T00:00:00.000Z',
  });
  expect(data.competitorPrices).toEqual({
    totalCount: 1,
    nodes: [{ price: { amount: '4.99' }, observedAt: '2026-11-02T07:00:00.000Z', variant: { id } }],
  });
});

it('refuses another currency by the path of the input', async () => {
  const { data: page } = await server.ask('{ productVariants(first: 1) { nodes { id } } }');
  const line = {
    variantId: page.productVariants.nodes[0].id,
    competitor: 'Acme',
    price: '4.99',
    currencyCode: 'JPY',
    observedAt: '2026-11-02T08:00:00Z',
  };
  const { data } = await server.ask(record, { input: { source: 'crawler', prices: [line] }, key: 'two' });
  expect(data.competitorPriceRecord).toEqual({
    recorded: 0,
    userErrors: [
      {
        code: 'CURRENCY_MISMATCH',
        field: ['input', 'prices', '0', 'currencyCode'],
        message: 'input.prices.0.currencyCode must be the currency of its variant, EUR, got JPY.',
      },
    ],
  });
});
