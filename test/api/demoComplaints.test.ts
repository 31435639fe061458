import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultySku } from '../../seed/demoComplaints.ts';
import { startTestServer, type TestServer } from '../support/testServer.ts';
import { hasTriageModel } from '../support/triageModel.ts';

describe.skipIf(!hasTriageModel)('complaints of the demo shop as read (needs models/triage)', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const started = await server.ask(
      'mutation { complaintsTriage(input: {}) { job { id } userErrors { message } } }',
    );
    expect(started.data.complaintsTriage.userErrors).toEqual([]);
    const { id } = started.data.complaintsTriage.job;
    const read = async () =>
      (await server.ask('query ($id: ID!) { node(id: $id) { ... on Job { state } } }', { id })).data.node
        .state;
    await vi.waitUntil(async () => (await read()) === 'COMPLETED', { timeout: 280_000, interval: 250 });
  }, 300_000);
  afterAll(() => server.close());

  it('each have a step proposed for the customer, a person’s where the model is not sure', async () => {
    const { data } = await server.ask(
      `{ pending: complaints(filter: { triageStates: [PENDING] }) { totalCount }
         all: complaints { totalCount }
         acted: recommendations(filter: { complaintActions: [REFUND, REPLACEMENT, EXPEDITE] }) { totalCount }
         human: recommendations(filter: { complaintActions: [HUMAN] }, first: 100) { totalCount nodes { rule
           ... on ComplaintRecommendation { facts { confidence intentAccept } } } } }`,
    );
    expect(data.pending.totalCount).toBe(0);
    expect(data.acted.totalCount + data.human.totalCount).toBe(data.all.totalCount);
    expect(data.acted.totalCount).toBeGreaterThan(0);
    const unsure = data.human.nodes.filter(({ rule }: { rule: string }) => rule === 'LOW_CONFIDENCE');
    expect(unsure.length).toBeGreaterThan(0);
    for (const { facts } of unsure) expect(facts.confidence).toBeLessThan(facts.intentAccept);
  });

  it('about the faulty product lead to a claim on its supplier once a person says what they are', async () => {
    const { data } = await server.ask(`{ productVariantBySku(sku: "${faultySku}") { id } }`);
    const listed = await server.ask(
      'query ($ids: [ID!]) { complaints(first: 1, filter: { variantIds: $ids }) { nodes { id } } }',
      { ids: [data.productVariantBySku.id] },
    );
    const corrected = await server.ask(
      `mutation ($id: ID!) { complaintOverrideTriage(input: { complaintId: $id, intent: "complaint", severity: MEDIUM,
        author: "Ada", reason: "The coating peels" }) { complaint { recommendations {
          action rule variant { sku } supplier { code } } } } }`,
      { id: listed.data.complaints.nodes[0].id },
    );
    expect(corrected.data.complaintOverrideTriage.complaint.recommendations).toContainEqual({
      action: 'SUPPLIER_CLAIM',
      rule: 'COMPLAINTS_JUMPED',
      variant: { sku: faultySku },
      supplier: { code: 'RHEINTAL' },
    });
  });
});
