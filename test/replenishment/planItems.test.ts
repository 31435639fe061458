import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawUniformPaths } from '../../src/replenishment/demandPaths.ts';
import { type PlanItem, type PlanRule, pathPeriods } from '../../src/replenishment/planItem.ts';
import { planItems } from '../../src/replenishment/planItems.ts';

const levels = [0.1, 0.5, 0.9];
const rule: PlanRule = {
  reviewPeriods: 1,
  leadTimePeriods: 1,
  target: { kind: 'cost', holdingCost: 0.2, shortageCost: 1 },
  levels,
};
const uniform = drawUniformPaths({ paths: 100, periods: pathPeriods(rule), correlation: 0.2, seed: 1 });

function makeItem(mean: number, unitCost: number, more: Partial<PlanItem> = {}): PlanItem {
  const row = [0.5 * mean, mean, 2 * mean];
  const quantiles = Float64Array.from(new Array(16).fill(row).flat());
  const forecast = { horizon: 16, levels, quantiles };
  return { onHand: 0, incoming: [], isWhole: true, forecast, unitCost, ...more };
}

const plan = (items: readonly PlanItem[], budget: number | null, given = rule) =>
  planItems(items, { rule: given, budget }, () => uniform);
const costOf = (plans: ReturnType<typeof plan>) =>
  plans.reduce((sum, { orderCost }) => sum + (orderCost ?? 0), 0);

describe('plans within a budget', () => {
  it('are the unlimited ones where the budget suffices', () => {
    const items = [makeItem(10, 2), makeItem(4, 7)];
    const free = plan(items, null);
    expect(plan(items, costOf(free))).toEqual(free);
  });

  it('buy what saves most per money first', () => {
    const items = [makeItem(10, 1), makeItem(10, 20)];
    const [cheap, dear] = plan(items, 12);
    expect(cheap?.orderQuantity).toBeGreaterThan(8);
    expect(dear?.orderQuantity).toBe(0);
    // The first units of a dear item save more than the last ones of a cheap one.
    const [some, more] = plan([makeItem(10, 1), makeItem(10, 1.2)], 20);
    expect(Math.min(some?.orderQuantity ?? 0, more?.orderQuantity ?? 0)).toBeGreaterThan(5);
  });

  it('never cost more than it, leave less than a step of what is wanted, and keep the terms', () => {
    const target = fc.constantFrom(rule.target, { kind: 'fillRate', level: 0.95 } as const);
    const item = fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 6 }),
    );
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 300 }),
        target,
        (made, budget, goal) => {
          const items = made.map(([mean, price, packSize]) =>
            makeItem(mean, price, { packSize, minimumOrderQuantity: 4 }),
          );
          const given = { ...rule, target: goal };
          const [free, plans] = [plan(items, null, given), plan(items, budget, given)];
          expect(costOf(plans)).toBeLessThanOrEqual(Math.max(0, budget) + 1e-9);
          for (const [i, { orderQuantity }] of plans.entries()) {
            expect(orderQuantity).toBeLessThanOrEqual(free[i]?.orderQuantity ?? 0);
            expect(orderQuantity % (items[i]?.packSize ?? 1)).toBe(0);
            expect(orderQuantity === 0 || orderQuantity >= 4).toBe(true);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
