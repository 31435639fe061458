import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../src/maths/normal.ts';
import { explorePrices } from '../../../src/pricing/exploration/explorePrices.ts';
import { findExploringShares } from '../../../src/pricing/exploration/exploringShares.ts';
import { makeExplorable } from './explorableItem.ts';

const unsure = makeExplorable({ mean: -2.5, deviation: 0.6 });
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('the chances of exploration', () => {
  it('are those of drawing an elasticity and taking the best price under it, with a fifth spread evenly', () => {
    // Two prices tried: the dearer one is best while 4.25 e^(ε ln 1.025) > 4, so while ε > ln(4 ÷ 4.25) ÷ ln 1.025 = −2.455.
    const isAllowed = Uint8Array.from(unsure.prices, (price) => Number(price === 10 || price === 10.25));
    const shares = findExploringShares({ ...unsure, isAllowed, recommendedIndex: 10 }, 0.5);
    const dearer = 1 - normalCdf((Math.log(4 / 4.25) / Math.log(1.025) + 2.5) / 0.6);
    expect(shares[11]).toBeCloseTo(0.8 * dearer + 0.1, 2);
    expect(shares[10]).toBeCloseTo(0.8 * (1 - dearer) + 0.1, 2);
  });

  it('lie further from the recommended price the less is known of the elasticity', () => {
    const spread = (deviation: number) => {
      const item = makeExplorable({ mean: -2.5, deviation });
      const best = item.prices[item.recommendedIndex] ?? 0;
      return sum(
        findExploringShares(item, 0.1).map((share, g) => share * ((item.prices[g] ?? 0) - best) ** 2),
      );
    };
    expect(spread(1)).toBeGreaterThan(spread(0.3));
    expect(spread(0.3)).toBeGreaterThan(spread(0.01));
  });

  it('add up to 1 and are above 0 only for the current price and prices that are allowed and cost little', () => {
    const drawn = fc.record({
      mean: fc.double({ min: -5, max: -0.5, noNaN: true }),
      deviation: fc.double({ min: 0, max: 2, noNaN: true }),
      maximumLossRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
      stockLimit: fc.constantFrom(Number.NaN, 0, 50, 1000),
      allowed: fc.uint8Array({ minLength: 21, maxLength: 21, max: 1 }),
    });
    fc.assert(
      fc.property(drawn, ({ maximumLossRate, allowed, stockLimit, ...belief }) => {
        const item = makeExplorable(belief, { isAllowed: allowed, stockLimit });
        const recommendedIndex = [...item.expected.keys()].reduce(
          (best, g) => (allowed[g] === 1 && (item.expected[g] ?? 0) > (item.expected[best] ?? 0) ? g : best),
          Math.max(0, allowed.indexOf(1)),
        );
        const least = (1 - maximumLossRate) * (item.expected[recommendedIndex] ?? 0);
        const shares = findExploringShares({ ...item, recommendedIndex }, maximumLossRate);
        expect(sum(shares)).toBeCloseTo(1, 9);
        expect(shares.filter((share) => share > 0).length).toBeLessThanOrEqual(9);
        expect(shares[recommendedIndex]).toBeGreaterThan(0);
        for (const [g, share] of shares.entries()) {
          if (share === 0 || g === recommendedIndex) continue;
          expect(allowed[g]).toBe(1);
          if (g !== item.currentIndex) expect(item.expected[g]).toBeGreaterThanOrEqual(least - 1e-9);
        }
      }),
    );
  });

  it('prefer dearer prices where stock is short', () => {
    const meanPrice = (stockLimit: number) => {
      const item = { ...unsure, stockLimit };
      return sum(findExploringShares(item, 0.5).map((share, g) => share * (item.prices[g] ?? 0)));
    };
    expect(meanPrice(60)).toBeGreaterThan(meanPrice(Number.NaN));
  });
});

describe('the draw of prices', () => {
  const items = Array.from({ length: 45 }, (_, i) => ({ id: `item ${i}`, candidates: unsure }));
  const rules = { share: 0.1, maximumLossRate: 0.05, seed: 3 };
  const explore = (changed: typeof rules) => explorePrices(items, changed, () => Promise.resolve());

  it('gives every item the recommended price where the share is 0', async () => {
    for (const { chosenIndex, isExplored, propensities } of await explore({ ...rules, share: 0 })) {
      expect([chosenIndex, isExplored]).toEqual([unsure.recommendedIndex, false]);
      expect(propensities[unsure.recommendedIndex]).toBe(1);
    }
  });

  it('lets no more items explore than the share, rounded up, and as many on average', async () => {
    const counts: number[] = [];
    for (let seed = 0; seed < 400; seed += 1)
      counts.push((await explore({ ...rules, seed })).filter(({ isExplored }) => isExplored).length);
    expect(Math.max(...counts)).toBe(5);
    expect(Math.min(...counts)).toBe(4);
    expect(Math.abs(sum(counts) / counts.length - 4.5)).toBeLessThan(0.1);
  });

  it('chooses each price as often as its logged chance says', async () => {
    const draws = 18_000;
    const often = new Array<number>(21).fill(0);
    let chances: readonly number[] = [];
    for (let seed = 0; seed < draws / items.length; seed += 1)
      for (const { chosenIndex, propensities } of await explore({ ...rules, share: 0.2, seed })) {
        often[chosenIndex] = (often[chosenIndex] ?? 0) + 1 / draws;
        chances = [...propensities];
      }
    for (const [g, chance] of chances.entries()) {
      const error = Math.sqrt((chance * (1 - chance)) / draws);
      expect(Math.abs((often[g] ?? 0) - chance)).toBeLessThanOrEqual(4 * error + 1e-12);
    }
  });

  it('is the same for the same seed, and lets other work be done', async () => {
    let turns = 0;
    const takeTurn = () => {
      turns += 1;
      return Promise.resolve();
    };
    const places = async (seed: number) =>
      (await explorePrices(items, { ...rules, seed }, takeTurn)).map(({ chosenIndex }) => chosenIndex);
    expect(await places(3)).toEqual(await places(3));
    expect(await places(3)).not.toEqual(await places(4));
    expect(turns).toBe(4);
  });
});
