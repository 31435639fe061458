import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../../src/projectRoot.ts';
import { ask, makeDemoStore } from '../support/testServer.ts';

type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };
type Process = {
  readonly child: ChildProcess;
  readonly lines: LogLine[];
  readonly errors: string[];
  /** Resolves with the first log line, past or future, that has this message. */
  waitFor(message: string): Promise<LogLine>;
};

function start(env: Readonly<Record<string, string>>): Process {
  const child = spawn(process.execPath, ['--import', 'tsx', projectFile('src', 'main.ts')], {
    cwd: projectFile(),
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      SUPPLYGRAPH_PORT: '0',
      SUPPLYGRAPH_DEMO: 'false',
      ...env,
    },
  });
  const lines: LogLine[] = [];
  const errors: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(JSON.parse(line) as LogLine)); // pino writes one object a line
  child.stderr.on('data', (data) => errors.push(String(data)));
  const waitFor = (message: string) =>
    new Promise<LogLine>((resolve, reject) => {
      const look = () => {
        const found = lines.find(({ msg }) => msg === message);
        if (found !== undefined) resolve(found);
      };
      look();
      output.on('line', look);
      child.once('exit', (code) =>
        reject(new Error(`The process must run, but it ended with ${code}: ${errors.join('')}`)),
      );
    });
  return { child, lines, errors, waitFor };
}

const slowQuery = `{ productVariants(first: 100) { nodes { sku forecast(horizon: 64) { points { mean } } reorderProposal { quantity } } } }`;

describe('the process', () => {
  let store: Awaited<ReturnType<typeof makeDemoStore>>;
  let server: Process;
  let url: string;

  beforeAll(async () => {
    store = await makeDemoStore();
    server = start(store.env);
    url = String((await server.waitFor('ready')).url);
  }, 120_000);

  afterAll(async () => {
    server.child.kill('SIGKILL');
    await store.remove();
  });

  it('listens on this machine alone unless told otherwise', () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  });

  it('keeps what customers write about themselves out of its log and its metrics', async () => {
    const secrets = [
      'jane@example.com',
      '+44 20 7946 0958',
      '4111 1111 1111 1111',
      'Jane Roe',
      'Green Street',
    ];
    const text = `My name is ${secrets[3]}, 12 ${secrets[4]}; ${secrets.slice(0, 3).join(', ')}`;
    const submit =
      'mutation ($input: ComplaintSubmitInput!) { complaintSubmit(input: $input) { complaint { text } userErrors { code } } }';
    const given = { text, channel: 'EMAIL', customerReference: secrets[0] };
    const stored = await ask(url, { query: submit, variables: { input: given } });
    expect(stored.data.complaintSubmit.complaint.text).toBe(
      'My name is [name], [address]; [email], [phone], [card]',
    );
    for (const variables of [
      { input: { ...given, sku: text } },
      { input: { ...given, text: `${text}\0` } },
      { input: { ...given, channel: text } },
    ])
      await ask(url, { query: submit, variables });
    const last = { query: `{ complaints(filter: { search: "${text}" }) { nodes { id ` };
    await ask(url, last, { 'x-request-id': 'privacy-1' });
    await expect.poll(() => server.lines.some(({ requestId }) => requestId === 'privacy-1')).toBe(true);
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    expect(metrics).toContain('supplygraph_sql_statements_total');
    const told = `${JSON.stringify(server.lines)}${server.errors.join('')}${metrics}`;
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it('writes one line a request with its id, operation, statements, model runs and duration', async () => {
    const query = 'query Names { products(first: 3) { nodes { name available } } }';
    await ask(url, { query }, { 'x-request-id': 'names-1' });
    await expect
      .poll(() => server.lines.filter(({ requestId }) => requestId === 'names-1'))
      .toEqual([
        expect.objectContaining({
          msg: 'request',
          operationName: 'Names',
          status: 200,
          statements: 2,
          modelRuns: 0,
          errors: 0,
          durationMs: expect.any(Number),
        }),
      ]);
  });

  it('refuses a second process on its data folder', async () => {
    if (process.env.TEST_DATABASE_URL !== undefined) return; // PostgreSQL serves many
    const second = start(store.env);
    const [code] = await once(second.child, 'exit');
    expect(code).toBe(1);
    expect(second.errors.join('')).toBe(
      `The data folder '${store.env.SUPPLYGRAPH_DATA_FOLDER}' must be used by one process at a time; process ${server.child.pid} has it open.\n`,
    );
  });

  it('told to stop, answers what is under way, takes nothing new and ends with 0', async () => {
    const underWay = ask(url, { query: slowQuery });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const start = performance.now();
    const exit = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    const { status, data, errors } = await underWay;
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data.productVariants.nodes).toHaveLength(100);
    const answeredAfter = performance.now() - start;
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - start - answeredAfter).toBeLessThan(5_000);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(server.errors.join('')).toBe('');
  });
});

describe('a process that cannot start', () => {
  it.each([
    [
      { SUPPLYGRAPH_PORT: '70000' },
      /^Configuration: SUPPLYGRAPH_PORT must be a whole number from 0 to 65535, got '70000'\.\n$/,
    ],
    [
      { DATABASE_URL: 'postgresql://127.0.0.1:1/shop' },
      /^DATABASE_URL must name a PostgreSQL server that answers, but 127\.0\.0\.1:1\/shop did not: ECONNREFUSED\.\n$/,
    ],
  ])('says why in one sentence and ends with 1: %o', async (env, sentence) => {
    const { child, errors } = start(env);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(errors.join('')).toMatch(sentence);
  });
});
