import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

describe.each(executors)('complaints over HTTP under the %s executor', (executor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      SUPPLYGRAPH_EXECUTOR: executor,
      SUPPLYGRAPH_API_KEYS: 'desk',
      SUPPLYGRAPH_PERSONAL_DATA_KEYS: 'privacy',
      SUPPLYGRAPH_JOB_WORKERS: '0',
    });
  });
  afterAll(() => server.close());
  const desk = { 'x-api-key': 'desk' };
  const privacy = { 'x-api-key': 'privacy' };

  it('are submitted, worked on and read; only some keys show texts unmasked', async () => {
    const { data } = await server.ask('{ productVariants(first: 1) { nodes { id sku } } }', {}, desk);
    const [{ id: variantId, sku }] = data.productVariants.nodes;
    const submit = `mutation ($input: ComplaintSubmitInput!) {
      complaintSubmit(input: $input) @idempotent(key: "c-1") {
        complaint { id text isTextMasked status channel variant { id } supplier { name } overrides { reason } messages { text } }
        userErrors { code field message } } }`;
    const text = 'Broken! Write to jane@example.com.';
    const input = { text, channel: 'CHAT', sku, customerReference: 'C-7' };
    const submitted = await server.ask(submit, { input }, desk);
    expect(submitted.errors).toBeUndefined();
    expect(submitted.data.complaintSubmit.userErrors).toEqual([]);
    const { complaint } = submitted.data.complaintSubmit;
    expect(complaint).toMatchObject({
      text: 'Broken! Write to [email].',
      isTextMasked: true,
      status: 'OPEN',
      variant: { id: variantId },
      overrides: [],
      messages: [],
    });
    const worked = await server.ask(
      `mutation ($id: ID!) {
        complaintUpdate(input: { complaintId: $id, status: IN_PROGRESS, assignee: "Ada" }) { userErrors { code } }
        complaintMessageAdd(input: { complaintId: $id, author: CUSTOMER, text: "+44 20 7946 0958" }) { userErrors { code } }
        complaintOverrideTriage(input: { complaintId: $id, severity: HIGH, intent: "complaint", author: "Ada", reason: "Read it" }) {
          complaint { severity intent overrides { severity sentiment author model { name } } } userErrors { code } } }`,
      { id: complaint.id },
      desk,
    );
    expect(worked.errors).toBeUndefined();
    expect(worked.data.complaintOverrideTriage.complaint).toEqual({
      severity: 'HIGH',
      intent: 'complaint',
      overrides: [expect.objectContaining({ severity: 'HIGH', sentiment: null, author: 'Ada' })],
    });
    const read = `query ($id: ID!) {
      complaint(id: $id) { text isTextMasked messages { author text } }
      complaints(filter: { severities: [HIGH], assignee: { eq: "Ada" }, search: "broken" },
                 orderBy: { field: SEVERITY }) { totalCount nodes { id } } }`;
    const masked = await server.ask(read, { id: complaint.id }, desk);
    expect(masked.data.complaint.messages).toEqual([{ author: 'CUSTOMER', text: '[phone]' }]);
    expect(masked.data.complaints).toEqual({ totalCount: 1, nodes: [{ id: complaint.id }] });
    expect((await server.ask(read, { id: complaint.id }, privacy)).data.complaint).toEqual({
      text,
      isTextMasked: false,
      messages: [{ author: 'CUSTOMER', text: '+44 20 7946 0958' }],
    });
    const remove = `mutation { customerTextsDelete(input: { customerReference: "C-7", actor: "Ada", reason: "Asked" }) {
      complaints messages userErrors { code } } }`;
    expect((await server.ask(remove, {}, desk)).errors?.[0]).toMatchObject({
      message: 'customerTextsDelete must be called with an API key that may read personal data.',
      extensions: { code: 'FORBIDDEN' },
    });
    expect((await server.ask(remove, {}, privacy)).data.customerTextsDelete).toEqual({
      complaints: 1,
      messages: 1,
      userErrors: [],
    });
    expect((await server.ask(read, { id: complaint.id }, privacy)).data.complaint.text).toBeNull();
    expect((await server.ask('{ complaint(id: "x") { id } }', {}, desk)).data).toEqual({ complaint: null });
  });
});
