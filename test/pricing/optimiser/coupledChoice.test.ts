import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePrices, valueItem } from '../../../src/pricing/optimiser/choosePrices.ts';
import type { CoupledOptions, PriceCoupling } from '../../../src/pricing/optimiser/priceCoupling.ts';
import { solveCoupling } from '../../../src/pricing/optimiser/solveCoupling.ts';
import { makePriceCase, makePriceItem } from '../../support/priceCases.ts';

const free: PriceCoupling = {
  items: [],
  minimumAverageChangeRate: Number.NaN,
  maximumAverageChangeRate: Number.NaN,
  minimumMarginRate: Number.NaN,
  maximumChanges: Number.NaN,
  priceOrder: [],
};

/** Highest total worth over all choices that keep the coupling; −∞ where none does. */
function bestByTrial(items: readonly CoupledOptions[], coupling: PriceCoupling): number {
  const choices = items.reduce<number[][]>(
    (all, { prices }) => all.flatMap((begun) => prices.map((_, entry) => [...begun, entry])),
    [[]],
  );
  const keeps = (entries: readonly number[]) => {
    const prices = items.map((each, index) => each.prices[entries[index] ?? 0] ?? 0);
    const changes = items.map(({ currentPrice }, index) => (prices[index] ?? 0) / currentPrice - 1);
    const average = changes.reduce((sum, change) => sum + change, 0) / items.length;
    const units = items.map((each, index) => each.units[entries[index] ?? 0] ?? 0);
    const revenue = prices.reduce((sum, price, index) => sum + price * (units[index] ?? 0), 0);
    const cost = items.reduce((sum, { unitCost }, index) => sum + unitCost * (units[index] ?? 0), 0);
    const ordered = coupling.priceOrder.map((index) => prices[index] ?? 0);
    return (
      !(average < coupling.minimumAverageChangeRate - 1e-9) &&
      !(average > coupling.maximumAverageChangeRate + 1e-9) &&
      !(changes.filter((change) => change !== 0).length > coupling.maximumChanges) &&
      !(revenue - cost < coupling.minimumMarginRate * revenue - 1e-9) &&
      ordered.every((price, place) => price >= (ordered[place - 1] ?? 0))
    );
  };
  const worthOf = (entries: readonly number[]) =>
    items.reduce((sum, { worth }, index) => sum + (worth[entries[index] ?? 0] ?? 0), 0);
  return Math.max(Number.NEGATIVE_INFINITY, ...choices.filter(keeps).map(worthOf));
}

describe('solveCoupling', () => {
  it('finds what trying every choice finds, or that there is none', async () => {
    const option = fc.record({
      cents: fc.integer({ min: 500, max: 2_000 }),
      units: fc.integer({ min: 0, max: 50 }),
      worth: fc.integer({ min: -50, max: 400 }),
    });
    const shop = fc.array(fc.array(option, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 });
    const rate = fc.constantFrom(Number.NaN, -0.2, -0.05, 0, 0.1, 0.3);
    const bounds = fc.record({
      minimumAverageChangeRate: rate,
      maximumAverageChangeRate: rate,
      minimumMarginRate: rate,
      maximumChanges: fc.constantFrom(Number.NaN, 0, 1, 2),
      isOrdered: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shop, bounds, async (lists, { isOrdered, ...rest }) => {
        const items = lists.map(
          (options, item): CoupledOptions => ({
            item,
            currentPrice: (options[0]?.cents ?? 0) / 100,
            unitCost: 8,
            prices: options.map(({ cents }) => cents / 100),
            units: options.map(({ units }) => units),
            worth: options.map(({ worth }) => worth),
          }),
        );
        const coupling = {
          ...rest,
          items: [...items.keys()],
          priceOrder: isOrdered ? [0, 1] : [],
        };
        const choice = await solveCoupling(items, [coupling]);
        const best = bestByTrial(items, coupling);
        if (choice === null || choice === 'late') {
          expect([choice, best]).toEqual([null, Number.NEGATIVE_INFINITY]);
          return;
        }
        const reached = choice.entries.map((entry, index) => items[index]?.worth[entry] ?? 0);
        expect(Math.abs(reached.reduce((sum, worth) => sum + worth, 0) - best)).toBeLessThanOrEqual(
          1e-4 * Math.abs(best) + 1e-6,
        );
        expect(bestByTrial(pick(items, choice.entries), coupling)).not.toBe(Number.NEGATIVE_INFINITY);
      }),
      { numRuns: 60 },
    );
  });
});

/** The same items with nothing but what was chosen, at the same current prices. */
function pick(items: readonly CoupledOptions[], entries: readonly number[]): CoupledOptions[] {
  return items.map((each, index) => {
    const entry = entries[index] ?? 0;
    return {
      ...each,
      prices: [each.prices[entry] ?? 0],
      units: [each.units[entry] ?? 0],
      worth: [each.worth[entry] ?? 0],
    };
  });
}

describe('choosePrices', () => {
  const items = [8, 7, 5].map((unitCost) => makePriceCase(makePriceItem({ unitCost }), { deviation: 0.1 }));
  const choose = async (...couplings: readonly PriceCoupling[]) => {
    const answer = await choosePrices({ items, objective: 'MARGIN', couplings });
    if (answer.kind !== 'chosen') throw new Error(answer.kind);
    return answer.decisions.map(({ chosenIndex }, index) => items[index]?.prices[chosenIndex] ?? 0);
  };

  it('takes the same prices as alone where a coupling costs nothing', async () => {
    const alone = await choose();
    expect(await choose({ ...free, items: [0, 1, 2], maximumChanges: 3, priceOrder: [2, 1, 0] })).toEqual(
      alone,
    );
  });

  it('changes where it brings most when few prices may change', async () => {
    const [dear, middle, cheap] = await choose({ ...free, items: [0, 1, 2], maximumChanges: 1 });
    const gains = items.map((item) => {
      const { expected } = valueItem(item, 'MARGIN').options;
      return Math.max(...expected) - (expected[item.grid.currentIndex] ?? 0);
    });
    expect(gains.indexOf(Math.max(...gains))).toBe(0);
    expect(dear).toBeGreaterThan(12);
    expect([middle, cheap]).toEqual([10, 10]);
  });

  it('leaves caution aside only where a coupling cannot be kept otherwise', async () => {
    const unsure = makePriceCase(makePriceItem(), { deviation: 3 });
    const answer = await choosePrices({
      items: [unsure],
      objective: 'MARGIN',
      couplings: [{ ...free, items: [0], minimumAverageChangeRate: 0.2 }],
    });
    if (answer.kind !== 'chosen') throw new Error(answer.kind);
    expect(unsure.prices[answer.decisions[0]?.chosenIndex ?? 0]).toBeGreaterThanOrEqual(12);
  });

  it('names all couplings where only together they cannot be kept', async () => {
    const answer = await choosePrices({
      items,
      objective: 'MARGIN',
      couplings: [
        { ...free, items: [0, 1], minimumAverageChangeRate: 0.1 },
        { ...free, items: [0, 1, 2], maximumChanges: 0 },
      ],
    });
    expect(answer).toEqual({ kind: 'impossible', couplings: [0, 1] });
  });
});
