import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type RunningServer, startServer } from '../../src/startServer.ts';
import { demoTemplate } from './demoTemplate.ts';
import { storeDump } from './storeDump.ts';
import { createPostgresqlDatabase } from './testDatabase.ts';

type Env = Readonly<Record<string, string>>;
export type Executor = 'compiled' | 'reference';
export const executors: readonly Executor[] = ['compiled', 'reference'];

/** An answer as a client sees it. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's, and each test asserts it
  readonly data: any;
  readonly errors: readonly AnswerError[] | undefined;
  readonly extensions: {
    readonly cost: { readonly requestedQueryCost: number; readonly actualQueryCost: number };
    readonly inference: readonly { model: string; runs: number; rows: number; durationMs: number }[];
  };
};
export type AnswerError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly requestId: string;
    readonly field?: readonly string[];
  };
};

/** The real server on a port of its own, over a store of its own that holds the demo shop. */
export type TestServer = RunningServer & {
  /** Address without path. */
  readonly origin: string;
  ask(query: string, variables?: unknown, headers?: Env): Promise<Answer>;
};

/** Starts a server in this process; `close` removes its store. */
export async function startTestServer(env: Env = {}): Promise<TestServer> {
  const store = await makeDemoStore();
  try {
    const server = await startServer({
      NODE_ENV: 'test',
      SUPPLYGRAPH_PORT: '0',
      SUPPLYGRAPH_LOG_LEVEL: 'silent',
      SUPPLYGRAPH_DEMO: 'false',
      ...store.env,
      ...env,
    });
    return {
      ...server,
      origin: new URL(server.url).origin,
      ask: (query, variables, headers) => ask(server.url, { query, variables }, headers),
      async close() {
        await server.close();
        await store.remove();
      },
    };
  } catch (error) {
    await store.remove();
    throw error;
  }
}

/** Makes a store with the demo shop: a folder filled from a dump, or a database copied from a template. */
export async function makeDemoStore(): Promise<{ readonly env: Env; remove(): Promise<void> }> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl !== undefined) {
    const { url, drop } = await createPostgresqlDatabase(serverUrl, await demoTemplate(serverUrl));
    return { env: { DATABASE_URL: url, SUPPLYGRAPH_DATABASE_CONNECTIONS: '10' }, remove: drop };
  }
  const folder = await mkdtemp(join(tmpdir(), 'supplygraph-test-'));
  const filled = await PGlite.create(join(folder, 'postgresql'), { loadDataDir: await storeDump('demo') });
  await filled.close();
  return {
    env: { SUPPLYGRAPH_DATA_FOLDER: folder },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Sends one request as clients do and reads the answer. */
export async function ask(url: string, body: unknown, headers: Env = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    ...((await response.json()) as Omit<Answer, 'status' | 'headers'>),
  }; // the answer's fixed shape
}

/** Sum of a counter of the server's metrics over its labels. */
export async function counterOf(server: Pick<TestServer, 'origin'>, name: string): Promise<number> {
  const text = await (await fetch(`${server.origin}/metrics`)).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}
