import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterOf, executors, startTestServer, type TestServer } from '../support/testServer.ts';

const shown = `id status stepRate needsSecondPerson explanation rule inputHash model { name version }
  currentPrice { amount currencyCode } recommendedPrice { amount currencyCode } expectedGain { amount currencyCode }
  current { price { amount } units unitsLow unitsHigh revenue { amount } margin { amount } marginLow { amount } marginHigh { amount } }
  recommended { price { amount } units revenue { amount } margin { amount } }
  elasticity { value low high identified } bindingConstraints drivers { name confidence } warnings
  objective frequency horizon unitCost { amount } constraints job { id } schedule { state effectiveFrom note } outcome { units }
  variant { sku price { amount } } history { status actor }`;
const refresh = `mutation ($input: PriceRecommendationsRefreshInput!, $key: String!) {
  outcome: priceRecommendationsRefresh(input: $input) @idempotent(key: $key) { job { id state } userErrors { code field message } } }`;
const list = `query ($filter: PriceRecommendationFilter, $first: Int) { priceRecommendations(
  filter: $filter, first: $first, orderBy: { field: EXPECTED_GAIN }) { totalCount nodes { ${shown} } edges { cursor node { id } } } }`;
const step = (name: string, verb: string, extra = '') => `mutation ($input: ${verb}Input!, $key: String!) {
  outcome: ${name}(input: $input) @idempotent(key: $key) { count ${extra}
    recommendations { ${shown} variant { priceHistory { price { amount } source recommendation { id model { name } } } } }
    userErrors { code field message recommendationId } } }`;
const steps = {
  accept: step('priceRecommendationsAccept', 'PriceRecommendationsAccept'),
  reject: step('priceRecommendationsReject', 'PriceRecommendationsReject'),
  apply: step('priceRecommendationApply', 'PriceRecommendationApply', 'dryRun'),
  cancel: step('priceScheduleCancel', 'PriceScheduleCancel'),
  revert: step('priceRevert', 'PriceRevert', 'dryRun cancelledCount'),
};
const job = `query ($id: ID!) { node(id: $id) { __typename ... on PriceRecommendationJob { state progress done total result error } } }`;
const later = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
/** Prices above 20 must go down, whatever is known of their demand. */
const constraints = { ceiling: 20, maximumStepRate: 0.9 };
type Node = {
  readonly id: string;
  readonly needsSecondPerson: boolean;
  readonly currentPrice: { readonly amount: string };
  readonly recommendedPrice: { readonly amount: string };
};

