import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const record = `mutation ($input: UnitCostRecordInput!) {
  unitCostRecord(input: $input) @idempotent(key: "costs") { recorded userErrors { code field message } }
}`;

it('records what a unit costs from a day on and tells it for any day', async () => {
  const { data: page } = await server.ask(
    '{ productVariants(first: 1) { nodes { id price { currencyCode } unitCostHistory { cost { amount } } } } }',
  );
  const [{ id, price, unitCostHistory }] = page.productVariants.nodes;
  const costs = [{ variantId: id, cost: '1.2345', ...price, validFrom: '2999-01-01' }];
  const input = { actor: 'Ada', reference: 'contract', costs };
  const recorded = await server.ask(record, { input });
  expect(recorded.errors).toBeUndefined();
  expect(recorded.data.unitCostRecord).toEqual({ recorded: 1, userErrors: [] });
  expect((await server.ask(record, { input })).data).toEqual(recorded.data);
  const { data, errors } = await server.ask(
    `query ($id: ID!) { node(id: $id) { ... on ProductVariant {
      unitCost { cost { amount } source }
      later: unitCost(at: "2999-01-01") { cost { amount currencyCode } validFrom source reference actor }
      unitCostHistory { cost { amount } } } } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  expect(data.node.unitCost).toEqual({ ...unitCostHistory.at(-1), source: 'RECORDED' });
  expect(data.node.later).toEqual({
    cost: { amount: '1.2345', ...price },
    validFrom: '2999-01-01',
    source: 'RECORDED',
    reference: 'contract',
    actor: 'Ada',
  });
  expect(data.node.unitCostHistory).toEqual([...unitCostHistory, { cost: { amount: '1.2345' } }]);
});
