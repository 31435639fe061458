import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, executors, startTestServer, type TestServer } from '../support/testServer.ts';

type Item = {
  readonly id: string;
  readonly orderQuantity: number;
  readonly orderUpTo: number;
  readonly safetyStock: number;
  readonly protectionDemand: readonly { readonly level: number; readonly value: number }[];
  readonly projectedOnHand: number;
};

const query = `
  query ($input: ReplenishmentPlanInput!) {
    replenishmentPlan(input: $input) {
      model { name version }
      items { id orderQuantity orderUpTo safetyStock protectionDemand { level value } projectedOnHand }
    }
  }`;
const history = Array.from({ length: 60 }, (_, week) => 10 + ((week * 7) % 5));
const base = { id: 'a', history, onHand: 0, incoming: [] };
const costs = { holdingCost: 0.2, shortageCost: 1 };

describe.each(executors)('replenishmentPlan under the %s executor', (executor) => {
  let server: TestServer;
  const ask = (items: readonly object[], rules: object = costs): Promise<Answer> =>
    server.ask(query, {
      input: { frequency: 'WEEKLY', reviewPeriods: 1, leadTimePeriods: 2, ...rules, items },
    });
  const plan = async (items: readonly object[], rules?: object): Promise<readonly Item[]> => {
    const { data, errors } = await ask(items, rules);
    expect(errors).toBeUndefined();
    return data.replenishmentPlan.items;
  };

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  it('answers in input order with finite numbers and ordered demand quantiles', async () => {
    const items = await plan([
      base,
      { ...base, id: 'b', history: Array.from({ length: 30 }).fill(0) },
      { ...base, id: 'c', history: [5] },
      { ...base, id: 'a', history: history.map((units, week) => (week % 4 === 0 ? null : units)) },
      {
        ...base,
        id: 'd',
        history: history.map((units) => units * 1e6),
        start: '2026-01-05',
        groups: ['store:1'],
      },
    ]);
    expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'a', 'd']);
    for (const { orderQuantity, orderUpTo, safetyStock, projectedOnHand, protectionDemand } of items) {
      const values = protectionDemand.map(({ value }) => value);
      expect([orderQuantity, orderUpTo, safetyStock, projectedOnHand, ...values].every(Number.isFinite)).toBe(
        true,
      );
      expect(orderQuantity).toBeGreaterThanOrEqual(0);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
    expect(items[1]?.orderQuantity).toBe(0);
  });

  it('orders less the more is left when the order arrives, down to nothing', async () => {
    // Twelve a week are sold in the two weeks of lead time: 24 units are gone before the order is there.
    const items = await plan([
      base,
      { ...base, onHand: 30 },
      { ...base, onHand: 12, incoming: [0, 18] },
      { ...base, onHand: 1_000 },
    ]);
    const [empty, some, onItsWay, plenty] = items.map(({ orderQuantity }) => orderQuantity);
    expect(empty).toBeGreaterThan(some ?? Number.NaN);
    expect(empty).toBeGreaterThan(onItsWay ?? Number.NaN);
    expect(plenty).toBe(0);
    const left = items.map(({ projectedOnHand }) => projectedOnHand);
    expect(left[0]).toBe(0);
    expect(left[3]).toBeGreaterThan(900);
  });

  it('respects pack size and minimum order quantity, and orders nothing where the minimum costs more than it saves', async () => {
    const quantities = (
      await plan([
        { ...base, packSize: 12 },
        { ...base, minimumOrderQuantity: 20 },
        { ...base, packSize: 7, minimumOrderQuantity: 16 },
        { ...base, minimumOrderQuantity: 100_000 },
      ])
    ).map(({ orderQuantity }) => orderQuantity);
    expect(quantities.map((quantity) => quantity > 0)).toEqual([true, true, true, false]);
    expect((quantities[0] ?? 1) % 12).toBe(0);
    expect(quantities[1]).toBeGreaterThanOrEqual(20);
    expect(quantities[2]).toBeGreaterThanOrEqual(16);
    expect((quantities[2] ?? 1) % 7).toBe(0);
  });

  it('holds more the dearer a shortage and the higher the service level', async () => {
    const upTo = async (rules: object) => (await plan([base], rules))[0]?.orderUpTo ?? Number.NaN;
    expect(await upTo({ holdingCost: 1, shortageCost: 50 })).toBeGreaterThan(
      await upTo({ holdingCost: 1, shortageCost: 0.5 }),
    );
    expect(await upTo({ serviceLevel: 0.999 })).toBeGreaterThan(await upTo({ serviceLevel: 0.5 }));
  });

  it('answers odd histories with finite numbers: constant, huge, full of gaps, never in stock, without lead time', async () => {
    const gaps = history.map((units, week) => (week % 10 === 0 ? units : null));
    const odd = [
      { ...base, history: new Array(60).fill(4) },
      { ...base, history: history.map((units) => units * 1e10) },
      { ...base, history: gaps },
      { ...base, history: new Array(60).fill(0), inStock: new Array(60).fill(false) },
      { ...base, history: [3] },
      { ...base, history: new Array(60).fill(0) },
      { ...base, incoming: new Array(20).fill(1) },
    ];
    // Few items are forecast each alone, many together.
    for (const items of [odd, [...odd, ...odd]]) {
      for (const rules of [costs, { serviceLevel: 0.99 }]) {
        const plans = await plan(items, { ...rules, leadTimePeriods: 0 });
        for (const { protectionDemand, id: _, ...numbers } of plans) {
          const all = [...Object.values(numbers), ...protectionDemand.map(({ value }) => value)];
          expect(all.every((value) => Number.isFinite(value) && Math.abs(value) < 1e14)).toBe(true);
        }
        expect(plans[0]?.orderQuantity).toBeGreaterThanOrEqual(3);
        expect(plans[0]?.orderQuantity).toBeLessThanOrEqual(8);
        expect(plans[1]?.orderQuantity).toBeGreaterThan(1e10);
        // What never sold is worth no order; one unit at most where ninety-nine in a hundred must be met.
        const most = rules === costs ? 0 : 1;
        expect(plans[3]?.orderQuantity).toBeLessThanOrEqual(most);
        expect(plans[5]?.orderQuantity).toBeLessThanOrEqual(most);
      }
    }
  });

  it('keeps to a budget, pays for what saves most, and tells the parts', async () => {
    const fields =
      'orderQuantity orderCost requiredQuantity inventoryPosition expectedDemand outcome { fillRate asked lost held expired }';
    const items = [
      { ...base, unitCost: 2, shelfLifePeriods: 3, leadTimeDeviationPeriods: 0.5 },
      { ...base, id: 'b', unitCost: 30, onHand: 20 },
    ];
    const given = { frequency: 'WEEKLY', reviewPeriods: 1, leadTimePeriods: 2, ...costs, budget: 40, items };
    const { data, errors } = await server.ask(
      `query ($input: ReplenishmentPlanInput!) { replenishmentPlan(input: $input) { items { ${fields} } } }`,
      { input: given },
    );
    expect(errors).toBeUndefined();
    const [cheap, dear] = data.replenishmentPlan.items;
    expect(cheap.orderCost).toBe(`${2 * cheap.orderQuantity}.00`);
    expect(Number(cheap.orderCost) + Number(dear.orderCost)).toBeLessThanOrEqual(40);
    expect(cheap.orderQuantity).toBeGreaterThan(5);
    expect(dear).toMatchObject({ orderQuantity: 0, inventoryPosition: 20 });
    expect(dear.requiredQuantity).toBeGreaterThan(0);
    expect(cheap.outcome.fillRate).toBeCloseTo(1 - cheap.outcome.lost / cheap.outcome.asked, 9);
  });

  it('covers a longer time between two orders with more stock', async () => {
    const upTo = async (reviewPeriods: number) =>
      (await plan([base], { ...costs, reviewPeriods }))[0]?.orderUpTo ?? Number.NaN;
    expect(await upTo(4)).toBeGreaterThan(2 * (await upTo(1)));
  });

  it.each([
    ['items', {}, [], 'input.items must be 1 to 1000 items, got 0.'],
    [
      'items',
      {},
      Array.from({ length: 1_001 }, () => base),
      'input.items must be 1 to 1000 items, got 1001.',
    ],
    ['reviewPeriods', { reviewPeriods: 0 }, [base], 'input.reviewPeriods must be 1 to 64 periods, got 0.'],
    [
      'leadTimePeriods',
      { leadTimePeriods: 64 },
      [base],
      'input.leadTimePeriods must be 0 to 64 periods with the review, got 64.',
    ],
    [
      'leadTimePeriods',
      { leadTimePeriods: -1 },
      [base],
      'input.leadTimePeriods must be 0 to 64 periods with the review, got -1.',
    ],
    [
      'serviceLevel',
      { serviceLevel: 0.9 },
      [base],
      'input.serviceLevel must be given instead of holdingCost and shortageCost, got both.',
    ],
    [
      'serviceLevel',
      { holdingCost: null },
      [base],
      'input.serviceLevel must be given, or both holdingCost and shortageCost, got neither.',
    ],
    [
      'holdingCost',
      { holdingCost: 0 },
      [base],
      'input.holdingCost must be above 0 and at most 1000000000000, got 0.',
    ],
    [
      'items.0.history',
      {},
      [{ ...base, history: [] }],
      'input.items.0.history must be 1 to 2000 values, got 0.',
    ],
    [
      'items.0.history',
      {},
      [{ ...base, history: [null] }],
      'input.items.0.history must be a list with at least one value that is not null, got none.',
    ],
    [
      'items.0.history.0',
      {},
      [{ ...base, history: [-1] }],
      'input.items.0.history.0 must be 0 to 1000000000000, got -1.',
    ],
    [
      'items.0.inStock',
      {},
      [{ ...base, inStock: [true] }],
      'input.items.0.inStock must be 60 entries, one a value, got 1.',
    ],
    [
      'items.0.onHand',
      {},
      [{ ...base, onHand: -1 }],
      'input.items.0.onHand must be 0 to 1000000000000, got -1.',
    ],
    [
      'items.0.incoming.0',
      {},
      [{ ...base, incoming: [-5] }],
      'input.items.0.incoming.0 must be 0 to 1000000000000, got -5.',
    ],
    ['budget', { budget: -1 }, [{ ...base, unitCost: 1 }], 'input.budget must be at least 0, got -1.'],
    [
      'items.0.unitCost',
      { budget: 5 },
      [base],
      'input.items.0.unitCost must be given where there is a budget, got none.',
    ],
    [
      'items.0.unitCost',
      {},
      [{ ...base, unitCost: 0 }],
      'input.items.0.unitCost must be above 0 and at most 1000000000000, got 0.',
    ],
    [
      'items.0.shelfLifePeriods',
      {},
      [{ ...base, shelfLifePeriods: 0 }],
      'input.items.0.shelfLifePeriods must be at least 1 period, got 0.',
    ],
    [
      'items.0.leadTimeDeviationPeriods',
      {},
      [{ ...base, leadTimeDeviationPeriods: 30 }],
      'input.items.0.leadTimeDeviationPeriods must be 0 to 20, a third of what lead time and review leave of 64 periods, got 30.',
    ],
    [
      'serviceLevel',
      { serviceLevel: 1, holdingCost: null, shortageCost: null },
      [base],
      'input.serviceLevel must be above 0 and below 1, got 1.',
    ],
    [
      'items.0.history',
      {},
      [{ ...base, history: [null, null] }],
      'input.items.0.history must be a list with at least one value that is not null, got none.',
    ],
    [
      'items.0.packSize',
      {},
      [{ ...base, packSize: 0 }],
      'input.items.0.packSize must be above 0 and at most 1000000000000, got 0.',
    ],
  ])('refuses a bad %s: %#', async (field, rules, items, message) => {
    const { data, errors } = await ask(items, { ...costs, ...rules });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([
      { message, extensions: { code: 'BAD_USER_INPUT', field: ['input', ...field.split('.')] } },
    ]);
  });
});
