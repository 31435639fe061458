import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../../src/globalId.ts';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
let categoryId: string;

const jobFields =
  '__typename id kind state progress done total result error requestedBy createdAt startedAt finishedAt';
const backtestRun = `mutation ($input: BacktestRunInput!) {
  backtestRun(input: $input) { job { ${jobFields} backtest { id frequency horizon origins step scores { wql } } } userErrors { code field message } }
}`;

beforeAll(async () => {
  server = await startTestServer();
  const { data } = await server.ask('{ categories(first: 1) { nodes { id } } }');
  categoryId = data.categories.nodes[0].id;
}, 120_000);
afterAll(() => server.close());

/** The job once it has ended. */
async function settle(id: string) {
  const query = `query ($id: ID!) { node(id: $id) { ... on Job { ${jobFields} } } }`;
  await expect
    .poll(async () => (await server.ask(query, { id })).data.node.finishedAt, {
      timeout: 100_000,
      interval: 250,
    })
    .not.toBeNull();
  return (await server.ask(query, { id })).data.node;
}

describe('nightlyPlanRun', () => {
  it('forecasts and proposes for the whole catalogue, and refuses a second one meanwhile', async () => {
    const run =
      'mutation { nightlyPlanRun(input: { requestedBy: "Ada" }) { job { id state progress } userErrors { code field message } } }';
    const first = await server.ask(run);
    expect(first.errors).toBeUndefined();
    expect(first.data.nightlyPlanRun).toMatchObject({
      job: { state: expect.stringMatching(/^(PENDING|RUNNING)$/) },
      userErrors: [],
    });
    const second = await server.ask(run);
    expect(second.data.nightlyPlanRun).toEqual({
      job: null,
      userErrors: [
        {
          code: 'ALREADY_RUNNING',
          field: null,
          message: 'There must be no open nightly plan, but one has not ended.',
        },
      ],
    });
    const job = await settle(first.data.nightlyPlanRun.job.id);
    const sold = await server.ask('{ models { name } productVariants(first: 0) { totalCount } }');
    expect(job).toMatchObject({
      __typename: 'NightlyPlanJob',
      kind: 'NIGHTLY_PLAN',
      state: 'COMPLETED',
      progress: 1,
      requestedBy: 'Ada',
      error: null,
    });
    expect(job.done).toBe(job.total);
    const { forecasts } = job.result;
    expect(job.total).toBe(3 * forecasts); // forecast, reconciled, planned
    expect(job.result.reconciled).toBe(forecasts);
    expect(forecasts).toBeLessThanOrEqual(sold.data.productVariants.totalCount);
    expect(forecasts).toBeGreaterThan(100);
    const stored = await server.ask(
      `{ reorderProposals(filter: { statuses: [PROPOSED] }) { totalCount }
         productVariants(first: 50) { nodes { forecast(horizon: 1) { model { name } reconciliation } } }
         totalDemandForecast(horizon: 1) { reconciliation } }`,
    );
    expect(stored.data.reorderProposals.totalCount).toBe(job.result.proposals);
    expect(stored.extensions.inference).toEqual([]);
    expect(stored.data.totalDemandForecast.reconciliation).toBe('MIN_TRACE');
    for (const { forecast } of stored.data.productVariants.nodes)
      expect(forecast.reconciliation).toBe('MIN_TRACE');
  }, 120_000);

  it.each([
    [{ serviceLevel: 1 }, 'INVALID_SERVICE_LEVEL', 'input.serviceLevel must be above 0 and below 1, got 1.'],
    [{ reviewDays: 31 }, 'INVALID_REVIEW', 'input.reviewDays must be 1 to 30 days, got 31.'],
  ])('refuses %o', async (input, code, message) => {
    const { data } = await server.ask(
      'mutation ($input: NightlyPlanRunInput!) { nightlyPlanRun(input: $input) { job { id } userErrors { code field message } } }',
      { input },
    );
    expect(data.nightlyPlanRun).toEqual({
      job: null,
      userErrors: [{ code, field: ['input', ...Object.keys(input)], message }],
    });
  });
});

