import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePrice, type PriceCase } from '../../../src/pricing/optimiser/choosePrice.ts';
import { decidePrice, type PriceDecision, valueItem } from '../../../src/pricing/optimiser/choosePrices.ts';
import { unitGain } from '../../../src/pricing/optimiser/priceValues.ts';
import type { PriceConstraints, PriceObjective } from '../../../src/pricing/priceItem.ts';
import { makePriceCase, makePriceItem } from '../../support/priceCases.ts';

type Demand = NonNullable<Parameters<typeof makePriceCase>[1]>;
type Changes = Partial<Omit<Parameters<typeof makePriceItem>[0] & object, 'constraints'>>;
type Given = {
  readonly changes?: Changes;
  readonly constraints?: Partial<PriceConstraints>;
  readonly demand?: Demand;
  readonly objective?: PriceObjective;
};

function decide({ changes = {}, constraints = {}, demand = {}, objective = 'MARGIN' }: Given = {}): {
  readonly item: PriceCase;
  readonly decision: PriceDecision;
  readonly price: number;
} {
  const item = makePriceCase(makePriceItem({ ...changes, constraints }), demand);
  const decision = decidePrice(valueItem(item, objective), objective);
  return { item, decision, price: item.prices[decision.chosenIndex] ?? Number.NaN };
}

const certain: Demand = { deviation: 0.001 };

