import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../src/startServer.ts';
import { makeOwnVersion } from '../support/ownVersion.ts';
import { ask, makeDemoStore, startTestServer, type TestServer } from '../support/testServer.ts';
import { hasTriageModel } from '../support/triageModel.ts';

const text = 'Where is my order? It should have arrived last week.';
const triage = `query ($texts: [String!]!) { textTriage(input: { texts: $texts }) {
  results { intent { name confidence } evidence { text weight } } model { name version } } }`;
const versions =
  '{ modelVersions { version isShipped isActive isServed problem createdAt labels { head names } metrics } }';
const activate = `mutation ($name: String! = "triage", $version: String!, $actor: String! = "Ada", $reason: String! = "Our labels") {
  modelActivate(input: { name: $name, version: $version, actor: $actor, reason: $reason }) {
    modelVersion { version isActive isServed } userErrors { code field message } } }`;
const rollBack = `mutation { modelRollback(input: { name: "triage", actor: "Grace", reason: "Worse" }) {
  modelVersion { version isActive isServed } userErrors { code field message } } }`;

describe.skipIf(!hasTriageModel)('versions of the triage model over HTTP (needs models/triage)', () => {
  let folder: string;
  let server: TestServer;
  let shipped: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'versions-'));
    await makeOwnVersion(folder, 'own-1');
    await makeOwnVersion(folder, 'own-2', (card) => {
      card.labels.intent = card.labels.intent.map((intent) => intent.replace('own_', 'second_'));
      const categories = Object.entries(card.categoryOfIntent);
      card.categoryOfIntent = Object.fromEntries(
        categories.map(([intent, category]) => [intent.replace('own_', 'second_'), category]),
      );
    });
    server = await startTestServer({ SUPPLYGRAPH_MODEL_VERSIONS_FOLDER: folder });
    const { data } = await server.ask(versions);
    shipped = data.modelVersions[0].version;
  }, 120_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function read(): Promise<{ intent: string; version: string }> {
    const { data, errors } = await server.ask(triage, { texts: [text] });
    expect(errors).toBeUndefined();
    const { results, model } = data.textTriage;
    expect(results[0].evidence.length).toBeGreaterThan(0);
    return { intent: results[0].intent.name, version: model.version };
  }

  it('are listed, the shipped one first, with their labels', async () => {
    const { data, errors } = await server.ask(versions);
    expect(errors).toBeUndefined();
    const [first, ...own] = data.modelVersions;
    expect(first).toMatchObject({
      isShipped: true,
      isActive: true,
      isServed: true,
      problem: null,
      createdAt: null,
    });
    expect(first.metrics.length).toBeGreaterThan(0);
    expect(own.map(({ version }: { version: string }) => version)).toEqual(['own-1', 'own-2']);
    expect(own[0]).toMatchObject({ isActive: false, isServed: false, createdAt: '2026-11-25T12:00:00.000Z' });
    const heads = own[0].labels.map(({ head }: { head: string }) => head);
    expect(heads).toEqual(['intent', 'category', 'sentiment', 'severity']);
    expect(own[0].labels[0].names).toContain('own_track_order');
    expect((await server.ask('{ modelVersions(name: "demand") { version } }')).data.modelVersions).toEqual(
      [],
    );
  });

  it('are activated and rolled back without a restart: the answers change, and change back', async () => {
    expect(await read()).toEqual({ intent: 'track_order', version: shipped });
    const first = await server.ask(activate, { version: 'own-1' });
    expect(first.data.modelActivate).toEqual({
      modelVersion: { version: 'own-1', isActive: true, isServed: true },
      userErrors: [],
    });
    expect(await read()).toEqual({ intent: 'own_track_order', version: 'own-1' });
    await server.ask(activate, { version: 'own-2' });
    expect(await read()).toEqual({ intent: 'second_track_order', version: 'own-2' });
    const { data } = await server.ask('{ models { name version } }');
    expect(data.models).toContainEqual({ name: 'triage', version: 'own-2' });

    const back = await server.ask(rollBack);
    expect(back.data.modelRollback.modelVersion).toEqual({
      version: 'own-1',
      isActive: true,
      isServed: true,
    });
    expect(await read()).toEqual({ intent: 'own_track_order', version: 'own-1' });
    await server.ask(rollBack);
    expect(await read()).toEqual({ intent: 'track_order', version: shipped });
    const refused = await server.ask(rollBack);
    expect(refused.data.modelRollback.userErrors).toEqual([
      {
        code: 'NOTHING_BEFORE',
        field: ['input', 'name'],
        message:
          "input.name must be a model whose version was changed, got 'triage', which answers by the shipped one.",
      },
    ]);
    const { data: log } = await server.ask(
      '{ modelActivations(first: 4) { name kind version actor reason } }',
    );
    expect(log.modelActivations).toEqual([
      { name: 'triage', kind: 'ROLLBACK', version: null, actor: 'Grace', reason: 'Worse' },
      { name: 'triage', kind: 'ROLLBACK', version: 'own-1', actor: 'Grace', reason: 'Worse' },
      { name: 'triage', kind: 'ACTIVATE', version: 'own-2', actor: 'Ada', reason: 'Our labels' },
      { name: 'triage', kind: 'ACTIVATE', version: 'own-1', actor: 'Ada', reason: 'Our labels' },
    ]);
  });

  it('of other labels triage complaints, which are filtered, counted and corrected by them', async () => {
    await server.ask(activate, { version: 'own-1' });
    const submitted = await server.ask(
      `mutation ($text: String!) { complaintSubmit(input: { text: $text, channel: EMAIL }) {
        complaint { id intent triage { intent { name } model { version } } } } }`,
      { text },
    );
    const { complaint } = submitted.data.complaintSubmit;
    expect(complaint).toMatchObject({
      intent: 'own_track_order',
      triage: { intent: { name: 'own_track_order' }, model: { version: 'own-1' } },
    });
    const corrected = await server.ask(
      `mutation ($id: ID!) { complaintOverrideTriage(input: { complaintId: $id, intent: "own_complaint", author: "Ada",
        reason: "Read it" }) { complaint { intent overrides { intent model { version } } } userErrors { message } } }`,
      { id: complaint.id },
    );
    expect(corrected.data.complaintOverrideTriage).toEqual({
      complaint: {
        intent: 'own_complaint',
        overrides: [{ intent: 'own_complaint', model: { version: 'own-1' } }],
      },
      userErrors: [],
    });
    const listed = await server.ask(
      '{ complaints(filter: { intents: ["own_complaint"] }) { nodes { id } } }',
    );
    expect(listed.data.complaints.nodes).toEqual([{ id: complaint.id }]);
    await server.ask(rollBack);
  });

  it('change under requests that all answer, each by one version', async () => {
    const answers: { intent: string; version: string }[] = [];
    let isSwitching = true;
    const reader = async () => {
      while (isSwitching) answers.push(await read());
    };
    const readers = [reader(), reader(), reader()];
    for (const version of ['own-1', 'own-2', shipped]) {
      const { data } = await server.ask(activate, { version });
      expect(data.modelActivate.userErrors).toEqual([]);
      answers.push(await read());
    }
    isSwitching = false;
    await Promise.all(readers);
    const intents = { 'own-1': 'own_track_order', 'own-2': 'second_track_order', [shipped]: 'track_order' };
    for (const { intent, version } of answers) expect(intent).toBe(intents[version]);
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(Object.keys(intents)));
  });

  it.each([
    [
      'UNKNOWN_VERSION',
      { version: '../demand' },
      'version',
      /must be one of the versions .*own-1, own-2.*, got '..\/demand'/,
    ],
    [
      'UNKNOWN_MODEL',
      { name: 'demand', version: '1' },
      'name',
      /must be 'triage', the model that has versions, got 'demand'/,
    ],
    [
      'BLANK',
      { version: 'own-1', actor: ' ' },
      'actor',
      /must have at least one character that can be seen, got none/,
    ],
    ['BLANK', { version: 'own-1', reason: '\u200b' }, 'reason', /must have at least one character/],
  ])('refuses %s in one sentence', async (code, variables, field, message) => {
    const { data } = await server.ask(activate, variables);
    expect(data.modelActivate.modelVersion).toBeNull();
    expect(data.modelActivate.userErrors).toEqual([
      { code, field: ['input', field], message: expect.stringMatching(message) },
    ]);
  });

  it('refuses the version that is active', async () => {
    const { data } = await server.ask(activate, { version: shipped });
    expect(data.modelActivate.userErrors).toEqual([
      {
        code: 'ALREADY_ACTIVE',
        field: ['input', 'version'],
        message: `input.version must be one that is not active, got '${shipped}', which is.`,
      },
    ]);
  });

  it('refuses files that are not those of the card, and answers that are not those of training', async () => {
    const other = await makeOwnVersion(folder, 'broken-1', (card) => {
      card.sha256 = '0'.repeat(64);
    });
    const golden = await makeOwnVersion(folder, 'broken-2');
    const path = join(golden, 'golden.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"tolerance": 0.02', '"tolerance": 0.0'));
    const cases = JSON.parse(await readFile(path, 'utf8')) as { cases: { outputs: { intent: number[] } }[] };
    for (const one of cases.cases) one.outputs.intent.reverse();
    await writeFile(path, JSON.stringify(cases));
    await makeOwnVersion(folder, 'broken-3');
    await writeFile(join(folder, 'triage', 'broken-3', 'card.json'), '{');
    const messages = [];
    for (const version of ['broken-1', 'broken-2', 'broken-3']) {
      const { data } = await server.ask(activate, { version });
      expect(data.modelActivate.userErrors).toEqual([
        { code: 'BROKEN_FILES', field: ['input', 'version'], message: expect.any(String) },
      ]);
      messages.push(data.modelActivate.userErrors[0].message);
    }
    expect(messages[0]).toMatch(
      /^Model 'triage': model.onnx must have the card's sha256 0{64}, got [0-9a-f]{64}\.$/,
    );
    expect(messages[1]).toMatch(
      /^Model 'triage': golden.json must be answered within .* of training: 'intent' of .* differs, got /,
    );
    expect(messages[2]).toBe('triage/card.json: the card must be valid JSON, and it is not.');
    expect((await read()).version).toBe(shipped);
    const { data } = await server.ask(versions);
    const problem = data.modelVersions.find(({ version }: { version: string }) => version === 'broken-3');
    expect(problem).toMatchObject({ problem: messages[2], labels: [], metrics: [] });
    await Promise.all([other, golden].map((one) => rm(one, { recursive: true })));
  });
});

