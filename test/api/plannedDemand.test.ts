import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlannedDemandInput, PlannedDemandPayload } from '../../src/generated/graphql.ts';
import { drawPriceItem } from '../support/drawnPriceItem.ts';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

const query = `query ($input: PlannedDemandInput!) {
  plannedDemand(input: $input) { items { id periods { date units low high } } model { name version } }
}`;
const dateOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
/** Twelve items of one category whose weekly demand is e⁵ at a price of 10, with an elasticity of −2. */
const items: PlannedDemandInput['items'] = Array.from({ length: 12 }, (_, seed) => {
  const { history } = drawPriceItem({ seed: seed + 1, elasticity: -2, noise: 0.1 });
  const lastDay = history.at(-1)?.day ?? 0;
  return {
    id: `item ${seed}`,
    groups: ['category:mugs'],
    history: history.map(({ day, units, price }) => ({ date: dateOf(day), units, price })),
    plan: [9, 10, 11].map((price, week) => ({ date: dateOf(lastDay + 7 * (week + 1)), price })),
  };
});
const [first = items[0]] = items;
/** The answer in the query's shape; no items where there is none. */
function readPayload(data: { readonly plannedDemand?: unknown } | null | undefined) {
  const payload = data?.plannedDemand as PlannedDemandPayload | undefined; // the query's shape
  return { items: payload?.items ?? [], model: payload?.model };
}

describe.each(executors)('plannedDemand under the %s executor', (executor) => {
  let server: TestServer;
  const ask = (input: object) => server.ask(query, { input: { frequency: 'WEEKLY', ...input } });

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  it('expects what planned prices sell, within honest bounds and in input order', async () => {
    const { data, errors } = await ask({ items });
    expect(errors).toBeUndefined();
    const { items: answers, model } = readPayload(data);
    expect(model?.name).toBe('price-panel');
    expect(answers.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    const means = [0, 1, 2].map(
      (week) => answers.reduce((sum, { periods }) => sum + (periods[week]?.units ?? 0), 0) / answers.length,
    );
    for (const [week, price] of [9, 10, 11].entries())
      expect((means[week] ?? 0) / (Math.exp(5) * (price / 10) ** -2)).toBeCloseTo(1, 0.7);
    expect(means[0]).toBeGreaterThan(1.15 * (means[1] ?? 0));
    expect(means[2]).toBeLessThan(0.9 * (means[1] ?? 0));
    for (const { periods } of answers)
      for (const { units, low, high } of periods) {
        expect(low).toBeLessThan(units);
        expect(high).toBeGreaterThan(units);
      }
  });

  it('answers an item that stands alone', async () => {
    const { data } = await ask({ items: [{ ...first, groups: [] }] });
    const { items: answers } = readPayload(data);
    expect(answers[0]?.periods).toHaveLength(3);
    expect(answers[0]?.periods.every(({ low, high }) => low < high)).toBe(true);
  });

  it.each<[string, object, string]>([
    ['items', { items: [] }, '1 to 1000 items, got 0'],
    ['items.0.plan', { items: [{ ...first, plan: [] }] }, '1 to 64 periods, got 0'],
    [
      'items.0.plan.0.price',
      { items: [{ ...first, plan: [{ date: '2030-01-01', price: 0 }] }] },
      'above 0 and at most 1000000000000, got 0',
    ],
    [
      'items.0.plan.0.date',
      { items: [{ ...first, plan: [{ date: '2000-01-01', price: 9 }] }] },
      'after the history and the period before it, got 2000-01-01',
    ],
    [
      'items.0.plan.0.competitorPrices',
      { items: [{ ...first, plan: [{ date: '2030-01-01', price: 9, competitorPrices: [8] }] }] },
      '0 entries as in the history, got 1',
    ],
    [
      'frequency',
      { items, frequency: 'HOURLY' },
      'DAILY or longer, since an observation is dated by its day, got HOURLY',
    ],
  ])('refuses a request whose %s breaks its rule', async (field, input, rest) => {
    const { errors } = await ask(input);
    expect(errors?.[0]).toMatchObject({
      message: `input.${field} must be ${rest}.`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});
