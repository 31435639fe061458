import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { PriceItemInput, PriceOptimizeInput } from '../../src/generated/graphql.ts';
import type { ModelRun } from '../../src/inference/inferenceRuntime.ts';
import { makePriceOptimiser } from '../../src/pricing/optimiser/priceOptimiser.ts';
import { makeDemandPlanner } from '../../src/pricing/planned/demandPlanner.ts';
import { listCurve } from '../../src/pricing/priceAdvice.ts';
import type { PriceItem } from '../../src/pricing/priceItem.ts';
import { makePricingService, type PricingEngines } from '../../src/pricing/service.ts';
import { makeLevel, makeLogLinearResponse, makePriceItem } from '../support/priceCases.ts';

const run: ModelRun = { model: 'prices', version: '1', rows: 1, batchRows: 1, durationMs: 1 };
const asked: { items: readonly PriceItem[]; horizon?: number }[] = [];
const engines: PricingEngines = {
  responder: {
    model: { name: 'log_linear', version: '1' },
    estimate: async (items, grids, _, onRun) => {
      asked.push({ items });
      onRun(run);
      return items.map(({ currentPrice }, index) =>
        makeLogLinearResponse(grids[index] ?? new Float64Array(), currentPrice, {
          elasticity: -2.5,
          deviation: 0.1,
        }),
      );
    },
  },
  levels: {
    forecast: async (items, _, horizon) => {
      asked.push({ items, horizon });
      return items.map(() => makeLevel(10 * horizon));
    },
  },
};
const optimiser = makePriceOptimiser({ queueLimit: 8, deadlineMs: 10_000 });
const planner = makeDemandPlanner({ queueLimit: 8, deadlineMs: 10_000 });
const pricing = makePricingService({ engines, optimiser, planner });
const item: PriceItemInput = {
  id: 'a',
  unitCost: 8,
  currentPrice: 10,
  history: [8, 10, 12].map((price, week) => ({ date: `2026-01-${12 + 7 * week}`, units: 10, price })),
};
const inputOf = (items: readonly PriceItemInput[], changes: Partial<PriceOptimizeInput> = {}) => ({
  frequency: 'WEEKLY' as const,
  horizon: 4,
  items,
  ...changes,
});

const optimize = async (items: readonly PriceItemInput[], changes: Partial<PriceOptimizeInput> = {}) =>
  (await pricing.optimizePrices(inputOf(items, changes), () => undefined)).items;

