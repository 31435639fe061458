import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSchema } from '../../src/server/schema.ts';
import { startTestServer, type TestServer } from '../support/testServer.ts';
import { wholeQuery } from '../support/wholeQuery.ts';

const schema = makeSchema();
const roots = Object.values(schema.getQueryType()?.getFields() ?? {})
  .filter(({ args }) =>
    args.every((argument) => !/!$/.test(String(argument.type)) || argument.defaultValue !== undefined),
  )
  .map(({ name }) => name);

/** Forecasts differ in the tenth digit with the order of the rows of a batch, which is left to chance. */
expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    typeof a === 'number' && typeof b === 'number'
      ? Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))
      : undefined,
]);

describe('every field of the schema', () => {
  const servers: TestServer[] = [];

  beforeAll(async () => {
    for (const executor of ['compiled', 'reference'])
      servers.push(
        await startTestServer({
          SUPPLYGRAPH_EXECUTOR: executor,
          SUPPLYGRAPH_MAX_DEPTH: '30',
          SUPPLYGRAPH_MAX_COST: '10000000',
        }),
      );
    for (const server of servers) {
      const { data } = await server.ask('mutation { reorderProposalsGenerate(input: {}) { proposedCount } }');
      expect(data.reorderProposalsGenerate.proposedCount).toBeGreaterThan(0);
    }
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });

  it('is reached from some root field', () => {
    expect(roots.length).toBeGreaterThanOrEqual(12);
  });

  it.each(roots)('below %s is answered without an error, alike by both executors', async (root) => {
    const query = wholeQuery(schema, root, 3);
    const [compiled, reference] = await Promise.all(servers.map((server) => server.ask(query)));
    expect(compiled?.errors).toBeUndefined();
    expect(reference?.errors).toBeUndefined();
    expect(withoutTimes(compiled?.data)).toEqual(withoutTimes(reference?.data));
  });
});

/** Leaves the moments out at which forecasts and proposals were made, which differ from server to server. */
function withoutTimes(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) =>
    /^(generated|created)At$/.test(key) ? undefined : value,
  );
}
