import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRandom } from '../../src/maths/random.ts';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

type Point = {
  readonly price: number;
  readonly units: number;
  readonly revenue: number;
  readonly margin: number;
  readonly marginLow: number;
  readonly marginHigh: number;
};
type Item = {
  readonly id: string;
  readonly recommendedPrice: number;
  readonly elasticity: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly identified: boolean;
  };
  readonly current: Point;
  readonly recommended: Point;
  readonly curve: readonly Point[];
  readonly bindingConstraints: readonly string[];
  readonly drivers: readonly { readonly name: string; readonly confidence: number }[];
};

const point = '{ price units revenue margin marginLow marginHigh }';
const query = `
  query ($input: PriceOptimizeInput!) {
    priceOptimize(input: $input) {
      model { name version }
      couplingGap
      items {
        id recommendedPrice elasticity { value low high identified }
        current ${point} recommended ${point} curve ${point}
        bindingConstraints drivers { name confidence } reason warnings
        members { name weight } effects { name coefficient standardError }
      }
    }
  }`;

/** A hundred weeks of demand 40 × (price ÷ 10)^−2.5 with noise; a fifth of the weeks each at five prices. */
function makeHistory(
  prices: readonly number[] = [9, 9.5, 10, 10.5, 11],
  seed = 1,
): Record<string, unknown>[] {
  const random = makeRandom(seed);
  return Array.from({ length: 100 }, (_, week) => {
    const price = prices[Math.floor(random.uniform() * prices.length)] ?? 10;
    const units = 40 * (price / 10) ** -2.5 * Math.exp(0.2 * (random.uniform() - 0.5));
    return {
      date: new Date(Date.UTC(2024, 0, 1 + 7 * week)).toISOString().slice(0, 10),
      units: Math.round(units),
      price,
    };
  });
}
const base = { id: 'a', unitCost: 7.5, currentPrice: 10, history: makeHistory() };

