import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawNormal, makeRandom } from '../../../src/maths/random.ts';
import { planSwitchback, type SwitchbackDesign } from '../../../src/pricing/exploration/switchback.ts';
import { estimateSwitchback } from '../../../src/pricing/exploration/switchbackEffect.ts';

const design: SwitchbackDesign = {
  ...{ itemIds: ['a', 'b', 'c', 'd', 'e', 'f'], periods: 24, blockPeriods: 3, washoutPeriods: 1 },
  ...{ isShared: false, seed: 5 },
};

describe('the plan of a switch-back test', () => {
  it('gives each item one block each way in every pair, without gaps', () => {
    const shape = fc.record({
      itemIds: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 }),
      periods: fc.integer({ min: 4, max: 100 }),
      blockPeriods: fc.integer({ min: 1, max: 8 }),
      isShared: fc.boolean(),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shape, (drawn) => {
        const blocks = planSwitchback({ ...drawn, washoutPeriods: drawn.blockPeriods - 1 });
        expect(blocks.length).toBe(drawn.itemIds.length);
        for (const own of blocks) {
          expect(own.length).toBe(2 * Math.floor(drawn.periods / drawn.blockPeriods / 2));
          for (const [i, block] of own.entries()) {
            expect(block.firstPeriod).toBe(i * drawn.blockPeriods);
            expect(block.lastPeriod).toBe((i + 1) * drawn.blockPeriods - 1);
            expect(block.countsFrom).toBe(block.lastPeriod);
            if (i % 2 === 1) expect(block.arm).not.toBe(own[i - 1]?.arm);
          }
        }
      }),
    );
  });

  it('draws items apart or all together, by the seed', () => {
    const arms = (drawn: SwitchbackDesign) =>
      planSwitchback(drawn).map((blocks) => blocks.map(({ arm }) => arm[0]).join(''));
    expect(new Set(arms(design)).size).toBeGreaterThan(1);
    expect(new Set(arms({ ...design, isShared: true })).size).toBe(1);
    expect(arms(design)).toEqual(arms(design));
    expect(arms({ ...design, seed: 6 })).not.toEqual(arms(design));
    expect(arms({ ...design, itemIds: ['c'] })[0]).toBe(arms(design)[2]);
  });

  it('draws fairly', () => {
    const itemIds = Array.from({ length: 2000 }, (_, i) => `item ${i}`);
    const first = planSwitchback({ ...design, itemIds }).filter(([block]) => block?.arm === 'TREATMENT');
    expect(first.length).toBeGreaterThan(900);
    expect(first.length).toBeLessThan(1100);
  });
});

describe('the effect of a switch-back test', () => {
  it('is the mean difference of the pairs, with the worked cluster-robust interval', () => {
    const two = { ...design, itemIds: ['a', 'b'], periods: 4, blockPeriods: 2, washoutPeriods: 1 };
    // One pair an item: differences 3 and 5, mean 4, residuals ∓1, variance 2 ÷ 1 · 2 ÷ 4 = 1, t(1) = 12.706.
    const outcomes = planSwitchback(two).map((blocks, item) => {
      const values = [99, 99, 99, 99];
      for (const { countsFrom, arm } of blocks)
        values[countsFrom] = arm === 'CONTROL' ? 10 : item === 0 ? 13 : 15;
      return values;
    });
    const effect = estimateSwitchback(two, outcomes);
    expect(effect).toMatchObject({
      controlMean: 10,
      treatmentMean: 14,
      pairs: 2,
      clusters: 2,
      clusteredBy: 'ITEM',
    });
    expect(effect?.difference.value).toBe(4);
    expect(effect?.difference.high).toBeCloseTo(4 + 12.706, 2);
    expect(effect?.change?.value).toBeCloseTo(0.4, 12);
    expect(effect?.change?.low).toBeCloseTo(0.4 - 1.2706, 3);
  });

  it('leaves unknown periods out, and says nothing from fewer than two clusters', () => {
    const outcomes = planSwitchback(design).map((blocks) =>
      blocks.flatMap(({ arm }) => [Number.NaN, arm === 'CONTROL' ? 4 : 6, Number.NaN]),
    );
    expect(estimateSwitchback(design, outcomes)?.difference).toEqual({ value: 2, low: 2, high: 2 });
    const one = outcomes.map((values, item) => (item === 0 ? values : values.map(() => Number.NaN)));
    expect(estimateSwitchback(design, one)).toBeNull();
  });

  it.each([
    ['items drawn apart', { isShared: false }],
    ['items drawn together', { isShared: true }],
    ['a single item', { itemIds: ['a'] }],
  ])('is found, and its interval holds in 92 to 98 of a hundred tests: %s', (_, change) => {
    const drawn = { ...design, periods: 48, ...change };
    let [held, zero, sum] = [0, 0, 0];
    const tests = 800;
    for (let seed = 0; seed < tests; seed += 1) {
      const test = { ...drawn, seed };
      const effect = estimateSwitchback(test, simulate(test));
      if (effect === null) throw new Error('There is no effect.');
      sum += effect.difference.value;
      if (effect.difference.low <= 3 && 3 <= effect.difference.high) held += 1;
      const none = estimateSwitchback(test, simulate(test, 0));
      if (none !== null && none.difference.low <= 0 && 0 <= none.difference.high) zero += 1;
    }
    expect(Math.abs(sum / tests - 3)).toBeLessThan(0.2);
    expect(held / tests).toBeGreaterThan(0.92);
    expect(held / tests).toBeLessThan(0.98);
    expect(zero / tests).toBeGreaterThan(0.92);
    expect(zero / tests).toBeLessThan(0.98);
  });

  it('is off without a washout where demand answers a period late', () => {
    const late = { ...design, periods: 96, itemIds: Array.from({ length: 200 }, (_, i) => `item ${i}`) };
    const effect = (washoutPeriods: number) =>
      estimateSwitchback({ ...late, washoutPeriods }, simulate(late, 3, true))?.difference.value ??
      Number.NaN;
    expect(effect(1)).toBeCloseTo(3, 0);
    expect(effect(0)).toBeLessThan(2.6);
  });
});

/** Outcomes with a trend, a shock of each period that all items share, a level of each item and an effect around the mean. */
function simulate(test: SwitchbackDesign, effect = 3, isLate = false): number[][] {
  const random = makeRandom(test.seed + 1000);
  const shocks = Array.from({ length: test.periods }, () => 2 * drawNormal(random));
  return planSwitchback(test).map((blocks) => {
    const level = 50 + 10 * drawNormal(random);
    const own = effect * (1 + (test.itemIds.length > 1 ? 0.3 * drawNormal(random) : 0));
    let before = 0;
    return blocks.flatMap(({ firstPeriod, lastPeriod, arm }) =>
      Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, at) => {
        const period = firstPeriod + at;
        const now = arm === 'TREATMENT' ? own : 0;
        const felt = isLate ? before : now;
        before = now;
        return level + 0.2 * period + (shocks[period] ?? 0) + felt + 3 * drawNormal(random);
      }),
    );
  });
}
