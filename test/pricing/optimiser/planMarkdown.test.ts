import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdPrice, type MarkdownTerms, planMarkdown } from '../../../src/pricing/optimiser/planMarkdown.ts';
import { makeLevel } from '../../support/priceCases.ts';

const certain = 0;
const two = { prices: [5, 10], ratios: [4, 1] };
const terms: MarkdownTerms = { stock: 100, periods: 2, salvageValue: 0, levelPeriods: 1 };
const elastic = [4, 5, 6, 7, 8, 9, 10].map((price) => [price, (price / 10) ** -2] as const);
const seven = { prices: elastic.map(([price]) => price), ratios: elastic.map(([, ratio]) => ratio) };

describe('planMarkdown', () => {
  it('sells dear as long as there is time, then cheap, where demand is certain', () => {
    // 20 a period at 10, 80 at 5: 10 then 5 brings 200 + 400, twice 5 brings 500, twice 10 brings 400.
    const { steps, result } = planMarkdown(two, terms, makeLevel(20, certain));
    expect(steps).toEqual([
      { priceIndex: 1, stock: 100, units: 20 },
      { priceIndex: 0, stock: 80, units: 80 },
    ]);
    // Between two points of stock the value is interpolated across the kink at 80.
    expect(result / 600).toBeCloseTo(1, 2);
    expect(holdPrice({ prices: [10], ratios: [1] }, terms, makeLevel(20, certain))).toBeCloseTo(400, 6);
  });

  it('keeps the price where what is left is worth as much as it brings cheap', () => {
    const { steps, result } = planMarkdown(two, { ...terms, salvageValue: 5 }, makeLevel(20, certain));
    expect(steps.map(({ priceIndex }) => priceIndex)).toEqual([1, 1]);
    expect(result).toBeCloseTo(400 + 60 * 5, 6);
  });

  it('spreads the level over its periods', () => {
    const { steps } = planMarkdown(two, { ...terms, levelPeriods: 4 }, makeLevel(20, certain));
    expect(steps[0]?.units).toBe(20);
    expect(steps[0]?.priceIndex).toBe(0);
  });

  it('answers an empty stock and nobody who buys', () => {
    const empty = planMarkdown(two, { ...terms, stock: 0 }, makeLevel(20));
    expect([empty.result, ...empty.steps.map(({ units }) => units)]).toEqual([0, 0, 0]);
    const unwanted = planMarkdown(two, { ...terms, salvageValue: 2 }, makeLevel(0));
    expect(unwanted.result).toBeCloseTo(200, 6);
  });

  it('never raises the price, never sells more than there is, and beats every price that is held', () => {
    const random = fc.record({
      stock: fc.double({ min: 0, max: 1_000, noNaN: true }),
      periods: fc.integer({ min: 1, max: 30 }),
      salvageValue: fc.double({ min: 0, max: 6, noNaN: true }),
      levelPeriods: fc.integer({ min: 1, max: 10 }),
    });
    const units = fc.double({ min: 0, max: 200, noNaN: true });
    const deviation = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(random, units, deviation, (given, mean, scatter) => {
        const level = makeLevel(mean, scatter);
        const { steps, result } = planMarkdown(seven, given, level);
        expect(steps.length).toBe(given.periods);
        const path = steps.map(({ priceIndex }) => priceIndex);
        expect(path).toEqual([...path].sort((a, b) => b - a));
        expect(steps.reduce((sum, step) => sum + step.units, 0)).toBeLessThanOrEqual(given.stock + 1e-6);
        for (const [index, price] of seven.prices.entries()) {
          const held = holdPrice({ prices: [price], ratios: [seven.ratios[index] ?? 0] }, given, level);
          expect(result).toBeGreaterThanOrEqual(held - 1e-6 * Math.abs(held));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('starts lower the more there is to sell, and higher the more time there is', () => {
    const first = (changes: Partial<MarkdownTerms>) =>
      planMarkdown(seven, { ...terms, ...changes }, makeLevel(20)).steps[0]?.priceIndex ?? Number.NaN;
    const byStock = [20, 60, 150, 400].map((stock) => first({ stock }));
    expect(byStock).toEqual([...byStock].sort((a, b) => b - a));
    expect(byStock[0]).toBeGreaterThan(byStock[3] ?? Infinity);
    const byTime = [1, 3, 6, 12].map((periods) => first({ periods }));
    expect(byTime).toEqual([...byTime].sort((a, b) => a - b));
    expect(byTime[3]).toBeGreaterThan(byTime[0] ?? Infinity);
  });
});
