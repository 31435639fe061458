import type { FastifyInstance } from 'fastify';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import type { Inference } from '../../src/inference/inferenceRuntime.ts';
import { makeApolloServer } from '../../src/server/apolloServer.ts';
import { makeHttpServer } from '../../src/server/httpServer.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { makeSchema } from '../../src/server/schema.ts';
import { makeServices, type ServiceParts } from '../../src/services.ts';
import { type ComplaintsFixture, makeComplaintsFixture } from '../complaints/support/complaintsFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

type Told = { readonly data?: unknown; readonly errors?: unknown };

/** The models' figures; no test here runs one. */
const idle = { stats: () => ({ pool: {} }) } as unknown as Inference;
let database: Database;
let fixture: ComplaintsFixture;
let app: FastifyInstance;
let url: string;

/** The server's services and the fixture's are two sets over one store, as those of two processes are. */
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeComplaintsFixture(database);
  const config = readConfig({
    NODE_ENV: 'test',
    SUPPLYGRAPH_API_KEYS: 'desk',
    SUPPLYGRAPH_PERSONAL_DATA_KEYS: 'privacy',
  });
  const unused = { engines: {}, replenisher: {}, triageVersions: {} } as unknown as ServiceParts; // nothing here forecasts
  const clock = () => new Date();
  const services = makeServices({ ...unused, database, models: [], clock });
  const schema = makeSchema();
  const report = () => undefined;
  app = await makeHttpServer({
    config,
    logger: pino({ level: 'silent' }),
    schema,
    report,
    apollo: makeApolloServer(schema, config, report),
    services,
    metrics: makeMetrics(idle),
    isReady: async () => true,
  });
  url = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
});
afterAll(async () => {
  await app.close();
  await database.close();
});

const connect = (key: string | undefined, path = '/graphql') =>
  createClient({
    url: `${url}${path}`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(key !== undefined && { connectionParams: { 'x-api-key': key } }),
  });
const subscription = (argument = '') =>
  `subscription { complaintTriaged${argument} { text severity triage { intent { name } } } }`;

/** Subscribes, submits texts until something is told, and yields the first answer. */
async function listen(key: string, query: string, texts: readonly string[]): Promise<Told> {
  const client = connect(key);
  const told = client.iterate({ query });
  const first = told.next();
  let isTold = false;
  const submitting = (async () => {
    while (!isTold) {
      for (const text of texts) await fixture.submit({ text });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  const { value } = await first.finally(() => {
    isTold = true;
  });
  await submitting;
  await told.return?.();
  await client.dispose();
  return value as Told;
}

describe('subscriptions over web sockets', () => {
  it('tell of complaints that another process triaged, masked unless the key may read personal data', async () => {
    const text = 'Broken! I am jane@example.com';
    const complaint = { severity: 'MEDIUM', triage: { intent: { name: 'complaint' } } };
    expect(await listen('desk', subscription(), [text])).toEqual({
      data: { complaintTriaged: { ...complaint, text: 'Broken! I am [email]' } },
    });
    expect(await listen('privacy', subscription(), [text])).toEqual({
      data: { complaintTriaged: { ...complaint, text } },
    });
  });

  it('tell only of what is severe enough', async () => {
    const texts = ['Where is my parcel?', 'I am furious!'];
    expect(await listen('desk', subscription('(minimumSeverity: HIGH)'), texts)).toMatchObject({
      data: { complaintTriaged: { text: 'I am furious!' } },
    });
  });

  it.each([undefined, 'wrong'])('are closed to the key %s', async (key) => {
    const told = connect(key).iterate({ query: subscription() });
    await expect(told.next()).rejects.toMatchObject({ code: 4403 });
  });

  it.each([
    [
      '{ products { nodes { id } } }',
      'A web socket must carry subscriptions; send queries and mutations by HTTP.',
    ],
    ['subscription { nothing }', 'Cannot query field "nothing" on type "Subscription".'],
    ['subscription {', 'Syntax Error: Expected Name, found <EOF>.'],
  ])('refuse %s', async (query, message) => {
    const client = connect('desk');
    await expect(client.iterate({ query }).next()).rejects.toMatchObject([{ message }]);
    await client.dispose();
  });

  it('are served on the path of the API alone', async () => {
    await expect(connect('desk', '/other').iterate({ query: subscription() }).next()).rejects.toBeDefined();
  });
});

it('keeps events for an hour, and the newest for longer', async () => {
  await fixture.submit();
  await database.sql.query(`UPDATE complaint_event SET created_at = '2026-01-01T00:00:00Z'`);
  expect(await fixture.complaints.deleteOldEvents()).toBeGreaterThan(0);
  expect(await database.sql.query('SELECT 1 FROM complaint_event')).toHaveLength(1);
});
