import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { makeJobsService } from '../../../src/jobs/service.ts';
import { startJobWorkers } from '../../../src/jobs/workers.ts';
import { makePriceOptimiser } from '../../../src/pricing/optimiser/priceOptimiser.ts';
import { makeDemandPlanner } from '../../../src/pricing/planned/demandPlanner.ts';
import { defaultPricePolicy } from '../../../src/pricing/proposals/policy.ts';
import type { RefreshInput } from '../../../src/pricing/proposals/refreshJob.ts';
import {
  makePriceRefreshService,
  type PriceRefreshService,
  type RefreshRequest,
} from '../../../src/pricing/proposals/refreshService.ts';
import { factsOf, termsOf } from '../../../src/pricing/proposals/storedProposal.ts';
import type { PricedHistory } from '../../../src/pricing/records/histories/priceHistories.ts';
import { makePricingService } from '../../../src/pricing/service.ts';
import { makeLevel, makeLogLinearResponse, makePriceItem } from '../../support/priceCases.ts';
import { errorsOf, resultOf } from '../../support/stockFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';
import { byAda, makeProposalsFixture, type ProposalsFixture } from './support/proposalsFixture.ts';

let database: Database;
let fixture: ProposalsFixture;
let refresh: PriceRefreshService;
let jobs: ReturnType<typeof makeJobsService>;
const variantIds: number[] = [];
const errors: unknown[] = [];
const optimiser = makePriceOptimiser({ queueLimit: 8, deadlineMs: 10_000 });
/** Demand that answers to prices with an elasticity of −2: at a cost of half the price, the price is right. */
const planner = makeDemandPlanner({ queueLimit: 8, deadlineMs: 10_000 });
const pricing = makePricingService({
  optimiser,
  planner,
  engines: {
    responder: {
      model: { name: 'log_linear', version: '1' },
      estimate: async (items, grids) =>
        items.map(({ currentPrice }, index) =>
          makeLogLinearResponse(grids[index] ?? new Float64Array(), currentPrice, {
            elasticity: -2,
            deviation: 0.02,
          }),
        ),
    },
    levels: { forecast: async (items, _, horizon) => items.map(() => makeLevel(10 * horizon)) },
  },
});
/** Costs of the variants by place: the first stays, two go up; of one no cost is known. */
const costs: readonly (number | null)[] = [2.5, 3, 3.5, null];

beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeProposalsFixture(database);
  const { shop, recommendations, prices, proposals } = fixture;
  const clock = () => shop.time.now;
  for (const _ of costs) variantIds.push(await shop.addVariant());
  jobs = makeJobsService({
    database,
    clock,
    retryRule: { timeoutSeconds: 300, retryLimit: 1, retryDelaySeconds: 0 },
  });
  const histories = {
    listPriceHistories: (ids: readonly number[]) =>
      Promise.all(
        ids.map(async (variantId): Promise<PricedHistory> => {
          const { price, listPrice } = await fixture.priceOf(variantId);
          const { history, competitorPrices, groups } = makePriceItem();
          return {
            id: String(variantId),
            variantId,
            sku: `SKU-${variantId}`,
            currencyCode: 'GBP',
            history: history.map((one) => ({ ...one, price: one.price / 2 })),
            unitCost: costs[variantIds.indexOf(variantId)] ?? null,
            currentPrice: Number(price),
            listPrice: Number(listPrice),
            competitors: [],
            competitorPrices,
            groups,
          };
        }),
      ),
  };
  refresh = makePriceRefreshService({
    database,
    jobs,
    pricing,
    recommendations,
    prices,
    histories,
    policy: defaultPricePolicy,
    clock,
    countAlerts: async () => (await proposals.listAlerts()).length,
  });
});
afterAll(async () => {
  await optimiser.close();
  await database.close();
});

