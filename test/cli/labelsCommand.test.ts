import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runLabels } from '../../src/cli/labelsCommand.ts';
import { startServer } from '../../src/startServer.ts';
import { ask, makeDemoStore } from '../support/testServer.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-labels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('writes masked texts with the last label that people gave, and none that was deleted', async () => {
  const store = await makeDemoStore();
  const env = { NODE_ENV: 'test', SUPPLYGRAPH_LOG_LEVEL: 'silent', SUPPLYGRAPH_DEMO: 'false', ...store.env };
  const server = await startServer({
    ...env,
    SUPPLYGRAPH_PORT: '0',
    SUPPLYGRAPH_JOB_WORKERS: '0',
    SUPPLYGRAPH_PERSONAL_DATA_KEYS: 'privacy',
  });
  const send = (query: string, variables: object) =>
    ask(server.url, { query, variables }, { 'x-api-key': 'privacy' });
  const submit = async (text: string, customerReference: string) => {
    const { data } = await send(
      'mutation ($input: ComplaintSubmitInput!) { complaintSubmit(input: $input) { complaint { id } } }',
      { input: { text, customerReference, channel: 'EMAIL' } },
    );
    return data.complaintSubmit.complaint.id;
  };
  const label = (id: string, intent: string, severity: string) =>
    send(
      `mutation ($id: ID!, $intent: String!, $severity: ComplaintSeverity!) { complaintOverrideTriage(input: {
        complaintId: $id, intent: $intent, severity: $severity, author: "Ada", reason: "Jane said so" }) {
          userErrors { code } } }`,
      { id, intent, severity },
    );
  const kept = await submit('He said "no", my name is Jane Roe,\njane@example.com', 'C-1');
  const gone = await submit('Call me on +44 20 7946 0958', 'C-2');
  await submit('Nobody looked at this', 'C-3');
  await label(kept, 'complaint', 'LOW');
  await label(kept, 'get_refund', 'HIGH');
  await label(gone, 'complaint', 'LOW');
  await send(
    'mutation { customerTextsDelete(input: { customerReference: "C-2", actor: "Ada", reason: "Asked" }) { complaints } }',
    {},
  );
  await server.close();
  for (const [name, expected] of [
    ['intent', 'get_refund'],
    ['severity', 'high'],
  ] as const) {
    const file = join(folder, `${name}.csv`);
    await runLabels(['--out', file, '--label', name], env);
    expect(parse(await readFile(file, 'utf8'), { columns: true })).toEqual([
      { text: 'He said "no", my name is [name],\n[email]', [name]: expected },
    ]);
  }
  await store.remove();
});

it.each([
  [[], '--out must name the file to write, got none.'],
  [
    ['--out', 'a', '--label', 'mood'],
    "--label must be one of intent, severity, sentiment, isComplaint, got 'mood'.",
  ],
])('refuses %o in one sentence', async (arguments_, message) => {
  await expect(runLabels(arguments_, {})).rejects.toThrow(message);
});
