import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../../src/globalId.ts';
import { makeRandom } from '../../src/maths/random.ts';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

type Candidate = { readonly price: number; readonly propensity: number; readonly expectedResult: number };
type Item = {
  readonly itemId: string;
  readonly price: number;
  readonly propensity: number;
  readonly isExplored: boolean;
  readonly recommendedPrice: number;
  readonly currentPrice: number;
  readonly candidates: readonly Candidate[];
};

const fields = `id frequency horizon objective share maximumLossRate seed actor reason createdAt model { name version }
  items { itemId price propensity isExplored recommendedPrice currentPrice candidates { price propensity expectedResult } }`;
const planMutation = `mutation ($input: PriceExplorationPlanInput!, $key: String!) {
  priceExplorationPlan(input: $input) @idempotent(key: $key) { run { ${fields} } userErrors { code field message } }
}`;
const estimate = '{ value low high }';
const valueQuery = `query ($input: PriceExplorationValueInput!) {
  priceExplorationValue(input: $input) {
    logged value ${estimate} gain ${estimate} inversePropensity ${estimate} selfNormalised ${estimate}
    outcomes items effectiveOutcomes
  }
}`;

/** A hundred weeks of demand 40 × (price ÷ 10)^−2.5 with noise, at prices around 10. */
function makeItem(id: string, seed: number) {
  const random = makeRandom(seed);
  const history = Array.from({ length: 100 }, (_, week) => {
    const price = 9 + 0.5 * Math.floor(5 * random.uniform());
    const units = Math.round(40 * (price / 10) ** -2.5 * Math.exp(0.2 * (random.uniform() - 0.5)));
    return { date: new Date(Date.UTC(2024, 0, 1 + 7 * week)).toISOString().slice(0, 10), units, price };
  });
  const constraints = { floor: 9, maximumStepRate: 0.2 };
  return { id, unitCost: 7.5, currentPrice: 10, history, constraints };
}
const items = Array.from({ length: 40 }, (_, i) => makeItem(`item ${i}`, i));
const base = {
  ...{ frequency: 'WEEKLY', horizon: 4, items, seed: 11, share: 0.2 },
  ...{ actor: 'Ada', reason: 'Too little is known of the elasticity.' },
};