describe('decidePrice', () => {
  it('finds the textbook price of log-linear demand, cost × ε ÷ (1 + ε), without caution', () => {
    // ε = −2.5, cost 6: 6 × −2.5 ÷ −1.5 = 10; cost 7: 11.67; cost 4: 6.67.
    expect(decide({ demand: certain }).price).toBe(10);
    const textbook = (unitCost: number) => {
      const { item } = decide({ changes: { unitCost }, demand: certain });
      return item.prices[choosePrice(item, valueItem(item, 'MARGIN').options, { isBold: true })] ?? 0;
    };
    expect(textbook(7) / 11.667).toBeCloseTo(1, 1.7);
    expect(textbook(4) / 6.667).toBeCloseTo(1, 1.7);
  });

  it('seeks revenue down to the lowest price where demand is elastic, and up where it is not', () => {
    const inelastic = decide({ objective: 'REVENUE', demand: { ...certain, elasticity: -0.1 } });
    expect(inelastic.price).toBe(18);
    expect(inelastic.decision.bindingConstraints).toEqual(['SEEN_RANGE']);
    expect(decide({ objective: 'REVENUE', demand: certain, constraints: { floor: 9 } }).price).toBe(9);
  });

  it('moves less the less it knows, and names CAUTION', () => {
    const price = (deviation: number, isIdentified = true) =>
      decide({ changes: { unitCost: 8 }, demand: { deviation, isIdentified } });
    const [sure, unsure, lost] = [price(0.05), price(0.6), price(2)];
    expect(sure.price).toBeGreaterThan(12.5);
    expect(unsure.price).toBeLessThan(sure.price);
    expect(lost.price).toBe(10);
    expect(lost.decision.bindingConstraints).toContain('CAUTION');
    expect(price(0.6, false).price).toBeLessThanOrEqual(unsure.price);
  });

  it.each<[string, Partial<PriceConstraints>, Changes, string]>([
    ['CEILING', { ceiling: 10.5 }, { unitCost: 8 }, 'price_limits'],
    ['FLOOR', { floor: 9.5 }, { unitCost: 4 }, 'price_limits'],
    ['MINIMUM_MARGIN', { minimumMarginRate: 0.55 }, { unitCost: 4 }, 'price_limits'],
    ['MINIMUM_ADVERTISED_PRICE', { minimumAdvertisedPrice: 9.5 }, { unitCost: 4 }, 'price_limits'],
    ['MAXIMUM_STEP', { maximumStepRate: 0.05 }, { unitCost: 8 }, 'maximum_step'],
    [
      'COMPETITOR_CORRIDOR',
      { competitorCorridor: [0.9, 1.1] },
      { unitCost: 8, competitorPrices: [9.5] },
      'competitors',
    ],
    ['ENDING', { endings: [0.99] }, { unitCost: 2.1, currentPrice: 3 }, 'price_ending'],
  ])('says that %s stands in the way, and that it moved the price', (name, constraints, changes, driver) => {
    const { decision } = decide({ constraints, changes, demand: certain });
    expect(decision.bindingConstraints.filter((each) => each !== 'CAUTION')).toEqual([name]);
    expect(decision.drivers.map((each) => each.name)).toContain(driver);
  });

  it('names constraints that bind together, though lifting either alone would not help', () => {
    const { decision } = decide({
      constraints: { ceiling: 10.5, maximumStepRate: 0.05 },
      changes: { unitCost: 8 },
      demand: certain,
    });
    expect(decision.bindingConstraints).toEqual(['CEILING', 'MAXIMUM_STEP']);
  });

  it('sells a short stock for more, and expects no more sales than there is stock', () => {
    const short = decide({ constraints: { stockLimit: 60 } });
    expect(short.price).toBeGreaterThan(11);
    expect(Math.max(...short.decision.units, ...short.decision.unitsHigh)).toBeLessThanOrEqual(60);
    expect(short.decision.bindingConstraints).toContain('STOCK_LIMIT');
    expect(short.decision.drivers.map(({ name }) => name)).toContain('stock');
    // A stock at the mean of demand is not all sold: half of the time demand is less.
    const { item, decision } = decide({ constraints: { stockLimit: 100 } });
    const atCurrent = decision.units[item.grid.currentIndex] ?? 0;
    expect(atCurrent).toBeLessThan(95);
    expect(atCurrent).toBeGreaterThan(85);
  });

  it('keeps the price where there is nothing to sell or nobody who buys', () => {
    const nothing = decide({ constraints: { stockLimit: 0 }, changes: { unitCost: 8 } });
    expect(nothing.price).toBe(10);
    expect([...nothing.decision.units].every((units) => units === 0)).toBe(true);
    expect(nothing.decision.drivers).toEqual([{ name: 'stock', share: 1 }]);
    const unwanted = decide({ demand: { units: 0 }, changes: { unitCost: 8 } });
    expect(unwanted.price).toBe(10);
    expect(unwanted.decision.drivers).toEqual([{ name: 'current_price', share: 1 }]);
  });

  it('leaves a forbidden price for the best that is allowed, never further for less', () => {
    const { price, decision } = decide({ constraints: { ceiling: 9 }, demand: { deviation: 1 } });
    expect(price).toBe(9);
    expect(decision.bindingConstraints).toContain('CEILING');
  });

  const random = fc.record({
    unitCost: fc.double({ min: 0, max: 9.4, noNaN: true }),
    elasticity: fc.double({ min: -6, max: 0.5, noNaN: true }),
    deviation: fc.double({ min: 0.001, max: 3, noNaN: true }),
    isIdentified: fc.boolean(),
    objective: fc.constantFrom<PriceObjective>('MARGIN', 'REVENUE'),
    floor: fc.constantFrom(Number.NaN, 7, 9.8, 10.4),
    ceiling: fc.constantFrom(Number.NaN, 10.6, 12, 30),
    endings: fc.constantFrom([], [0.99, 0.49]),
    stockLimit: fc.constantFrom(Number.NaN, 0, 40, 100, 1_000),
  });

  it('stays within the constraints, never expects less than of an allowed current price, and explains itself', () => {
    fc.assert(
      fc.property(random, ({ unitCost, elasticity, deviation, isIdentified, objective, ...constraints }) => {
        const { item, decision } = decide({
          changes: { unitCost },
          constraints,
          demand: { elasticity, deviation, isIdentified },
          objective,
        });
        const { chosenIndex, units } = decision;
        const { broken, currentIndex } = item.grid;
        expect(broken[chosenIndex]).toBe(0);
        const expected = (g: number) =>
          unitGain(item.prices[g] ?? 0, unitCost, objective) * (units[g] ?? Number.NaN);
        if (broken[currentIndex] === 0)
          expect(expected(chosenIndex)).toBeGreaterThanOrEqual(expected(currentIndex));
        const total = decision.drivers.reduce((sum, { share }) => sum + share, 0);
        expect(total).toBeCloseTo(1, 9);
        for (let g = 0; g < units.length; g += 1)
          expect(decision.unitsLow[g] ?? 1).toBeLessThanOrEqual(decision.unitsHigh[g] ?? 0);
      }),
      { numRuns: 300 },
    );
  });

  it('never lowers the price when a unit costs more', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 9.4, noNaN: true }),
        fc.double({ min: 0, max: 9.4, noNaN: true }),
        random,
        (one, other, { elasticity, deviation, isIdentified }) => {
          const demand = { elasticity, deviation, isIdentified };
          const price = (unitCost: number) => decide({ changes: { unitCost }, demand }).price;
          expect(price(Math.max(one, other))).toBeGreaterThanOrEqual(price(Math.min(one, other)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
