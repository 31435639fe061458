import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import type { Inference } from '../../src/inference/inferenceRuntime.ts';
import { makeApolloServer } from '../../src/server/apolloServer.ts';
import { makeHttpServer } from '../../src/server/httpServer.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { makeSchema } from '../../src/server/schema.ts';
import { makeServices, type ServiceParts, type Services } from '../../src/services.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { ask } from '../support/testServer.ts';

/** The models' figures; no test here runs one. */
const idle = {
  stats: () => ({
    pool: { busy: 0, queued: 0, answered: 0, failed: 0, refused: 0, timedOut: 0, crashed: 0 },
  }),
} as unknown as Inference;
const apps: FastifyInstance[] = [];
const reported: unknown[] = [];
let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  reported.length = 0;
});

afterAll(() => database.close());

/** Starts the real server, without models, over services of which some may be made to fail. */
async function start(
  env: Record<string, string>,
  change: (services: Services) => void = () => undefined,
): Promise<string> {
  const config = readConfig({ NODE_ENV: 'test', ...env });
  const unused = { engines: {}, replenisher: {}, triageVersions: {} } as unknown as ServiceParts; // no test runs a model
  const services = makeServices({ ...unused, database, models: [], clock: () => new Date() });
  change(services);
  const schema = makeSchema();
  const report = (error: unknown) => void reported.push(error);
  const apollo = makeApolloServer(schema, config, report);
  const isReady = () =>
    database.sql.query('SELECT 1').then(
      () => true,
      () => false,
    );
  const logger = pino({ level: 'silent' });
  const metrics = makeMetrics(idle);
  const app = await makeHttpServer({ config, logger, apollo, schema, report, services, metrics, isReady });
  apps.push(app);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

const products = { query: '{ products(first: 1) { nodes { id } } }' };
const failing = (error: Error) => (services: Services) =>
  Object.assign(services.catalogue, { listProducts: () => Promise.reject(error) });

describe.each(['compiled', 'reference'])('a bug under the %s executor', (executor) => {
  it('is masked: no SQL, path or stack leaves the server, and its cause is reported', async () => {
    const bug = new Error('syntax error in SELECT secret FROM vault at /app/src/catalogue/repository.ts:12');
    const origin = await start({ SUPPLYGRAPH_EXECUTOR: executor }, failing(bug));
    const answer = await ask(`${origin}/graphql`, products, { 'x-request-id': 'bug-1' });
    expect(answer.errors).toEqual([
      {
        message: 'Something went wrong on the server; its log names the cause under request bug-1.',
        locations: [{ line: 1, column: 3 }],
        path: ['products'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'bug-1' },
      },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/SELECT|\/app|\.ts|stack/);
    expect(reported).toEqual([bug]);
  });

  it('that never answers is given up after the time limit with status 504', async () => {
    const origin = await start(
      { SUPPLYGRAPH_EXECUTOR: executor, SUPPLYGRAPH_REQUEST_TIMEOUT_MS: '100' },
      (services) => Object.assign(services.catalogue, { listProducts: () => new Promise(() => undefined) }),
    );
    const { status, errors } = await ask(`${origin}/graphql`, products);
    expect(status).toBe(504);
    expect(errors).toMatchObject([
      {
        message: 'The request must be answered within 100 ms; it took longer and was given up.',
        extensions: { code: 'REQUEST_TIMEOUT', requestId: expect.any(String) },
      },
    ]);
  });
});

describe('API keys', () => {
  const production = { NODE_ENV: 'production', SUPPLYGRAPH_API_KEYS: 'first,second' };

  it('open the API in production, each of them', async () => {
    const url = `${await start(production)}/graphql`;
    for (const key of ['first', 'second'])
      expect((await ask(url, products, { 'x-api-key': key })).data).toEqual({ products: { nodes: [] } });
  });

  it.each([{}, { 'x-api-key': '' }, { 'x-api-key': 'third' }, { authorization: 'Bearer first' }])(
    'are asked for: %o',
    async (headers) => {
      const { status, errors } = await ask(`${await start(production)}/graphql`, products, headers);
      expect(status).toBe(401);
      expect(errors).toMatchObject([
        {
          message: 'The header x-api-key must hold a valid key.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
        },
      ]);
    },
  );

  it('are asked for before the body is read', async () => {
    const { status } = await ask(`${await start(production)}/graphql`, '{"query": ');
    expect(status).toBe(401);
  });

  it('are not needed to ask for health', async () => {
    const origin = await start(production);
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
  });
});

describe('production', () => {
  const headers = { 'x-api-key': 'one' };
  const production = { NODE_ENV: 'production', SUPPLYGRAPH_API_KEYS: 'one' };

  it('hides the schema: no introspection and no suggestions', async () => {
    const url = `${await start(production)}/graphql`;
    const introspection = await ask(url, { query: '{ __schema { types { name } } }' }, headers);
    expect(introspection.errors?.[0]).toMatchObject({
      message: expect.stringContaining('introspection is not allowed'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    const misspelt = await ask(url, { query: '{ product { nodes { id } } }' }, headers);
    expect(JSON.stringify(misspelt.errors)).not.toContain('Did you mean');
  });

  it('shows no landing page', async () => {
    const url = `${await start(production)}/graphql`;
    const response = await fetch(url, { headers: { ...headers, accept: 'text/html' } });
    expect(response.headers.get('content-type')).not.toContain('text/html');
  });

  it('is unlike development, which shows both', async () => {
    const url = `${await start({ NODE_ENV: 'development' })}/graphql`;
    expect((await ask(url, { query: '{ __schema { queryType { name } } }' })).errors).toBeUndefined();
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('Apollo');
  });
});

describe('operations', () => {
  it('is live, and counts in its metrics what it did', async () => {
    const origin = await start({});
    expect(await (await fetch(`${origin}/health/live`)).json()).toEqual({ status: 'live' });
    await ask(`${origin}/graphql`, products);
    await ask(`${origin}/graphql`, { query: '{ products(first: 101) { nodes { id } } }' });
    const response = await fetch(`${origin}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toContain('supplygraph_sql_statements_total 1\n');
    expect(text).toContain('supplygraph_graphql_errors_total 1\n');
    expect(text).toMatch(/supplygraph_request_duration_seconds_count\{status="2xx"\} [12]\n/);
    expect(text).toContain('nodejs_heap_size_used_bytes');
  });

  it('is ready until its store is closed', async () => {
    const origin = await start({});
    expect(await (await fetch(`${origin}/health/ready`)).json()).toEqual({ status: 'ready' });
    await database.close();
    const response = await fetch(`${origin}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'not ready' });
    database = await openTestDatabase();
  });
});