describe.each(executors)('exploring prices under the %s executor', (executor) => {
  let server: TestServer;
  let runId: string;
  let logged: readonly Item[];
  const plan = (key: string, change: object = {}) =>
    server.ask(planMutation, { key, input: { ...base, ...change } });
  const findValue = (input: object) => server.ask(valueQuery, { input });
  const outcomesOf = (toUnits: (price: number) => number) =>
    logged.map(({ itemId, price }) => ({ runId, itemId, units: toUnits(price) }));

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor, SUPPLYGRAPH_MAX_COST: '100000' });
    const { data, errors } = await plan('first');
    expect(errors).toBeUndefined();
    runId = data.priceExplorationPlan.run.id;
    logged = data.priceExplorationPlan.run.items;
  });

  afterAll(() => server.close());

  it('logs what every price had for a chance, within the constraints and the share', () => {
    expect(logged.map(({ itemId }) => itemId)).toEqual(items.map(({ id }) => id));
    expect(logged.filter(({ isExplored }) => isExplored).length).toBe(8);
    for (const { price, propensity, isExplored, recommendedPrice, candidates } of logged) {
      const total = candidates.reduce((sum, one) => sum + one.propensity, 0);
      expect(total).toBeCloseTo(1, 9);
      expect(candidates.find((one) => one.price === price)?.propensity).toBe(propensity);
      if (!isExplored) expect(price).toBe(recommendedPrice);
      const recommended = candidates.find((one) => one.price === recommendedPrice);
      expect(recommended?.propensity).toBeGreaterThan(0.8);
      for (const one of candidates) {
        expect(one.price).toBeGreaterThanOrEqual(9);
        expect(one.price).toBeLessThanOrEqual(12);
        if (one.price !== 10)
          expect(one.expectedResult).toBeGreaterThanOrEqual(0.95 * (recommended?.expectedResult ?? 0) - 1e-9);
      }
    }
    expect(logged.some(({ price, recommendedPrice }) => price !== recommendedPrice)).toBe(true);
  });

  it('is read again by its id, and a repeated request is answered without a model run', async () => {
    const { data } = await server.ask(
      `query ($id: ID!) { node(id: $id) { ... on PriceExplorationRun { ${fields} } } }`,
      { id: runId },
    );
    expect(data.node).toMatchObject({
      ...{
        id: runId,
        frequency: 'WEEKLY',
        horizon: 4,
        objective: 'MARGIN',
        share: 0.2,
        maximumLossRate: 0.05,
      },
      ...{ seed: 11, actor: 'Ada', reason: base.reason, items: logged },
    });
    const again = await plan('first');
    expect(again.data.priceExplorationPlan.run).toEqual(data.node);
    expect(again.extensions.inference).toEqual([]);
  });

  it('draws the same from the same input, and nothing at all unless asked to', async () => {
    const again = await plan('second');
    expect(again.data.priceExplorationPlan.run.items).toEqual(logged);
    expect(again.data.priceExplorationPlan.run.id).not.toBe(runId);
    const { share: _, ...withoutShare } = base;
    const off = await server.ask(planMutation, { key: 'off', input: withoutShare });
    for (const { price, recommendedPrice, isExplored, propensity } of off.data.priceExplorationPlan.run
      .items) {
      expect([price, propensity, isExplored]).toEqual([recommendedPrice, 1, false]);
    }
  });

  it('tells what other ways of choosing would have brought', async () => {
    // What is sold is exactly 40 (price ÷ 10)^−2.5 a week, so that the truth of each policy is known.
    const units = (price: number) => 160 * (price / 10) ** -2.5;
    const outcomes = outcomesOf(units);
    const mean = (pick: (item: Item) => number) =>
      logged.reduce((sum, item) => sum + (pick(item) - 7.5) * units(pick(item)), 0) / logged.length;
    const { data, errors } = await findValue({ outcomes });
    expect(errors).toBeUndefined();
    const found = data.priceExplorationValue;
    expect(found).toMatchObject({ outcomes: 40, items: 40 });
    expect(found.logged).toBeCloseTo(
      mean(({ price }) => price),
      6,
    );
    const truth = mean(({ recommendedPrice }) => recommendedPrice);
    expect(found.value.low).toBeLessThan(truth);
    expect(found.value.high).toBeGreaterThan(truth);
    expect(Math.abs(found.value.value / truth - 1)).toBeLessThan(0.05);
    expect(found.effectiveOutcomes).toBeGreaterThan(25);
    const current = (await findValue({ policy: 'CURRENT', outcomes })).data.priceExplorationValue;
    expect(Math.abs(current.value.value / mean(({ currentPrice }) => currentPrice) - 1)).toBeLessThan(0.1);
    const explore = (await findValue({ policy: 'EXPLORE', outcomes })).data.priceExplorationValue;
    expect(explore.effectiveOutcomes).toBeLessThan(found.effectiveOutcomes);
    const prices = logged.map(({ itemId, currentPrice }) => ({ itemId, price: currentPrice }));
    expect((await findValue({ prices, outcomes })).data.priceExplorationValue).toEqual(current);
  });

  it.each<[object, string]>([
    [{ share: 0.3 }, 'input.share must be 0 to 0.2, got 0.3.'],
    [{ maximumLossRate: -0.1 }, 'input.maximumLossRate must be 0 to 0.5, got -0.1.'],
    [{ seed: -1 }, 'input.seed must be 0 to 2147483647, got -1.'],
    [{ items: [items[0], items[0]] }, "input.items.1.id must be given once, got 'item 0' again."],
    [{ items: [{ ...items[0], id: '' }] }, 'input.items.0.id must be 1 to 200 characters, got none.'],
    [{ horizon: 65 }, 'input.horizon must be 1 to 64 periods, got 65.'],
  ])('refuses the plan %#', async (change, message) => {
    const { errors } = await plan(`bad ${message}`, change);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toBe(message);
  });

  it('refuses a blank reason as an expected outcome', async () => {
    const { data } = await plan('blank', { reason: ' ' });
    expect(data.priceExplorationPlan).toEqual({
      run: null,
      userErrors: [
        {
          ...{ code: 'BLANK', field: ['input', 'reason'] },
          message: 'input.reason must have at least one character that can be seen, got none.',
        },
      ],
    });
  });

  it('refuses to value what the log cannot tell', async () => {
    const [first, second] = outcomesOf(() => 1);
    const other = (await plan('revenue', { objective: 'REVENUE', items: items.slice(0, 1) })).data
      .priceExplorationPlan.run.id;
    const off = (await plan('none', { share: 0, items: items.slice(0, 1) })).data.priceExplorationPlan.run.id;
    const unknown = toGlobalId('PriceExplorationRun', 999_999);
    const cases: readonly (readonly [object, string])[] = [
      [{ outcomes: [] }, 'input.outcomes must be 1 to 10000 outcomes, got 0.'],
      [{ outcomes: [{ ...first, units: -1 }] }, 'input.outcomes.0.units must be 0 to 1e12, got -1.'],
      [{ outcomes: [first, first] }, "input.outcomes.1.itemId must be given once a run, got 'item 0' again."],
      [
        { outcomes: [{ ...first, itemId: 'vase' }] },
        "input.outcomes.0.itemId must be an item of its run, got 'vase'.",
      ],
      [
        { outcomes: [{ ...first, runId: 'x' }] },
        "input.outcomes.0.runId must be the id of a PriceExplorationRun, got 'x'.",
      ],
      [
        { outcomes: [{ ...first, runId: unknown }] },
        `input.outcomes.0.runId must be the id of an existing run, got '${unknown}'.`,
      ],
      [
        { outcomes: [second, { ...first, runId: other }] },
        "input.outcomes.1.runId must be of a run for MARGIN like the first one's, got REVENUE.",
      ],
      [
        { outcomes: [first], prices: [{ itemId: 'item 0', price: 3 }] },
        "input.prices.0.price must be a price that 'item 0' could have got, got 3.",
      ],
      [
        { outcomes: [first], prices: [1, 2].map((price) => ({ itemId: 'item 0', price })) },
        "input.prices.1.itemId must be given once, got 'item 0' again.",
      ],
      [
        { outcomes: [{ ...first, runId: off }], policy: 'EXPLORE' },
        'input.policy must be another than EXPLORE for a run with a share of 0, got EXPLORE.',
      ],
      [
        { outcomes: [{ ...first, runId: off }], policy: 'CURRENT' },
        "input.policy must be one whose prices had a chance, as CURRENT of 'item 0' had not, got CURRENT.",
      ],
    ];
    for (const [input, message] of cases) {
      const { errors } = await findValue(input);
      expect(errors?.[0]?.message).toBe(message);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});