describe.each(executors)('priceOptimize under the %s executor', (executor) => {
  let server: TestServer;
  const ask = (items: readonly object[], rules: object = {}) =>
    server.ask(query, { input: { frequency: 'WEEKLY', horizon: 8, items, ...rules } });
  const optimize = async (items: readonly object[], rules?: object): Promise<readonly Item[]> => {
    const { data, errors } = await ask(items, rules);
    expect(errors).toBeUndefined();
    return data.priceOptimize.items;
  };

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  it('raises a price that is too low for its cost, within the constraints, and tells why', async () => {
    const [free, held] = await optimize([
      base,
      { ...base, id: 'b', constraints: { ceiling: 10.5, endings: [0.49, 0.99], maximumStepRate: 0.2 } },
    ]);
    expect(free?.elasticity.identified).toBe(true);
    expect(free?.elasticity.low).toBeLessThan(-2);
    expect(free?.recommendedPrice).toBeGreaterThan(10.5);
    expect(free?.recommended.margin).toBeGreaterThan(free?.current.margin ?? 0);
    // Sold at about 40 a week.
    expect((free?.current.units ?? 0) / 320).toBeGreaterThan(0.8);
    expect((free?.current.units ?? 0) / 320).toBeLessThan(1.2);
    expect(held?.recommendedPrice).toBe(10.49);
    expect(held?.bindingConstraints).toContain('CEILING');
    for (const { drivers, curve, current, recommended, recommendedPrice } of [free, held].filter(
      (item) => item !== undefined,
    )) {
      expect(drivers.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 9);
      expect(recommended.price).toBe(recommendedPrice);
      expect(curve.map(({ price }) => price)).toEqual(
        expect.arrayContaining([current.price, recommendedPrice]),
      );
      for (const { price, units, revenue, margin, marginLow, marginHigh } of curve) {
        expect(revenue).toBeCloseTo(price * units, 6);
        expect(margin).toBeCloseTo((price - 7.5) * units, 6);
        expect(marginLow).toBeLessThanOrEqual(marginHigh);
      }
    }
  });

  it('counts the model runs, and answers the same twice', async () => {
    const items = [base, { ...base, id: 'b', unitCost: 5 }];
    const [first, second] = [await ask(items), await ask(items)];
    const prices = ({ data }: typeof first) =>
      data.priceOptimize.items.map((item: Item) => item.recommendedPrice);
    expect(prices(first)).toEqual(prices(second));
    expect(first.extensions.inference.map(({ model }) => model)).toContain('demand');
    expect(first.data.priceOptimize.couplingGap).toBeNull();
  });

  it('answers in input order, whatever the order of the periods', async () => {
    const items = ['c', 'a', 'b', 'a'].map((id, index) => ({
      ...base,
      id,
      history: index === 3 ? [...base.history].reverse() : base.history,
    }));
    const answers = await optimize(items);
    expect(answers.map(({ id }) => id)).toEqual(['c', 'a', 'b', 'a']);
    expect(answers[3]?.recommendedPrice).toBe(answers[1]?.recommendedPrice);
    expect(answers[3]?.recommended.units).toBeCloseTo(answers[1]?.recommended.units ?? 0, 4);
  });

  it('keeps the price where nothing is known: constant price, one or two periods', async () => {
    const answers = await optimize([
      { ...base, history: makeHistory([10]) },
      { ...base, history: makeHistory().slice(0, 2) },
      { ...base, history: makeHistory().slice(0, 1) },
    ]);
    for (const { elasticity, recommended, current } of answers) {
      expect(elasticity.identified).toBe(false);
      expect(Math.abs(recommended.price / current.price - 1)).toBeLessThan(0.1);
    }
  });

  it('answers odd items with finite numbers within the constraints', async () => {
    const none = { ...period(), units: 0 };
    const items = [
      { ...base, history: [none] },
      { ...base, history: base.history.map((each) => ({ ...each, units: 0 })) },
      { ...base, history: base.history.map((each) => ({ ...each, inStock: false })) },
      { ...base, unitCost: 0 },
      { ...base, currentPrice: 10.01, constraints: { stockLimit: 0 } },
      { ...base, constraints: { stockLimit: 30, floor: 9, ceiling: 12 } },
      { ...base, constraints: { floor: 10, ceiling: 10 } },
      { ...base, constraints: { maximumStepRate: 0 } },
      { ...base, history: base.history.map((each) => ({ ...each, competitorPrices: [] })) },
      {
        ...base,
        competitorPrices: [9, null, 11],
        history: base.history.map((each, week) => ({
          ...each,
          competitorPrices: [9 + (week % 3), null, 11],
          sentiment: -1,
          complaintRate: 3,
          promoted: week % 10 === 0,
        })),
        constraints: { competitorCorridor: [0.9, 1] },
      },
      scaled(1e-3),
      scaled(1e6),
    ];
    for (const objective of ['MARGIN', 'REVENUE']) {
      const answers = await optimize(items, { objective });
      for (const [index, { recommended, current, curve, elasticity }] of answers.entries()) {
        const { floor = 0, ceiling = Infinity } =
          (items[index] as { constraints?: { floor?: number; ceiling?: number } }).constraints ?? {};
        expect(recommended.price).toBeGreaterThanOrEqual(floor);
        expect(recommended.price).toBeLessThanOrEqual(ceiling);
        const { value, low, high } = elasticity;
        const numbers = [value, low, high, ...[recommended, current, ...curve].flatMap(Object.values)];
        expect(numbers.every(Number.isFinite)).toBe(true);
      }
      expect(answers[4]).toMatchObject({ recommendedPrice: 10.01, recommended: { units: 0 } });
      expect(answers[5]?.recommended.units).toBeLessThanOrEqual(30);
      expect(answers[6]?.recommendedPrice).toBe(10);
      expect(answers[7]?.recommendedPrice).toBe(10);
      expect(answers[9]?.recommendedPrice).toBeLessThanOrEqual(10);
    }
  });

  it('raises the price of a short stock', async () => {
    const [plenty, short] = await optimize([
      { ...base, unitCost: 6 },
      { ...base, unitCost: 6, constraints: { stockLimit: 200 } },
    ]);
    expect(short?.recommendedPrice).toBeGreaterThan(plenty?.recommendedPrice ?? Infinity);
    expect(short?.bindingConstraints).toContain('STOCK_LIMIT');
  });

  it('plans the markdown of a stock, and refuses nothing for what it has cost', async () => {
    const { data, errors } = await server.ask(
      `query ($input: PriceOptimizeInput!) {
        priceOptimize(input: $input) {
          items {
            recommendedPrice markdownResult markdownResultHeld reason
            markdownPath { periodStart price stock units revenue }
          }
        }
      }`,
      {
        input: {
          frequency: 'WEEKLY',
          horizon: 8,
          items: [
            { ...base, unitCost: 100, markdown: { stock: 600, endDate: '2026-02-01', salvageValue: 0.5 } },
            base,
          ],
        },
      },
    );
    expect(errors).toBeUndefined();
    const [marked, plain] = data.priceOptimize.items;
    expect(marked.markdownPath[0]).toMatchObject({
      periodStart: '2025-12-01',
      price: marked.recommendedPrice,
      stock: 600,
    });
    expect(marked.markdownPath.length).toBe(9);
    expect(marked.markdownResult).toBeGreaterThan(marked.markdownResultHeld);
    expect(marked.recommendedPrice).toBeLessThan(10);
    expect(plain).toMatchObject({ markdownPath: null, markdownResult: null, markdownResultHeld: null });
  });

  it('keeps what is asked of items together', async () => {
    const items = [base, { ...base, id: 'b', history: makeHistory(undefined, 2) }];
    const answers = await optimize(items, { couplings: [{ maximumChanges: 1 }, { priceOrder: ['b', 'a'] }] });
    expect(answers.map(({ recommendedPrice }) => recommendedPrice)).toEqual([
      expect.toSatisfy((price: number) => price > 10),
      10,
    ]);
  });
});

function period(): Record<string, unknown> {
  return { date: '2026-01-05', units: 10, price: 9.99 };
}

/** The same item in another unit of money. */
function scaled(factor: number): object {
  const history = base.history.map((each) => ({ ...each, price: Number(each.price) * factor }));
  return { ...base, unitCost: base.unitCost * factor, currentPrice: base.currentPrice * factor, history };
}