const request: RefreshRequest = {
  categoryIds: null,
  variantIds: null,
  constraints: null,
  objective: 'MARGIN',
  frequency: 'WEEKLY',
  horizon: 4,
  isDryRun: false,
  requestedBy: 'Ada',
};
const input: RefreshInput = { ...request, frequency: 'WEEKLY', constraints: {} };
async function run(changes: Partial<RefreshRequest> = {}) {
  const jobId = resultOf(await refresh.start({ ...request, ...changes }));
  const stop = await startJobWorkers(
    {
      sql: database.sql,
      jobs,
      clock: () => fixture.shop.time.now,
      onError: (error) => errors.push(error),
    },
    { PRICE_RECOMMENDATIONS: refresh.jobHandler },
    { count: 1, pollMs: 20 },
  );
  const read = async () => (await jobs.findJobs([jobId]))[0] ?? null;
  await expect.poll(async () => (await read())?.finishedAt, { timeout: 20_000 }).not.toBeNull();
  await stop();
  expect(errors).toEqual([]);
  return read();
}
const listAll = async () => (await fixture.recommendations.listOfSubjects('PRICE', variantIds)).flat();

describe('a run over the catalogue', () => {
  it('told beforehand counts what it would propose, and stores nothing', async () => {
    const job = await run({ isDryRun: true });
    expect(job).toMatchObject({
      state: 'COMPLETED',
      done: 4,
      total: 4,
      requestedBy: 'Ada',
      result: {
        considered: 4,
        proposed: 2,
        unchanged: 1,
        decidedBefore: 0,
        skipped: { NO_COST: 1 },
        model: { name: 'log_linear', version: '1' },
        alerts: 0,
        dryRun: true,
        largestSteps: [{ sku: `SKU-${variantIds[2]}`, currentPrice: '5.0000', currencyCode: 'GBP' }, {}],
      },
    });
    expect(await listAll()).toEqual([]);
  });

  it('stores its proposals with all they rest on; what is more than ten per cent needs two people', async () => {
    const job = await run();
    const [second, third] = (await listAll()).toSorted((a, b) => a.subjectId - b.subjectId);
    expect([second?.subjectId, third?.subjectId]).toEqual(variantIds.slice(1, 3));
    if (second === undefined || third === undefined) throw new Error('Two prices must be proposed.');
    expect(second).toMatchObject({
      status: 'PROPOSED',
      topic: `RUN:${job?.id}`,
      action: 'RAISE',
      rule: 'HIGHEST_MARGIN',
      modelName: 'log_linear',
      modelVersion: '1',
    });
    expect(second.inputHash).toMatch(/^[0-9a-f]{64}$/);
    // The best price at an elasticity of −2 is twice the cost, which caution approaches; a run moves none by more than a fifth.
    expect(Number(termsOf(second).recommendedPrice)).toBeGreaterThan(5);
    expect(Number(termsOf(second).recommendedPrice)).toBeLessThanOrEqual(6);
    expect(termsOf(third)).toEqual({
      currentPrice: '5.0000',
      recommendedPrice: '6.0000',
      currencyCode: 'GBP',
    });
    const facts = factsOf(third);
    expect(facts).toMatchObject({
      frequency: 'WEEKLY',
      horizon: 4,
      objective: 'MARGIN',
      unitCost: '3.5000',
      constraints: { maximumStepRate: 0.2 },
      bindingConstraints: ['MAXIMUM_STEP'],
      elasticity: { value: -2, identified: true },
      warnings: [],
    });
    const { current, recommended } = facts;
    expect(current.units).toBeCloseTo(40, 6);
    expect(current.margin).toBe('60.0000');
    expect(Number(facts.expectedGain)).toBeCloseTo(Number(recommended.margin) - 60, 3);
    expect(recommended.unitsLow).toBeLessThan(recommended.units);
    expect(Number(recommended.marginHigh)).toBeCloseTo(2.5 * recommended.unitsHigh, 3);
    for (const proposal of [second, third])
      expect(proposal.needsSecondPerson).toBe(Number(termsOf(proposal).recommendedPrice) > 5.5);
    expect(third.needsSecondPerson).toBe(true);
    expect(job?.result).toMatchObject({
      proposed: 2,
      dryRun: false,
      expectedGain: [
        {
          currencyCode: 'GBP',
          amount: (Number(facts.expectedGain) + Number(factsOf(second).expectedGain)).toFixed(4),
        },
      ],
    });
  });

  it('takes the place of the one before, and does not propose again what was decided', async () => {
    const { proposals } = fixture;
    const third = (await listAll()).find(({ subjectId }) => subjectId === variantIds[2]);
    await proposals.reject(byAda([third?.id ?? 0]));
    const job = await run();
    expect(job?.result).toMatchObject({ proposed: 1, decidedBefore: 1 });
    expect((await listAll()).map(({ subjectId, status }) => [subjectId, status])).toEqual([
      [variantIds[1], 'PROPOSED'],
      [variantIds[2], 'REJECTED'],
    ]);
  });

  it('names what contradicts itself for a variant, and prices the others', async () => {
    // At most 5.05, and at least 50 % of the price above the cost: only the first variant can have both.
    const job = await run({ constraints: { ceiling: 5.05, minimumMarginRate: 0.5 }, isDryRun: true });
    expect(job?.result).toMatchObject({ skipped: { NO_COST: 1, CONTRADICTION: 2 }, unchanged: 1 });
  });

  it('is cut by category and variants', async () => {
    const job = await run({ variantIds: variantIds.slice(0, 1), isDryRun: true });
    expect(job).toMatchObject({ total: 1, result: { considered: 1, unchanged: 1 } });
  });
});

