import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, executors, startTestServer, type TestServer } from '../support/testServer.ts';

type Verdicts = { readonly errors: readonly string[]; readonly warnings: readonly string[] };

async function audit(url: string): Promise<Verdicts> {
  const results = await Promise.all(serverAudits({ url, fetchFn: fetch }).map((each) => each.fn()));
  const namesOf = (status: string) =>
    results.filter((result) => result.status === status).map(({ name }) => name);
  return { errors: namesOf('error'), warnings: namesOf('warn') };
}

/** A server with nothing of ours, to compare with. */
async function auditBareApollo(): Promise<Verdicts> {
  const apollo = new ApolloServer({ typeDefs: 'type Query { hello: String }' });
  await apollo.start();
  const app = Fastify();
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler: fastifyApolloHandler(apollo) });
  const address = await app.listen({ port: 0 });
  const verdicts = await audit(`${address}/graphql`);
  await app.close();
  await apollo.stop();
  return verdicts;
}

describe.each(executors)('GraphQL over HTTP under the %s executor', (executor) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({
      SUPPLYGRAPH_EXECUTOR: executor,
      SUPPLYGRAPH_BODY_LIMIT_BYTES: '1000000',
    });
  });

  afterAll(() => server.close());

  it("passes graphql-http's audits without an error and with no more warnings than a bare Apollo server", async () => {
    const [ours, bare] = await Promise.all([audit(server.url), auditBareApollo()]);
    expect(ours.errors).toEqual([]);
    expect(ours.warnings.length).toBeLessThanOrEqual(bare.warnings.length);
  });

  it('answers a query by GET', async () => {
    const response = await fetch(`${server.url}?query=${encodeURIComponent('{ __typename }')}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
  });

  it('refuses a mutation by GET', async () => {
    const text = 'mutation { inventoryRelease(input: { reservationId: "x" }) { userErrors { code } } }';
    const response = await fetch(`${server.url}?query=${encodeURIComponent(text)}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(response.status).toBe(405);
    expect(await response.text()).toContain('GET requests only support query operations');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'refuses a POST of %s, which any website could send',
    async (type) => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toContain('"data"');
    },
  );

  it('refuses a body that is no JSON in one sentence', async () => {
    const { status, errors } = await ask(server.url, '{"query": ');
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^The body must be a GraphQL request in JSON: [^\n]+\.$/),
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ]);
  });

  it('refuses a body over the limit in one sentence', async () => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { padding: 'x'.repeat(20_000_000) } });
    const { status, errors } = await ask(server.url, body);
    expect(status).toBe(413);
    expect(errors?.[0]?.message).toBe(`The body must be at most 1000000 bytes, got ${body.length}.`);
  });

  it('refuses another path in one sentence', async () => {
    const { status, errors } = await ask(`${server.origin}/graph`, { query: '{ __typename }' });
    expect(status).toBe(404);
    expect(errors?.[0]).toMatchObject({
      message: "The path must be /graphql, got '/graph'.",
      extensions: { code: 'NOT_FOUND' },
    });
  });

  it('tells what a document lacks, with the codes of Apollo', async () => {
    const codeOf = async (query: string) => (await server.ask(query)).errors?.[0]?.extensions.code;
    expect(await codeOf('{ products(')).toBe('GRAPHQL_PARSE_FAILED');
    expect(await codeOf('{ produts { nodes { id } } }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await codeOf('query A { __typename } query B { __typename }')).toBe(
      'OPERATION_RESOLUTION_FAILURE',
    );
  });

  it('tells variables that do not fit, with their place', async () => {
    const { errors, status } = await server.ask(
      'query ($first: Int!) { products(first: $first) { nodes { id } } }',
      { first: 'ten' },
    );
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: 'Variable "$first" got invalid value "ten"; Int cannot represent non-integer value: "ten"',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('echoes the request id of the client, in header and errors, and makes one where it is none', async () => {
    const given = await server.ask('{ nothing }', undefined, { 'x-request-id': 'my-request.1' });
    expect(given.headers.get('x-request-id')).toBe('my-request.1');
    expect(given.errors?.[0]?.extensions.requestId).toBe('my-request.1');
    for (const bad of ['a b', 'x'.repeat(65), '<script>', '{}']) {
      const made = await server.ask('{ nothing }', undefined, { 'x-request-id': bad });
      expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
