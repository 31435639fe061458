import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/maths/normal.ts';
import { DEFAULT_CORRELATION, drawUniformPaths } from '../../src/replenishment/demandPaths.ts';
import {
  type PlanItem,
  type PlanRule,
  pathPeriods,
  planItem,
  protectionPeriods,
} from '../../src/replenishment/planItem.ts';

const levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

function normalDemand(mean: number, deviation: number, horizon = 8) {
  const row = levels.map((level) => Math.max(0, mean + deviation * normalQuantile(level)));
  return { horizon, levels, quantiles: Float64Array.from(new Array(horizon).fill(row).flat()) };
}

function uniformFor(rule: PlanRule) {
  return drawUniformPaths({
    paths: 500,
    periods: protectionPeriods(rule),
    correlation: DEFAULT_CORRELATION,
    seed: 1,
  });
}

const costs = { kind: 'cost', holdingCost: 0.18, shortageCost: 0.7 } as const;
const rule: PlanRule = { reviewPeriods: 1, leadTimePeriods: 0, target: costs, levels: [0.5, 0.9] };
const item: PlanItem = { onHand: 0, incoming: [], isWhole: false, forecast: normalDemand(50, 8) };

describe('planning an item', () => {
  it('is the newsvendor when the order arrives at once', () => {
    const plan = planItem(item, rule, uniformFor(rule));
    expect(plan.orderQuantity).toBeCloseTo(56.6, 0);
    expect(plan.orderUpTo).toBe(plan.orderQuantity);
    expect(plan.safetyStock).toBeCloseTo(6.6, 0);
    expect(plan.projectedOnHand).toBe(0);
    expect(plan.protectionDemand[0]).toBeCloseTo(50, 0);
    expect(plan.protectionDemand[1]).toBeCloseTo(50 + 8 * normalQuantile(0.9), 0);
  });

  it('orders nothing when stock and arrivals cover the lead time and the period served', () => {
    const later: PlanRule = { ...rule, leadTimePeriods: 2 };
    const plan = planItem({ ...item, onHand: 60, incoming: [80, 80] }, later, uniformFor(later));
    expect(plan.orderQuantity).toBe(0);
    expect(plan.projectedOnHand).toBeGreaterThan(110);
  });

  it('counts arrivals in their period: stock cannot be sold before it comes', () => {
    const later: PlanRule = { ...rule, leadTimePeriods: 2 };
    const soon = planItem({ ...item, incoming: [100] }, later, uniformFor(later));
    const late = planItem({ ...item, incoming: [0, 100] }, later, uniformFor(later));
    expect(late.projectedOnHand).toBeGreaterThan(soon.projectedOnHand + 30);
    expect(late.orderQuantity).toBeLessThan(soon.orderQuantity);
  });

  it('does not owe what was lost: an empty shelf orders for the served period alone', () => {
    const later: PlanRule = { ...rule, leadTimePeriods: 2 };
    expect(planItem(item, later, uniformFor(later)).orderQuantity).toBeCloseTo(56.6, 0);
  });

  it('serves all periods of a longer review', () => {
    const monthly: PlanRule = { ...rule, reviewPeriods: 4 };
    const plan = planItem(item, monthly, uniformFor(monthly));
    expect(plan.orderQuantity).toBeGreaterThan(170);
    expect(plan.orderQuantity).toBeLessThan(230);
  });

  it('stops at the fill rate asked for', () => {
    const at = (level: number) => {
      const service: PlanRule = { ...rule, leadTimePeriods: 1, target: { kind: 'fillRate', level } };
      return planItem({ ...item, onHand: 50 }, service, uniformFor(service)).orderQuantity;
    };
    expect(at(0.9)).toBeGreaterThan(40);
    expect(at(0.9)).toBeLessThan(at(0.99));
    expect(at(0.99)).toBeLessThan(75);
  });

  it('leaves a minimum unordered when that is cheaper than carrying it', () => {
    const quiet = { ...item, isWhole: true, forecast: normalDemand(0.4, 0.6) };
    expect(planItem({ ...quiet, minimumOrderQuantity: 500 }, rule, uniformFor(rule)).orderQuantity).toBe(0);
  });

  it('keeps whole units, packs and minimum, and never answers NaN', () => {
    const count = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(
        count,
        fc.array(count, { maxLength: 3 }),
        fc.integer({ min: 1, max: 24 }),
        count,
        fc.constantFrom(costs, { kind: 'fillRate', level: 0.95 } as const),
        (onHand, incoming, packSize, minimumOrderQuantity, target) => {
          const given: PlanRule = { ...rule, leadTimePeriods: 2, reviewPeriods: 2, target };
          const plan = planItem(
            {
              onHand,
              incoming,
              packSize,
              minimumOrderQuantity,
              isWhole: true,
              forecast: normalDemand(20, 12),
            },
            given,
            drawUniformPaths({ paths: 60, periods: 4, correlation: 0.2, seed: 3 }),
          );
          expect(plan.orderQuantity % packSize).toBe(0);
          if (plan.orderQuantity > 0) expect(plan.orderQuantity).toBeGreaterThanOrEqual(minimumOrderQuantity);
          const numbers = [plan.orderUpTo, plan.safetyStock, plan.projectedOnHand, ...plan.protectionDemand];
          expect(numbers.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('asks for no less when more service is wanted', () => {
    const level = fc.double({ min: 0.5, max: 0.995, noNaN: true });
    fc.assert(
      fc.property(level, level, fc.integer({ min: 0, max: 100 }), (a, b, onHand) => {
        const order = (target: number) => {
          const service: PlanRule = {
            ...rule,
            leadTimePeriods: 1,
            target: { kind: 'fillRate', level: target },
          };
          return planItem({ ...item, onHand }, service, uniformFor(service)).orderUpTo;
        };
        expect(order(Math.max(a, b))).toBeGreaterThanOrEqual(order(Math.min(a, b)) - 1e-6);
      }),
      { numRuns: 20 },
    );
  });

  it('covers random lead times: the later an order may come, the more stock', () => {
    const later: PlanRule = { ...rule, leadTimePeriods: 3, target: { kind: 'cycleService', level: 0.95 } };
    const upTo = (leadTimeDeviationPeriods: number) => {
      const given = { ...item, forecast: normalDemand(50, 8, 16), leadTimeDeviationPeriods };
      const periods = pathPeriods(later, given);
      return planItem(given, later, drawUniformPaths({ paths: 500, periods, correlation: 0, seed: 1 }));
    };
    // Certain: up to N(200, 16²) at 0.95; with a deviation of one week near √(4·8² + 50²) instead.
    expect(upTo(0).orderUpTo).toBeGreaterThan(200 + 1.645 * 16 - 6);
    expect(upTo(0).orderUpTo).toBeLessThan(200 + 1.645 * 16 + 6);
    expect(upTo(1).orderUpTo).toBeGreaterThan(200 + 1.645 * 40);
    expect(upTo(1).expectedDemand).toBeCloseTo(200, -1);
  });

  it('orders less of what spoils, and tells what is written off', () => {
    const slow = { ...item, isWhole: true, forecast: normalDemand(3, 3, 16), unitCost: 1, packSize: 2 };
    const later: PlanRule = { ...rule, leadTimePeriods: 1, target: { ...costs, shortageCost: 4 } };
    const plan = (shelfLifePeriods: number) => {
      const periods = pathPeriods(later, slow);
      const uniform = drawUniformPaths({ paths: 500, periods, correlation: 0, seed: 1 });
      return planItem({ ...slow, shelfLifePeriods }, later, uniform);
    };
    expect(plan(1).orderQuantity).toBeLessThan(plan(60).orderQuantity);
    expect(plan(1).outcome.expired).toBeGreaterThan(0);
    expect(plan(60).outcome.expired).toBe(0);
  });

  it('gives the parts of its sum', () => {
    const later: PlanRule = { ...rule, leadTimePeriods: 1 };
    const plan = planItem(
      { ...item, onHand: 20, incoming: [10], unitCost: 3, packSize: 7 },
      later,
      uniformFor(later),
    );
    expect(plan.inventoryPosition).toBe(30);
    expect(plan.requiredQuantity).toBeCloseTo(plan.orderUpTo - 30, 9);
    expect(plan.safetyStock).toBeCloseTo(plan.orderUpTo - plan.expectedDemand, 9);
    expect(plan.orderCost).toBe(3 * plan.orderQuantity);
    const { fillRate, lost, asked } = plan.outcome;
    expect(fillRate).toBeCloseTo(1 - lost / asked, 9);
  });
});