describe('a part of a run', () => {
  it('that is done again, since its worker was killed before it was marked, writes the same', async () => {
    const jobId = await fixture.addRun();
    const job = { jobId, input };
    const [chunk] = await refresh.jobHandler.plan(job);
    expect(chunk).toEqual({ size: 4, payload: { variantIds } });
    const payload = chunk?.payload ?? { variantIds: [] };
    const first = await refresh.jobHandler.run(payload, job);
    const stored = await listAll();
    expect(await refresh.jobHandler.run(payload, job)).toEqual(first);
    expect(await listAll()).toEqual(stored);
  });

  it('holds five hundred variants at most', async () => {
    const { sql } = database;
    await sql.query(
      `WITH product AS (INSERT INTO product (handle, name) SELECT 'many', 'Many' RETURNING id)
       INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
       SELECT product.id, 'M-' || place, 'M', 5, 5, 'GBP' FROM product, generate_series(1, 600) AS place`,
    );
    const chunks = await refresh.jobHandler.plan({ jobId: 1, input });
    expect(chunks.map(({ size }) => size)).toEqual([500, 104]);
  });
});

describe('a run is refused', () => {
  it.each([
    [
      { frequency: 'HOURLY' },
      'UNSUPPORTED_FREQUENCY',
      'input.frequency must be DAILY, WEEKLY or MONTHLY, got HOURLY.',
    ],
    [{ horizon: 65 }, 'INVALID_HORIZON', 'input.horizon must be 1 to 64 periods, got 65.'],
    [
      { constraints: { floor: 9, ceiling: 5 } },
      'INVALID_CONSTRAINTS',
      'input.constraints.floor must be at most the ceiling, 5, got 9.',
    ],
  ] as const)('for %j with %s', async (changes, code, message) => {
    expect(errorsOf(await refresh.start({ ...request, ...changes }))).toMatchObject([{ code, message }]);
  });

  it('for an unknown category or variant, and throws for a constraint out of its range', async () => {
    expect(errorsOf(await refresh.start({ ...request, categoryIds: [77] }))).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'categoryIds', '0'] },
    ]);
    expect(
      errorsOf(await refresh.start({ ...request, variantIds: [variantIds[0] ?? 0, 1_000_000] })),
    ).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'variantIds', '1'] }]);
    await expect(refresh.start({ ...request, constraints: { maximumStepRate: -1 } })).rejects.toThrow(
      'input.constraints.maximumStepRate must be',
    );
  });
});