describe.each(executors)('recommended prices over HTTP under the %s executor', (executor) => {
  let server: TestServer;
  let runId: string;
  let nodes: readonly Node[];
  let keys = 0;
  const take = async (name: keyof typeof steps, input: object, key?: string) => {
    keys += 1;
    const answer = await server.ask(steps[name], { input, key: key ?? `${executor}-${keys}` });
    expect(answer.errors).toBeUndefined();
    return answer.data.outcome;
  };
  const start = async (input: object) => {
    keys += 1;
    const { data } = await server.ask(refresh, { input, key: `${executor}-refresh-${keys}` });
    expect(data.outcome.userErrors).toEqual([]);
    const { id } = data.outcome.job;
    const read = async () => (await server.ask(job, { id })).data.node;
    await expect
      .poll(async () => (await read()).state, { timeout: 180_000, interval: 250 })
      .toBe('COMPLETED');
    return { id: id as string, ...(await read()) };
  };
  beforeAll(async () => {
    server = await startTestServer({
      SUPPLYGRAPH_EXECUTOR: executor,
      SUPPLYGRAPH_PRICE_SECOND_PERSON_ABOVE_PERCENT: '0',
    });
  });
  afterAll(() => server.close());

  it('are made by a run over the catalogue, which a dry run tells beforehand', async () => {
    const told = await start({ constraints, dryRun: true });
    expect(told).toMatchObject({
      __typename: 'PriceRecommendationJob',
      progress: 1,
      result: { dryRun: true },
    });
    const count = async () => (await server.ask(list, { first: 1 })).data.priceRecommendations.totalCount;
    expect(await count()).toBe(0);
    const made = await start({ constraints });
    runId = made.id;
    const { considered, proposed, unchanged, decidedBefore, skipped } = made.result;
    expect(considered).toBe(made.total);
    const others = Object.values<number>(skipped).reduce((sum, each) => sum + each, 0);
    expect(proposed + unchanged + decidedBefore + others).toBe(considered);
    expect(proposed).toBeGreaterThan(5);
    expect(await count()).toBe(proposed);
    expect({ ...told.result, dryRun: false }).toEqual(made.result);
  }, 400_000);

  it('are read with all they rest on, a page by as many statements as one', async () => {
    const page = await server.ask(list, { first: 20, filter: { runId, statuses: ['PROPOSED'] } });
    expect(page.errors).toBeUndefined();
    nodes = page.data.priceRecommendations.nodes;
    const gains = page.data.priceRecommendations.nodes.map((node: { expectedGain: { amount: string } }) =>
      Number(node.expectedGain.amount),
    );
    expect(gains).toEqual(gains.toSorted((a: number, b: number) => b - a));
    expect(page.data.priceRecommendations.nodes[0]).toMatchObject({
      status: 'PROPOSED',
      rule: 'HIGHEST_MARGIN',
      objective: 'MARGIN',
      frequency: 'WEEKLY',
      horizon: 4,
      constraints,
      job: { id: runId },
      schedule: null,
      outcome: null,
      history: [],
    });
    for (const { stepRate, needsSecondPerson } of page.data.priceRecommendations.nodes) {
      expect(Math.abs(stepRate)).toBeLessThanOrEqual(0.9 + 1e-9);
      expect(needsSecondPerson).toBe(true);
    }
    const statements = async (first: number) => {
      const before = await counterOf(server, 'supplygraph_sql_statements_total');
      await server.ask(list, { first });
      return (await counterOf(server, 'supplygraph_sql_statements_total')) - before;
    };
    expect(await statements(5)).toBe(await statements(1));
  });

  it('are accepted, applied once however often it is sent, and reverted by one call for the run', async () => {
    const [first, second, third] = nodes;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('Three prices must be proposed.');
    const ids = [first.id, second.id, third.id];
    const accepted = await take('accept', { recommendationIds: ids, actor: 'Ada' });
    expect(accepted).toMatchObject({ count: 3, userErrors: [] });
    expect(accepted.recommendations[0]).toMatchObject({ history: [{ status: 'ACCEPTED', actor: 'Ada' }] });
    const input = { recommendationIds: ids.slice(0, 2), actor: 'Bo', reason: 'Try it' };
    const told = await take('apply', { ...input, dryRun: true });
    expect(told).toMatchObject({ count: 2, dryRun: true, recommendations: [{ status: 'ACCEPTED' }, {}] });
    const applied = await take('apply', input, `${executor}-apply`);
    expect(applied).toMatchObject({ count: 2, dryRun: false, userErrors: [] });
    expect(applied.recommendations[0]).toMatchObject({
      id: first.id,
      status: 'APPLIED',
      variant: { price: { amount: first.recommendedPrice.amount } },
    });
    expect(applied.recommendations[0].variant.priceHistory.at(-1)).toMatchObject({
      price: { amount: first.recommendedPrice.amount },
      source: 'RECOMMENDATION',
      recommendation: { id: first.id },
    });
    expect(await take('apply', input, `${executor}-apply`)).toEqual(applied);
    const scheduled = await take('apply', { ...input, recommendationIds: [third.id], effectiveFrom: later });
    expect(scheduled.recommendations).toMatchObject([
      { status: 'ACCEPTED', schedule: { state: 'SCHEDULED', effectiveFrom: later } },
    ]);
    const changes = await server.ask(
      `query ($runId: ID!) { priceChanges(filter: { runId: $runId }) { totalCount nodes {
        actor reason source price { amount } comparePrice { amount } recommendation { id model { version } } } edges { cursor node { id } } } }`,
      { runId },
    );
    expect(changes.data.priceChanges.totalCount).toBe(2);
    for (const { id, currentPrice } of [first, second])
      expect(changes.data.priceChanges.nodes).toContainEqual(
        expect.objectContaining({
          source: 'RECOMMENDATION',
          actor: 'Bo',
          reason: 'Try it',
          comparePrice: { amount: currentPrice.amount },
          recommendation: expect.objectContaining({ id }),
        }),
      );
    const reverted = await take('revert', { runId, actor: 'Cleo', reason: 'Too early' });
    expect(reverted).toMatchObject({ count: 2, cancelledCount: 1, dryRun: false, userErrors: [] });
    expect(reverted.recommendations.find(({ id }: Node) => id === first.id)).toMatchObject({
      status: 'REVERTED',
      variant: { price: { amount: first.currentPrice.amount } },
    });
  });

  it('are refused where another price holds by then, whatever the others of the call', async () => {
    const [, , , stale, good] = nodes;
    const ids = [stale?.id, good?.id];
    await take('accept', { recommendationIds: ids, actor: 'Ada' });
    const { data } = await server.ask(
      `query ($id: ID!) { node(id: $id) { ... on PriceRecommendation { variant { id price { amount } } } } }`,
      { id: stale?.id },
    );
    const changed = await server.ask(
      `mutation ($input: VariantPriceSetInput!) { variantPriceSet(input: $input) { userErrors { message } } }`,
      {
        input: {
          actor: 'Cleo',
          reason: 'A sale',
          ignoreComparePrice: true,
          prices: [{ variantId: data.node.variant.id, price: '0.99', currencyCode: 'EUR' }],
        },
      },
    );
    expect(changed.data.variantPriceSet.userErrors).toEqual([]);
    const applied = await take('apply', { recommendationIds: ids, actor: 'Bo' });
    expect(applied).toMatchObject({
      count: 1,
      recommendations: [{ id: good?.id, status: 'APPLIED' }],
      userErrors: [
        {
          code: 'COMPARE_PRICE_STALE',
          field: ['input', 'recommendationIds', '0'],
          recommendationId: stale?.id,
        },
      ],
    });
    expect(applied.userErrors[0].message).toMatch(
      /^input\.recommendationIds\.0 must be made for the price that holds, got one made for [\d.]+ [A-Z]{3} where 0\.99 [A-Z]{3} holds\.$/,
    );
    const { data: generic } = await server.ask(
      `mutation ($input: RecommendationApplyInput!) { recommendationApply(input: $input) {
        recommendation { __typename id } userErrors { code } } }`,
      { input: { recommendationId: stale?.id, actor: 'Bo' } },
    );
    expect(generic.recommendationApply).toEqual({ recommendation: null, userErrors: [{ code: 'STALE' }] });
  });

  it('with a step above what the configuration allows one person take two', async () => {
    const large = nodes[5];
    if (large === undefined) throw new Error('Six prices must be proposed.');
    await take('accept', { recommendationIds: [large.id], actor: 'Ada' });
    expect(await take('apply', { recommendationIds: [large.id], actor: 'ADA' })).toMatchObject({
      count: 0,
      userErrors: [{ code: 'SECOND_PERSON_REQUIRED', field: ['input', 'actor'] }],
    });
    expect(await take('apply', { recommendationIds: [large.id], actor: 'Bo' })).toMatchObject({ count: 1 });
  });

  it('are found among all recommendations, by kind and by id', async () => {
    const { data } = await server.ask(
      `{ recommendations(first: 1, filter: { kinds: [PRICE] }) { nodes { __typename id ... on PriceRecommendation { horizon } } } }`,
    );
    const [newest] = data.recommendations.nodes;
    expect(newest).toMatchObject({ __typename: 'PriceRecommendation', horizon: 4 });
    const key = Buffer.from(newest.id, 'base64url').toString().split(':')[1];
    const other = Buffer.from(`ComplaintRecommendation:${key}`).toString('base64url');
    const found = await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', {
      ids: [newest.id, other],
    });
    expect(found.data.nodes).toEqual([{ id: newest.id, __typename: 'PriceRecommendation' }, null]);
  });

  it('raise no alert before a period is over', async () => {
    const { data, errors } = await server.ask(
      '{ priceAlerts { recommendation { id } outcome { units isOutside } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.priceAlerts).toEqual([]);
  });

  it.each([
    [{ actor: 'Ada' }, 'Either input.recommendationIds or input.runId must be given, got none.'],
    [{ actor: 'Ada', recommendationIds: [] }, 'input.recommendationIds must have 1 to 1,000 entries, got 0.'],
    [
      { actor: 'Ada', recommendationIds: ['x'] },
      "input.recommendationIds.0 must be the id of a PriceRecommendation, got 'x'.",
    ],
    [{ actor: 'Ada', runId: 'x' }, "input.runId must be the id of a PriceRecommendationJob, got 'x'."],
  ])('are refused for %j', async (input, message) => {
    const { errors } = await server.ask(steps.apply, { input, key: `${executor}-${message.slice(0, 40)}` });
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('are not made for an alert count out of its range', async () => {
    const { errors } = await server.ask('{ priceAlerts(first: 101) { outcome { units } } }');
    expect(errors?.[0]?.message).toBe('first must be 1 to 100, got 101.');
  });
});