describe('pricing service', () => {
  beforeEach(() => {
    asked.length = 0;
  });

  afterAll(() => optimiser.close());

  it('recommends in input order, asking each engine once for all items', async () => {
    const runs: ModelRun[] = [];
    const items = Array.from({ length: 120 }, (_, index) => ({
      ...item,
      id: `${index}`,
      unitCost: index / 15,
    }));
    const { items: advice } = await pricing.optimizePrices(inputOf(items), (each) => runs.push(each));
    expect(advice.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(asked.map(({ items: each, horizon }) => [each.length, horizon])).toEqual([
      [120, undefined],
      [120, 4],
    ]);
    expect(runs).toEqual([run]);
    const prices = advice.map(({ recommendedPrice }) => recommendedPrice);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    expect(new Set(prices).size).toBeGreaterThan(10);
  });

  it('tells what current and recommended price bring, and draws the curve between', async () => {
    const [advice] = await optimize([item]);
    if (advice === undefined) throw new Error('There must be advice.');
    const { current, recommended } = advice;
    expect(current).toMatchObject({ price: 10, units: 40, revenue: 400, margin: 80 });
    expect(current.marginLow).toBeLessThan(current.margin);
    expect(current.marginHigh).toBeGreaterThan(current.margin);
    expect(recommended.price).toBeCloseTo(13.3, 0);
    expect(recommended.margin).toBeCloseTo((recommended.price - 8) * recommended.units, 9);
    expect(advice.reason).toMatch(
      /^Raise from 10 to 13\.\d+: expected margin 1\d\d(\.\d)? instead of 80, .*\.$/,
    );
    const curve = listCurve(advice.candidates);
    expect(curve.length).toBeGreaterThan(20);
    expect(curve.length).toBeLessThanOrEqual(25);
    expect(curve.map(({ price }) => price)).toEqual(expect.arrayContaining([10, recommended.price]));
    expect(curve.some(({ price }) => price < 7) && curve.some(({ price }) => price > 16)).toBe(true);
  });

  it('sorts what comes in any order, and takes what is absent as unknown', async () => {
    const history = [...item.history].reverse().concat({
      date: '2026-02-02',
      units: 3,
      price: 10,
      competitorPrices: [9, null],
      inStock: false,
    });
    await optimize([{ ...item, history }]);
    const [read] = asked[0]?.items ?? [];
    expect(read?.history.map(({ price }) => price)).toEqual([8, 10, 12, 10]);
    expect(read?.history.map(({ competitorPrices }) => competitorPrices)).toEqual([
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
      [9, Number.NaN],
    ]);
    expect(read?.history.map(({ inStock }) => inStock)).toEqual([true, true, true, false]);
    expect(read?.history[0]).toMatchObject({ regularPrice: Number.NaN, promoted: false, day: 20_465 });
  });

  it('prices in whole coins of the currency', async () => {
    const yen = { ...item, currencyCode: 'JPY' };
    const [advice] = await optimize([yen]);
    expect(advice?.recommendedPrice).toBe(13);
  });

  it('answers the other items of a stored catalogue where the constraints of one contradict each other', async () => {
    const items = [makePriceItem({ constraints: { floor: 12, ceiling: 9 } }), makePriceItem({ id: 'b' })];
    const terms = { frequency: 'WEEKLY', horizon: 4, objective: 'MARGIN', currencyCode: 'EUR' } as const;
    const [contradiction, advice] = await pricing.recommendPrices({ ...terms, items });
    expect(contradiction).toMatchObject({ field: 'constraints.floor', got: 12 });
    expect(advice).toMatchObject({ id: 'b', recommendedPrice: 10 });
    expect(await pricing.recommendPrices({ ...terms, items: [] })).toEqual([]);
  });

  it('keeps what is asked of items together, says so, and tells the gap', async () => {
    const items = ['small', 'large', 'other'].map((id, index) => ({
      ...item,
      id,
      unitCost: [8, 6.5, 8][index] ?? 0,
      groups: [id === 'other' ? 'category:other' : 'category:tea'],
    }));
    const couplings = [
      { priceOrder: ['small', 'large'] },
      { group: 'category:tea', maximumAverageChangeRate: 0.1 },
    ];
    const { items: advice, couplingGap } = await pricing.optimizePrices(
      inputOf(items, { couplings }),
      () => undefined,
    );
    const [small, large, other] = advice.map(({ recommendedPrice }) => recommendedPrice);
    expect(small).toBeLessThanOrEqual(large ?? 0);
    expect(((small ?? 0) + (large ?? 0)) / 20 - 1).toBeLessThanOrEqual(0.1 + 1e-9);
    expect(other).toBeCloseTo(13.3, 0);
    expect(advice.map(({ bindingConstraints }) => bindingConstraints.includes('COUPLING'))).toEqual([
      true,
      false,
      false,
    ]);
    expect(advice[0]?.drivers.map(({ name }) => name)).toContain('coupling');
    expect(couplingGap).toBeLessThanOrEqual(1e-4);
    expect((await pricing.optimizePrices(inputOf(items), () => undefined)).couplingGap).toBeNull();
  });

  it('lets the price of a stock fall until it is to be gone', async () => {
    // Sold weekly from 12 to 26 January: the first of six weeks until 15 March begins on 2 February.
    const markdown = { stock: 120, endDate: '2026-03-17', salvageValue: 1 };
    const [advice] = await optimize([{ ...item, unitCost: 20, markdown }]);
    const path = advice?.markdown?.path ?? [];
    expect(path.map(({ periodStart }) => periodStart)).toEqual([
      '2026-02-02',
      '2026-02-09',
      '2026-02-16',
      '2026-02-23',
      '2026-03-02',
      '2026-03-09',
    ]);
    const prices = path.map(({ price }) => price);
    expect(prices).toEqual([...prices].sort((a, b) => b - a));
    expect(prices[0]).toBeLessThan(10);
    expect(advice?.recommendedPrice).toBe(prices[0]);
    expect(path[0]?.stock).toBe(120);
    expect(path[1]?.stock).toBeCloseTo(120 - (path[0]?.units ?? 0), 9);
    expect(path.reduce((sum, { units }) => sum + units, 0)).toBeGreaterThan(90);
    expect(advice?.markdown?.result).toBeGreaterThan(1.05 * (advice?.markdown?.heldResult ?? Infinity));
    expect(advice?.drivers.map(({ name }) => name)).toContain('markdown');
    expect(advice?.reason).toMatch(
      /^Ask [\d.]+ now and [\d.]+ at the end: expected [\d,.]+ of revenue and salvage instead of [\d,.]+ at one price\.$/,
    );
  });

  it('keeps a markdown within the constraints and names those that hold it back', async () => {
    const markdown = { stock: 500, endDate: '2026-03-17' };
    const [advice] = await optimize([{ ...item, constraints: { floor: 9, endings: [0.5] }, markdown }]);
    expect(advice?.markdown?.path.map(({ price }) => price)).toEqual(new Array(6).fill(9.5));
    expect(advice?.bindingConstraints).toEqual(expect.arrayContaining(['FLOOR']));
    expect(advice?.markdown?.result).toBeCloseTo(advice?.markdown?.heldResult ?? 0, 6);
  });

  it('names the couplings that no prices can keep', async () => {
    const fixed = { ...item, constraints: { floor: 10, ceiling: 10 } };
    const items = ['a', 'b'].map((id) => ({ ...fixed, id, groups: ['category:tea'] }));
    const couplings = [{ priceOrder: ['a', 'b'] }, { group: 'category:tea', minimumAverageChangeRate: 0.05 }];
    await expect(optimize(items, { couplings })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message:
        "input.couplings.1 must be such that prices within its items' own constraints can keep it, got impossible bounds for category:tea.",
    });
  });
});
