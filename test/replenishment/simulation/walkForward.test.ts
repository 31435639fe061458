import { describe, expect, it } from 'vitest';
import {
  makeClairvoyantPolicy,
  seasonalMeanPolicy,
} from '../../../src/replenishment/simulation/referencePolicies.ts';
import {
  type OrderPolicy,
  type RecordedDemand,
  seenHistory,
  type WalkRule,
  walkForward,
} from '../../../src/replenishment/simulation/walkForward.ts';

const rule: WalkRule = {
  origin: 2,
  periods: 4,
  orders: 2,
  leadTimePeriods: 2,
  unscored: 1,
  holdingCost: 0.2,
  shortageCost: 1,
  sight: 'own',
};

function record(demand: readonly number[], inStock = demand.map(() => 1)): RecordedDemand {
  return {
    items: [{ id: 'a', groups: [] }],
    periods: demand.length,
    demand: Float64Array.from(demand),
    inStock: Uint8Array.from(inStock),
    seasonPositions: new Int32Array(demand.length + 8),
  };
}

const start = { onHand: Float64Array.of(5), incoming: [Float64Array.of(1, 0)] };

/** Orders the given units in turn and keeps what it was shown. */
function makeScript(orders: readonly number[]) {
  const shown: { values: number[]; inStock: boolean[]; onHand: number; incoming: number[] }[] = [];
  const policy: OrderPolicy = {
    name: 'script',
    order(moment) {
      const { values, inStock } = seenHistory(moment, 0);
      shown.push({
        values: [...values],
        inStock: [...inStock],
        onHand: moment.onHand[0] ?? 0,
        incoming: [...(moment.incoming[0] ?? [])],
      });
      return Float64Array.of(orders[shown.length - 1] ?? 0);
    },
  };
  return { policy, shown };
}

describe('replaying a policy', () => {
  const recorded = record([3, 3, 4, 4, 4, 4]);

  it('adds up as by hand: arrivals two periods later, lost sales, costs of the scored periods', async () => {
    const { policy } = makeScript([7, 1]);
    const outcome = await walkForward(recorded, start, rule, policy);
    // Stock: 5 + 1 − 4 = 2, 2 − 4 → 2 lost, 7 − 4 = 3 left, 3 + 1 − 4 = 0; the first period is not scored.
    expect(outcome.holding).toBeCloseTo(0.2 * 3);
    expect(outcome.shortage).toBe(2);
    expect(outcome.cost).toBeCloseTo(2.6);
    expect(outcome.fillRate).toBeCloseTo(1 - 2 / 12);
    expect(outcome.averageStock).toBe(1);
    expect([...outcome.end.onHand]).toEqual([0]);
  });

  it('shows its own sales, marked where stock limited them, and nothing of what comes', async () => {
    const low = { ...start, onHand: Float64Array.of(1) };
    const { policy, shown } = makeScript([7, 1]);
    await walkForward(recorded, low, rule, policy);
    expect(shown).toEqual([
      { values: [3, 3], inStock: [true, true], onHand: 1, incoming: [1, 0] },
      { values: [3, 3, 2], inStock: [true, true, false], onHand: 0, incoming: [0, 7] },
    ]);
  });

  it('shows recorded sales where asked to', async () => {
    const low = { ...start, onHand: Float64Array.of(1) };
    const { policy, shown } = makeScript([7, 1]);
    await walkForward(recorded, low, { ...rule, sight: 'recorded' }, policy);
    expect(shown[1]).toMatchObject({ values: [3, 3, 4], inStock: [true, true, true] });
  });

  it('lets an order without lead time be sold at once', async () => {
    const { policy } = makeScript([4, 4]);
    const outcome = await walkForward(
      recorded,
      { onHand: Float64Array.of(0), incoming: [new Float64Array()] },
      { ...rule, leadTimePeriods: 0, periods: 2, unscored: 0 },
      policy,
    );
    expect(outcome.cost).toBe(0);
    expect(outcome.fillRate).toBe(1);
  });

  it('costs a clairvoyant only what the start forces', async () => {
    const outcome = await walkForward(recorded, start, rule, makeClairvoyantPolicy(recorded));
    expect(outcome.shortage).toBe(2); // before any order can arrive
    expect(outcome.holding).toBe(0);
  });
});

describe("the organisers' rule", () => {
  it('orders up to four weeks of the mean of the last thirteen in stock', async () => {
    const demand = [...new Array(13).fill(6), 0, 0, 0, 0, 0];
    const inStock = [...new Array(12).fill(1), 0, 1, 1, 1, 1, 1];
    const recorded = record(demand, inStock);
    const moment = {
      now: 13,
      seen: recorded,
      onHand: Float64Array.of(5),
      incoming: [Float64Array.of(2, 0)],
      rule,
    };
    expect([...(await seasonalMeanPolicy.order(moment))]).toEqual([4 * 6 - 7]);
  });
});
