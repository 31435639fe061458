import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type OrderPolicy,
  type RecordedDemand,
  type WalkRule,
  walkForward,
} from '../../../src/replenishment/simulation/walkForward.ts';

const rule: WalkRule = {
  origin: 1,
  periods: 3,
  orders: 2,
  leadTimePeriods: 1,
  unscored: 0,
  holdingCost: 0.5,
  shortageCost: 2,
  sight: 'own',
};

function recordsOf(demand: readonly number[], inStock = demand.map(() => 1)): RecordedDemand {
  return {
    items: [{ id: 'a', groups: [] }],
    periods: demand.length,
    demand: Float64Array.from(demand),
    inStock: Uint8Array.from(inStock),
    seasonPositions: Int32Array.from({ length: demand.length + 8 }, (_, t) => t),
  };
}

const always = (units: number): OrderPolicy => ({
  name: 'always',
  order: ({ onHand }) => onHand.map(() => units),
});

it('replays a week at a time: arrivals, then sales, what is left held and what is missing lost', async () => {
  // Stock 5: sells 4, 1 left; 3 arrive, 6 asked, 2 lost; 3 arrive, 1 asked, 2 left.
  const start = { onHand: Float64Array.of(5), incoming: [Float64Array.of(0)] };
  const outcome = await walkForward(recordsOf([9, 4, 6, 1]), start, rule, always(3));
  expect(outcome).toMatchObject({ holding: 0.5 * (1 + 0 + 2), shortage: 2 * 2, cost: 5.5, lostUnits: 2 });
  expect(outcome.fillRate).toBeCloseTo(1 - 2 / 11, 12);
  expect(outcome.averageStock).toBe(1);
  expect([...outcome.end.onHand]).toEqual([2]);
});

it('lets a policy see its own sales, marked where stock limited them, and nothing later', async () => {
  const seen: { values: number[]; inStock: number[] }[] = [];
  const watch: OrderPolicy = {
    name: 'watch',
    order(moment) {
      seen.push({ values: [...moment.seen.demand], inStock: [...moment.seen.inStock] });
      return Float64Array.of(0);
    },
  };
  const start = { onHand: Float64Array.of(5), incoming: [Float64Array.of(0)] };
  await walkForward(recordsOf([9, 8, 6, 1]), start, rule, watch);
  expect(seen).toEqual([
    { values: [9, 0, 0, 0], inStock: [1, 0, 0, 0] },
    { values: [9, 5, 0, 0], inStock: [1, 0, 0, 0] },
  ]);
});

it('keeps account of every unit: start and orders that arrive are sold or left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20), { minLength: 6, maxLength: 6 }),
      fc.nat(30),
      fc.nat(10),
      async (demand, onHand, order) => {
        const start = { onHand: Float64Array.of(onHand), incoming: [Float64Array.of(0)] };
        const long = { ...rule, origin: 0, periods: 6, orders: 5 };
        const { end, fillRate } = await walkForward(recordsOf(demand), start, long, always(order));
        const asked = demand.reduce((sum, units) => sum + units, 0);
        const sold = asked === 0 ? 0 : fillRate * asked;
        expect(onHand + 5 * order - sold).toBeCloseTo(end.onHand[0] ?? Number.NaN, 6);
      },
    ),
  );
});
