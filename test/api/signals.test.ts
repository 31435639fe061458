import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const recordSignals = `mutation ($input: ProductSignalsRecordInput!) {
  productSignalsRecord(input: $input) @idempotent(key: "signals-1") { recorded userErrors { code field message } }
}`;

it('records what was written about a variant, shows it, and answers every forecast with what it does', async () => {
  const { data } = await server.ask('{ productVariants(first: 1) { nodes { id } } }');
  const [{ id }] = data.productVariants.nodes;
  const signals = [
    { variantId: id, weekStartsOn: '2026-10-19', complaints: 3, texts: 4, sentiment: -0.5 },
    { variantId: id, weekStartsOn: '2026-10-12', complaints: 0, texts: 0 },
  ];
  const recorded = await server.ask(recordSignals, { input: { signals } });
  expect(recorded.errors).toBeUndefined();
  expect(recorded.data.productSignalsRecord).toEqual({ recorded: 2, userErrors: [] });
  const again = await server.ask(recordSignals, { input: { signals } });
  expect(again.data).toEqual(recorded.data);
  const answer = await server.ask(
    `query ($id: ID!) { node(id: $id) { ... on ProductVariant {
      signals { weekStartsOn complaints complaintRate texts sentiment }
      late: signals(from: "2026-10-13") { weekStartsOn }
      forecast(horizon: 1) { influences { name coefficient standardError } }
    } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data.node).toMatchObject({
    signals: [
      { weekStartsOn: '2026-10-12', complaints: 0, complaintRate: 0, texts: 0, sentiment: null },
      { weekStartsOn: '2026-10-19', complaints: 3, texts: 4, sentiment: -0.5 },
    ],
    late: [{ weekStartsOn: '2026-10-19' }],
    forecast: { influences: [] }, // two weeks are no evidence
  });
  expect(answer.data.node.signals[1].complaintRate).toBeGreaterThan(0);
  expect(answer.data.node.signals[1].complaintRate).toBeLessThan(3);
});

it('refuses what is none, by the path of the input', async () => {
  const id = Buffer.from('ProductVariant:1').toString('base64url');
  const signals = [{ variantId: id, weekStartsOn: '2026-10-20', complaints: 0, texts: 0 }];
  const { data } = await server.ask(recordSignals.replace('signals-1', 'signals-2'), { input: { signals } });
  expect(data.productSignalsRecord).toEqual({
    recorded: 0,
    userErrors: [
      {
        code: 'INVALID_WEEK',
        field: ['input', 'signals', '0', 'weekStartsOn'],
        message: 'input.signals.0.weekStartsOn must be a Monday, got 2026-10-20.',
      },
    ],
  });
});
