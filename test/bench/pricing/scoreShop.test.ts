import { describe, expect, it } from 'vitest';
import { runClosedLoop } from '../../../bench/pricing/closedLoop.ts';
import { exportItems } from '../../../bench/pricing/exportItems.ts';
import { formatScores, formatTargets } from '../../../bench/pricing/formatScores.ts';
import { makeShop, type SimulatedShop } from '../../../bench/pricing/makeShops.ts';
import { setCostPlusPrices, setStaticPrices } from '../../../bench/pricing/plainPrices.ts';
import { answerPlainly, scoreShop } from '../../../bench/pricing/scoreShop.ts';
import { readShopPlans } from '../../../bench/pricing/shopFile.ts';
import { expectProfit, findOraclePrice, findTrueElasticity } from '../../../bench/pricing/simulateItem.ts';

const shops = readShopPlans({ seed: 11, items: 6 }).slice(0, 3).map(makeShop);
const shop = shops[0] ?? fail();

describe('the score of a shop', () => {
  it('is perfect for who knows the truth', () => {
    const truths = shop.items.map(findTrueElasticity);
    const [score] = scoreShop(shop, [
      {
        method: 'oracle',
        prices: shop.items.map(findOraclePrice),
        slopes: truths.map((value) => ({ value, low: value, high: value })),
      },
    ]).methods;
    expect(score).toEqual({
      ...{ method: 'oracle', elasticityError: 0, coverage: 1 },
      ...{ profitShare: 1, shareOfLosers: 0, infeasible: 0 },
    });
  });

  it('counts intervals that miss, prices that lose and prices out of bounds', () => {
    const [score] = scoreShop(shop, [
      {
        method: 'wrong',
        prices: shop.items.map(({ item }) => item.unitCost / 2),
        slopes: shop.items.map((one) => ({ value: findTrueElasticity(one) + 0.5, low: 1, high: 2 })),
      },
    ]).methods;
    expect(score?.elasticityError).toBeCloseTo(0.5, 9);
    expect(score?.coverage).toBe(0);
    expect(score?.shareOfLosers).toBe(1);
    expect(score?.infeasible).toBe(6);
    expect(score?.profitShare).toBeLessThan(0);
  });

  it('is shown by family and method with the means, the worst family and the figures to reach', () => {
    const scores = shops.map((one) => scoreShop(one, answerPlainly(one)));
    const table = formatScores(scores).split('\n');
    expect(table.filter((line) => line.startsWith('| log-linear |')).length).toBe(4);
    expect(table.filter((line) => line.startsWith('| mean of families |')).length).toBe(4);
    const current = scores.map(({ methods }) => methods[3]?.profitShare ?? Number.NaN);
    expect(formatTargets(scores, 'current price')).toContain(
      `| profit ÷ oracle, worst family | ${Math.min(...current).toFixed(3)} |`,
    );
    expect(formatTargets(scores, 'current price')).toContain('0.0 % | ≤ 5 %; ≤ 2 % | aim |');
  });
});

describe('plain prices', () => {
  it('put the usual markup on the cost, and the best price of a constant elasticity, within the constraints', () => {
    const items = shop.items.map(({ item }) => item);
    const free = items.map((item) => ({
      ...item,
      currentPrice: 2 * item.unitCost,
      constraints: {
        ...item.constraints,
        ...{ minimumMarginRate: Number.NaN, maximumStepRate: 0.5, endings: [], competitorCorridor: null },
      },
    }));
    for (const [i, price] of setCostPlusPrices(free).entries())
      expect(price).toBeCloseTo(2 * (free[i]?.unitCost ?? 0), 2);
    const slope = { value: -3, low: -4, high: -2 };
    for (const [i, price] of setStaticPrices(
      free,
      free.map(() => slope),
    ).entries())
      expect(Math.abs(price - 1.5 * (free[i]?.unitCost ?? 0))).toBeLessThan(0.0051);
    const inelastic = { value: -0.5, low: -1, high: 0 };
    for (const [i, price] of setStaticPrices(
      free,
      free.map(() => inelastic),
    ).entries())
      expect(price).toBeCloseTo(Math.floor(100 * 3 * (free[i]?.unitCost ?? 0) + 1e-6) / 100, 6);
  });
});

describe('the closed loop', () => {
  it('scores the best price each time as 1 and a held price as holding', async () => {
    const answer = (prices: (one: SimulatedShop) => number[]) => (now: SimulatedShop) =>
      Promise.resolve({ method: 'x', prices: prices(now), slopes: null });
    const best = await runClosedLoop(
      shop,
      { method: 'oracle', answer: answer(({ items }) => items.map(findOraclePrice)) },
      3,
    );
    expect(best.profitShare).toBeCloseTo(1, 12);
    expect(best.overHolding).toBeGreaterThan(1);
    const held = await runClosedLoop(
      shop,
      { method: 'held', answer: answer(({ items }) => items.map(({ item }) => item.currentPrice)) },
      3,
    );
    expect(held.overHolding).toBe(1);
    expect(held.shareOfLosers).toBe(0);
    expect(held.profitShare).toBeLessThan(1);
  });

  it('adds the weeks sold at the chosen price to what is known, which becomes the current one', async () => {
    const lengths: number[] = [];
    const pricer = {
      method: 'dearer',
      answer: (now: SimulatedShop) => {
        const { item } = now.items[0] ?? fail();
        lengths.push(item.history.length);
        if (lengths.length > 1) expect(item.history.at(-1)?.price).toBe(item.currentPrice);
        const prices = now.items.map((one) => Math.round(101 * one.item.currentPrice) / 100);
        return Promise.resolve({ method: 'dearer', prices, slopes: null });
      },
    };
    await runClosedLoop(shop, pricer, 3);
    expect(lengths.map((length) => length - (lengths[0] ?? 0))).toEqual([0, 8, 16]);
  });
});

describe('exported items', () => {
  it('carry what a call needs and the truth', () => {
    const lines = exportItems(shop).trimEnd().split('\n');
    expect(lines.length).toBe(6);
    for (const [i, line] of lines.entries()) {
      const { item, truth } = JSON.parse(line);
      const simulated = shop.items[i] ?? fail();
      expect(item.history.length).toBe(simulated.item.history.length);
      expect(truth.elasticity).toBe(findTrueElasticity(simulated));
      expect(truth.oracleProfit).toBe(expectProfit(simulated, truth.oraclePrice));
      const [price, units, profit] = truth.curve[0];
      expect(profit).toBe(expectProfit(simulated, price));
      if (Number.isNaN(simulated.item.constraints.stockLimit))
        expect(profit).toBeCloseTo((price - item.unitCost) * units, 9);
    }
  });
});

function fail(): never {
  throw new Error('The shop has no such item.');
}
