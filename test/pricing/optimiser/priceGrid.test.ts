import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isContradiction,
  makePriceGrid,
  type PriceContradiction,
  type PriceGrid,
} from '../../../src/pricing/optimiser/priceGrid.ts';
import type { PriceConstraints, PriceItem } from '../../../src/pricing/priceItem.ts';
import { makePriceItem } from '../../support/priceCases.ts';

const terms = { objective: 'MARGIN', currencyDecimals: 2 } as const;
const made = (item: PriceItem, currencyDecimals: number | null = 2): PriceGrid => {
  const grid = makePriceGrid(item, { ...terms, currencyDecimals });
  if (isContradiction(grid)) throw new Error(grid.rule);
  return grid;
};
const allowed = ({ prices, broken }: PriceGrid): number[] => [...prices].filter((_, g) => broken[g] === 0);
const contradiction = (
  constraints: Partial<PriceConstraints>,
  changes: Partial<PriceItem> = {},
): PriceContradiction => {
  const grid = makePriceGrid(makePriceItem({ ...changes, constraints }), terms);
  if (!isContradiction(grid)) throw new Error('There is a price.');
  return grid;
};

describe('makePriceGrid', () => {
  it('spreads about forty prices over everything near the prices seen, and shows some beyond', () => {
    const grid = made(makePriceItem());
    const within = allowed(grid);
    expect(within.length).toBeGreaterThan(40);
    expect(grid.prices.length).toBeLessThanOrEqual(64);
    // Sold at 8 to 12: 1.5 times outside is 5.33 to 18.
    expect(within[0]).toBeCloseTo(5.34, 2);
    expect(within.at(-1)).toBe(18);
    expect(grid.prices.at(-1)).toBeGreaterThan(18);
    expect(grid.prices[grid.currentIndex]).toBe(10);
  });

  it.each<[string, Partial<PriceConstraints>, number, number]>([
    ['floor and ceiling', { floor: 9, ceiling: 11 }, 9, 11],
    ['minimum margin', { minimumMarginRate: 0.5 }, 12, 18],
    ['maximum step', { maximumStepRate: 0.1 }, 9, 11],
    ['competitors, of whom the median counts', { competitorCorridor: [0.9, 1.05] }, 9.9, 11.55],
    ['lowest advertised price', { minimumAdvertisedPrice: 9.5 }, 9.5, 18],
    ['a floor far above everything seen', { floor: 40 }, 40, 60],
  ])('keeps to %s', (_, constraints, low, high) => {
    const prices = allowed(made(makePriceItem({ competitorPrices: [20, 11, 9], constraints })));
    expect(prices[0]).toBeCloseTo(low, 9);
    expect(prices.at(-1)).toBeCloseTo(high, 9);
  });

  it('has no price but the current one without an allowed ending', () => {
    const item = makePriceItem({ constraints: { endings: [0.99, 0.49] } });
    expect(allowed(made(item))).toEqual(
      [5.49, 5.99, 6.49, 6.99, 7.49, 7.99, 8.49, 8.99, 9.49, 9.99, 10.49, 10.99].concat([
        11.49, 11.99, 12.49, 12.99, 13.49, 13.99, 14.49, 14.99, 15.49, 15.99, 16.49, 16.99, 17.49, 17.99,
      ]),
    );
  });

  it('takes the nearest of many endings over a wide range', () => {
    const history = makePriceItem().history.map((period) => ({ ...period, price: 4_000 }));
    const item = makePriceItem({ history, currentPrice: 4_000, constraints: { endings: [0.95, 0.99] } });
    const prices = allowed(made(item)).filter((price) => price !== 4_000);
    expect(prices.length).toBeGreaterThan(30);
    expect(prices.every((price) => [0.95, 0.99].some((end) => Math.abs((price % 1) - end) < 1e-6))).toBe(
      true,
    );
  });

  it('has the decimals of the currency, and three digits of tiny prices where it is unknown', () => {
    const yen = made(makePriceItem({ currentPrice: 1_000, constraints: { floor: 900, ceiling: 1_100 } }), 0);
    expect(allowed(yen).every(Number.isInteger)).toBe(true);
    const history = makePriceItem().history.map((period) => ({ ...period, price: 0.0123 }));
    const tiny = made(makePriceItem({ history, currentPrice: 0.0123, unitCost: 0.001 }), null);
    expect(allowed(tiny).length).toBeGreaterThan(30);
  });

  it.each<[string, Partial<PriceConstraints>, Partial<PriceItem>, string, string]>([
    [
      'floor above ceiling',
      { floor: 12, ceiling: 8 },
      {},
      'constraints.floor',
      'such that the lowest price that the floor allows (12) is at most the highest that the ceiling allows (8)',
    ],
    [
      'empty corridor',
      { competitorCorridor: [0.9, 1.1], ceiling: 8 },
      { competitorPrices: [10, 10, 10] },
      'constraints.competitorCorridor',
      'such that the lowest price that the competitor corridor allows (9) is at most the highest that the ceiling allows (8)',
    ],
    [
      'minimum margin above the step',
      { minimumMarginRate: 0.5, maximumStepRate: 0.1 },
      {},
      'constraints.minimumMarginRate',
      'such that the lowest price that the minimum margin allows (12) is at most the highest that the maximum step allows (11)',
    ],
    [
      'cost above every price',
      { ceiling: 8 },
      { unitCost: 9 },
      'unitCost',
      'below the highest price that the ceiling allows (8)',
    ],
    [
      'cost above everything seen',
      {},
      { unitCost: 30 },
      'unitCost',
      'below the highest price that can be judged, 1.5 times outside the prices seen (18)',
    ],
    [
      'endings that no price has',
      { floor: 12.1, ceiling: 12.6, endings: [0.99] },
      {},
      'constraints.endings',
      'an ending that a price from 12.1 to 12.6 has',
    ],
  ])('says what contradicts: %s', (_, constraints, changes, field, rule) => {
    expect(contradiction(constraints, changes)).toMatchObject({ field, rule });
  });

  it('lets revenue be sought below cost, and a price between two coins be the only one', () => {
    const item = makePriceItem({ unitCost: 30 });
    expect(isContradiction(makePriceGrid(item, { ...terms, objective: 'REVENUE' }))).toBe(false);
    const between = makePriceItem({ constraints: { floor: 11.001, ceiling: 11.004 } });
    expect(allowed(made(between))).toEqual([11.001]);
  });

  it('is ascending, holds the current price and breaks nothing unmarked, whatever is given', () => {
    const number = fc.double({ min: 0.01, max: 1_000, noNaN: true });
    const orNone = fc.oneof(fc.constant(Number.NaN), number);
    fc.assert(
      fc.property(
        fc.record({
          currentPrice: number,
          unitCost: number,
          floor: orNone,
          ceiling: orNone,
          maximumStepRate: fc.constantFrom(Number.NaN, 0, 0.05, 0.3),
          endings: fc.constantFrom([], [0.99], [0, 0.5]),
        }),
        ({ currentPrice, unitCost, ...constraints }) => {
          const grid = makePriceGrid(makePriceItem({ currentPrice, unitCost, constraints }), terms);
          if (isContradiction(grid)) return grid.rule.length > 0;
          const { prices, broken, currentIndex } = grid;
          expect(prices[currentIndex]).toBe(currentPrice);
          expect([...prices]).toEqual([...new Set(prices)].sort((a, b) => a - b));
          expect((prices[0] ?? 0) > 0 && prices.length <= 64 && broken.includes(0)).toBe(true);
          for (const price of allowed(grid)) {
            expect(price).toBeGreaterThanOrEqual((constraints.floor || 0) * (1 - 1e-8));
            expect(price).toBeLessThanOrEqual((constraints.ceiling || Infinity) * (1 + 1e-8));
            const step = Math.abs(price / currentPrice - 1);
            if (!Number.isNaN(constraints.maximumStepRate))
              expect(step).toBeLessThanOrEqual(constraints.maximumStepRate + 1e-8);
          }
          return true;
        },
      ),
    );
  });
});