describe('backtestRun', () => {
  it('measures forecasts on the past beside the baseline, by variant, category and step', async () => {
    const input = { categoryId, horizon: 14, origins: 2, step: 7 };
    const { data, errors } = await server.ask(backtestRun, { input });
    expect(errors).toBeUndefined();
    const { job, userErrors } = data.backtestRun;
    expect(userErrors).toEqual([]);
    expect(job.backtest).toMatchObject({
      frequency: 'DAILY',
      horizon: 14,
      origins: 2,
      step: 7,
      scores: null,
    });
    const settled = await settle(job.id);
    expect(settled).toMatchObject({ __typename: 'BacktestJob', state: 'COMPLETED', error: null });
    const scores =
      'scores { loss wql wape mase bias coverage80 periods units } baseline { name loss wql wape mase } beatsBaseline';
    const answer = await server.ask(
      `query ($id: ID!) { backtest(id: $id) {
        id job { id state } category { id } model { name version } firstOrigin lastOrigin seriesCount ${scores}
        categories { category { id } seriesCount ${scores} }
        steps { step ${scores} }
        calibration { level share shareBelow }
        series(first: 100) { totalCount nodes { id variant { sku } origins ${scores} } }
        good: series(filter: { beatsBaseline: true }) { totalCount }
        largest: series(first: 3, orderBy: { field: UNITS }) { nodes { scores { units } } pageInfo { endCursor hasNextPage } }
      } }`,
      { id: job.backtest.id },
    );
    expect(answer.errors).toBeUndefined();
    const { backtest } = answer.data;
    expect(backtest.job).toEqual({ id: job.id, state: 'COMPLETED' });
    expect(backtest.scores.wql).toBe(settled.result.wql);
    expect(settled.result.backtestId).toBe(backtest.id);
    expect(backtest.scores.wql).toBeGreaterThan(0);
    expect(backtest.scores.wql).toBeLessThan(backtest.baseline.wql);
    expect(backtest.beatsBaseline).toBe(true);
    expect(backtest.baseline.name).toBe('seasonal_naive');
    expect(Date.parse(backtest.lastOrigin) - Date.parse(backtest.firstOrigin)).toBe(7 * 86_400_000);
    expect(backtest.categories).toHaveLength(1);
    expect(backtest.categories[0].category.id).toBe(categoryId);
    expect(backtest.categories[0].scores.wql).toBeCloseTo(backtest.scores.wql, 6);
    expect(backtest.steps.map(({ step }: { step: number }) => step)).toEqual(
      Array.from({ length: 14 }, (_, index) => index + 1),
    );
    expect(backtest.calibration.map(({ level }: { level: number }) => level)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ]);
    const { nodes, totalCount } = backtest.series;
    expect(totalCount).toBe(backtest.seriesCount);
    const excess = nodes.map(
      ({ scores: own, baseline }: { scores: { loss: number }; baseline: { loss: number } }) =>
        Math.round((own.loss - baseline.loss) * 1e6) / 1e6,
    );
    expect(excess).toEqual([...excess].sort((a, b) => b - a));
    expect(backtest.good.totalCount).toBe(
      nodes.filter((node: { beatsBaseline: boolean }) => node.beatsBaseline).length,
    );
    const units = backtest.largest.nodes.map((node: { scores: { units: number } }) => node.scores.units);
    expect(units).toEqual([...units].sort((a, b) => b - a));
    const next = await server.ask(
      `query ($id: ID!, $after: String!) { backtest(id: $id) { series(first: 3, after: $after, orderBy: { field: UNITS }) { nodes { scores { units } } } } }`,
      { id: backtest.id, after: backtest.largest.pageInfo.endCursor },
    );
    expect(next.errors).toBeUndefined();
    expect(next.data.backtest.series.nodes[0].scores.units).toBeLessThanOrEqual(units[2]);
  }, 120_000);

  it.each([
    [
      { frequency: 'QUARTERLY' },
      'UNSUPPORTED_FREQUENCY',
      'input.frequency must be DAILY, WEEKLY or MONTHLY, got QUARTERLY.',
    ],
    [{ horizon: 0 }, 'INVALID_HORIZON', 'input.horizon must be 1 to 64 periods, got 0.'],
    [{ horizon: 65 }, 'INVALID_HORIZON', 'input.horizon must be 1 to 64 periods, got 65.'],
    [{ origins: 25 }, 'INVALID_ORIGINS', 'input.origins must be 1 to 24, got 25.'],
    [{ step: 0 }, 'INVALID_STEP', 'input.step must be 1 to 64 periods, got 0.'],
    [
      { categoryId: toGlobalId('Category', 4_000_000) },
      'NOT_FOUND',
      `input.categoryId must be the id of an existing Category, got '${toGlobalId('Category', 4_000_000)}'.`,
    ],
    [
      { origins: 24, step: 64, horizon: 64 },
      'NOT_ENOUGH_HISTORY',
      expect.stringMatching(
        /^input\.origins must fit into the history: 24 origins 64 days apart with a horizon of 64 days need 1564 days of sales, but the longest history has \d+ days\.$/,
      ),
    ],
  ])('refuses %o in one sentence', async (input, code, message) => {
    const { data } = await server.ask(backtestRun, { input });
    expect(data.backtestRun).toEqual({
      job: null,
      userErrors: [{ code, field: ['input', expect.any(String)], message }],
    });
  });

  it('refuses the id of another thing, and a name of more than 100 characters', async () => {
    const id = toGlobalId('Product', 1);
    const wrong = await server.ask(backtestRun, { input: { categoryId: id } });
    expect(wrong.errors?.[0]?.message).toBe(`input.categoryId must be the id of a Category, got '${id}'.`);
    const long = await server.ask(backtestRun, { input: { requestedBy: 'x'.repeat(101) } });
    expect(long.errors?.[0]?.message).toBe('input.requestedBy must have at most 100 characters, got 101.');
  });

  it('begins one job for one idempotency key', async () => {
    const twice = `mutation { backtestRun(input: { horizon: 7, origins: 1 }) @idempotent(key: "night-1") { job { id } } }`;
    const [first, second] = [await server.ask(twice), await server.ask(twice)];
    expect(second.data.backtestRun.job.id).toBe(first.data.backtestRun.job.id);
    const cancelled = await server.ask(
      `mutation ($id: ID!) { jobCancel(input: { id: $id }) { job { state } userErrors { code } } }`,
      { id: first.data.backtestRun.job.id },
    );
    expect(cancelled.data.jobCancel).toEqual({ job: { state: 'CANCELLED' }, userErrors: [] });
    const { data } = await server.ask(
      '{ jobs(filter: { states: [CANCELLED] }) { totalCount nodes { __typename id } } }',
    );
    expect(data.jobs).toEqual({
      totalCount: 1,
      nodes: [{ __typename: 'BacktestJob', id: first.data.backtestRun.job.id }],
    });
  });
});