const needs = '(needs models/triage and TEST_DATABASE_URL: the embedded store belongs to one server)';
describe.skipIf(!hasTriageModel || process.env.TEST_DATABASE_URL === undefined)(
  `two servers on one store ${needs}`,
  () => {
    it('both answer by the version that one of them was told to activate', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'versions-'));
      await makeOwnVersion(folder, 'own-1');
      const store = await makeDemoStore();
      const env = {
        NODE_ENV: 'test',
        SUPPLYGRAPH_PORT: '0',
        SUPPLYGRAPH_LOG_LEVEL: 'silent',
        SUPPLYGRAPH_DEMO: 'false',
      };
      const start = () => startServer({ ...env, ...store.env, SUPPLYGRAPH_MODEL_VERSIONS_FOLDER: folder });
      const servers = [await start(), await start()];
      const read = async (url: string) => {
        const { data } = await ask(url, { query: triage, variables: { texts: [text] } });
        return data.textTriage.model.version;
      };
      const [one = '', other = ''] = servers.map(({ url }) => url);
      const before = await read(other);
      await ask(one, { query: activate, variables: { version: 'own-1' } });
      expect(await read(one)).toBe('own-1');
      while ((await read(other)) === before) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await read(other)).toBe('own-1');
      for (const server of servers) await server.close();
      await store.remove();
      await rm(folder, { recursive: true });
    }, 120_000);
  },
);
