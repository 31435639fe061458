import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterOf, executors, startTestServer, type TestServer } from '../support/testServer.ts';

const step = (verb: string) => `mutation ($input: Recommendation${verb}Input!, $key: String!) {
  outcome: recommendation${verb}(input: $input) @idempotent(key: $key) {
    recommendation { __typename id status actor reason history { status actor }
      ... on ComplaintRecommendation { outcome { cancelledAt reservation { status lines { quantity } } } } }
    userErrors { code field message } } }`;
const shown = `id status rule explanation needsSecondPerson inputHash model { name version } createdAt decidedAt
  ... on ComplaintRecommendation {
    action queue quantity amount { amount currencyCode } variant { sku } warehouse { code } supplier { code }
    purchaseOrder { number expeditedAt } shipmentReference complaint { salesOrderNumber }
    facts { intent isCorrected orderQuantity unitPrice { amount } refundable { amount } orderAgeDays available
      stockWarehouse { code } homeWarehouse { code } purchaseOrder { number } recentComplaints salesOrderNumber }
    outcome { kind assignee cancelledAt } }`;
const correct = `mutation ($id: ID!, $intent: String!) { complaintOverrideTriage(input: {
  complaintId: $id, intent: $intent, severity: MEDIUM, author: "Ada", reason: "Read it" }) {
    complaint { recommendations { id action } } userErrors { message } } }`;

describe.each(executors)('recommendations over HTTP under the %s executor', (executor) => {
  let server: TestServer;
  let sku: string;
  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor, SUPPLYGRAPH_JOB_WORKERS: '0' });
    const { data } = await server.ask(
      '{ productVariants(first: 100) { nodes { sku inventoryLevels { available warehouse { code } } } } }',
    );
    type Variant = { sku: string; inventoryLevels: { available: number; warehouse: { code: string } }[] };
    const stocked = (data.productVariants.nodes as Variant[]).find(({ inventoryLevels }) =>
      inventoryLevels.some((level) => level.available >= 9 && level.warehouse.code === 'RTM'),
    );
    sku = stocked?.sku ?? '';
  });
  afterAll(() => server.close());

  /** Imports an order of two units, complains about it, and has a person say what the text wants. */
  async function complain(number: string, intent: string) {
    const soldAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const rows = [{ orderNumber: number, sku, quantity: 2, soldAt, unitPrice: '12.50' }];
    const imported = await server.ask(
      'mutation ($input: SalesImportInput!) { salesImport(input: $input) { userErrors { message } } }',
      { input: { warehouseCode: 'RTM', currencyCode: 'EUR', channel: `test-${number}`, rows } },
    );
    expect(imported.data.salesImport.userErrors).toEqual([]);
    const submitted = await server.ask(
      'mutation ($input: ComplaintSubmitInput!) { complaintSubmit(input: $input) { complaint { id } } }',
      { input: { text: 'The lid does not fit.', channel: 'EMAIL', salesOrderNumber: number, sku } },
    );
    const { id } = submitted.data.complaintSubmit.complaint;
    const corrected = await server.ask(correct, { id, intent });
    expect(corrected.errors).toBeUndefined();
    const [recommendation] = corrected.data.complaintOverrideTriage.complaint.recommendations;
    return { complaintId: id as string, ...recommendation } as {
      complaintId: string;
      id: string;
      action: string;
    };
  }
  const take = async (verb: string, input: object, key: string) =>
    (await server.ask(step(verb), { input, key: `${executor}-${key}` })).data.outcome;

  it('are proposed, accepted, applied once however often it is sent, and reverted', async () => {
    const { id, action } = await complain('API-1', 'complaint');
    expect(action).toBe('REPLACEMENT');
    const given = { recommendationId: id, actor: 'Ada' };
    expect(await take('Accept', given, 'a')).toMatchObject({
      recommendation: { __typename: 'ComplaintRecommendation', id, status: 'ACCEPTED', actor: 'Ada' },
      userErrors: [],
    });
    const applied = await take('Apply', given, 'b');
    expect(applied.recommendation).toMatchObject({
      status: 'APPLIED',
      history: [
        { status: 'ACCEPTED', actor: 'Ada' },
        { status: 'APPLIED', actor: 'Ada' },
      ],
      outcome: { cancelledAt: null, reservation: { status: 'ACTIVE', lines: [{ quantity: 2 }] } },
    });
    expect(await take('Apply', given, 'b')).toEqual(applied);
    expect(await take('Apply', given, 'c')).toEqual({
      recommendation: null,
      userErrors: [
        {
          code: 'INVALID_STATE',
          field: ['input', 'recommendationId'],
          message: 'input.recommendationId must be ACCEPTED for this step, got one that is APPLIED.',
        },
      ],
    });
    const consistency = '{ inventoryConsistency { isConsistent } }';
    expect((await server.ask(consistency)).data.inventoryConsistency.isConsistent).toBe(true);
    const reverted = await take('Revert', { ...given, reason: 'The lid was found.' }, 'd');
    expect(reverted.recommendation).toMatchObject({
      status: 'REVERTED',
      reason: 'The lid was found.',
      outcome: { reservation: { status: 'RELEASED' } },
    });
    expect((await server.ask(consistency)).data.inventoryConsistency.isConsistent).toBe(true);
  });

  it('are read by kind and state with all they rest on, a page by as many statements as one', async () => {
    const { id } = await complain('API-2', 'get_refund');
    for (const number of ['API-3', 'API-4']) await complain(number, 'get_refund');
    const list = `query ($first: Int!) { recommendations(first: $first, filter: {
      statuses: [PROPOSED], complaintActions: [REFUND] }) { totalCount nodes { ${shown} } } }`;
    const page = await server.ask(list, { first: 100 });
    expect(page.errors).toBeUndefined();
    expect(page.data.recommendations.totalCount).toBe(3);
    const oldest = page.data.recommendations.nodes.at(-1);
    expect(oldest).toMatchObject({
      id,
      status: 'PROPOSED',
      rule: 'REFUND_WITHIN_WINDOW',
      action: 'REFUND',
      quantity: 2,
      amount: { amount: '25.00', currencyCode: 'EUR' },
      variant: { sku },
      complaint: { salesOrderNumber: 'API-2' },
      facts: { intent: 'get_refund', isCorrected: true, orderQuantity: 2, homeWarehouse: { code: 'RTM' } },
      outcome: null,
    });
    const statements = async (first: number) => {
      const before = await counterOf(server, 'supplygraph_sql_statements_total');
      await server.ask(list, { first });
      return (await counterOf(server, 'supplygraph_sql_statements_total')) - before;
    };
    expect(await statements(1)).toBeGreaterThan(0);
    expect(await statements(3)).toBe(await statements(1));
    expect(
      (await server.ask(`query ($id: ID!) { node(id: $id) { id __typename } }`, { id })).data.node,
    ).toEqual({
      id,
      __typename: 'ComplaintRecommendation',
    });
    expect(
      await take('Reject', { recommendationId: id, actor: 'Bo', reason: 'Not ours.' }, 'e'),
    ).toMatchObject({
      recommendation: { status: 'REJECTED', actor: 'Bo', reason: 'Not ours.' },
    });
  });

  it('are not stepped with by ids of other things', async () => {
    const { complaintId } = await complain('API-5', 'get_invoice');
    const { errors } = await server.ask(step('Accept'), {
      input: { recommendationId: complaintId, actor: 'Ada' },
      key: 'f',
    });
    expect(errors?.[0]).toMatchObject({
      message: `input.recommendationId must be the id of a recommendation, got '${complaintId}'.`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});
