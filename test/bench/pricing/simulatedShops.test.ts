import { describe, expect, it } from 'vitest';
import { expectUnits } from '../../../bench/pricing/demandFamilies.ts';
import { isFeasible, listFeasiblePrices } from '../../../bench/pricing/feasiblePrices.ts';
import { makeShop, type SimulatedShop } from '../../../bench/pricing/makeShops.ts';
import { readFingerprints, readShopPlans, stillPrices } from '../../../bench/pricing/shopFile.ts';
import { findCircumstances } from '../../../bench/pricing/shopState.ts';
import {
  expectHorizonUnits,
  expectProfit,
  findOraclePrice,
  findTrueElasticity,
  holdPrice,
  type SimulatedItem,
} from '../../../bench/pricing/simulateItem.ts';

const shops = readShopPlans().map(makeShop);
const all = shops.flatMap(({ items }) => items);
const withoutElasticity = ['threshold', 'reference-price'];

describe('the simulated shops', () => {
  it('are those that were frozen', () => {
    const fingerprints = readFingerprints();
    for (const shop of shops) {
      const frozen = fingerprints[shop.family];
      const found = findFingerprint(shop);
      expect(shop.items.length).toBe(50);
      for (const [place, value] of found.entries())
        expect(Math.abs(value / (frozen[place] ?? Number.NaN) - 1), shop.family).toBeLessThan(1e-4);
    }
  });

  it('have 60 to 160 weeks of sales before the present, periods in order, and a current price within the constraints', () => {
    for (const { item, world } of all) {
      const days = (item.history.at(-1)?.day ?? 0) - (item.history[0]?.day ?? 0);
      expect(days / 7).toBeGreaterThanOrEqual(58);
      expect(days / 7).toBeLessThanOrEqual(160);
      for (const [t, { day }] of item.history.entries())
        expect(day - (item.history[0]?.day ?? 0)).toBe((7 * t) / world.periodsPerWeek);
      expect(isFeasible(item, item.currentPrice), `${item.id} ${item.currentPrice}`).toBe(true);
      expect(item.unitCost).toBeGreaterThan(0);
      expect(item.unitCost).toBeLessThan(item.currentPrice);
    }
  });

  it('state the elasticity that expected demand has at the current price', () => {
    for (const simulated of all) {
      const stated = findTrueElasticity(simulated);
      if (withoutElasticity.includes(simulated.world.family)) {
        expect(stated).toBeNaN();
        continue;
      }
      const step = 1e-5;
      const log = (factor: number) =>
        Math.log(expectNextUnits(simulated, simulated.item.currentPrice * Math.exp(factor)));
      expect(stated, simulated.item.id).toBeCloseTo((log(step) - log(-step)) / (2 * step), 5);
      expect(stated).toBeLessThan(-0.5);
    }
  });

  it('lose demand at every threshold, and more to a price above the reference than they gain by one below', () => {
    for (const simulated of all.filter(({ world }) => world.family === 'threshold')) {
      const { world } = simulated;
      for (const threshold of world.thresholds) {
        const price = world.parameters.price * Math.exp(threshold);
        const fall = expectNextUnits(simulated, price) / expectNextUnits(simulated, price - 0.0001);
        expect(fall).toBeCloseTo(1 - world.parameters.thresholdDrop, 3);
      }
    }
    for (const simulated of all.filter(({ world }) => world.family === 'reference-price')) {
      const { world, state } = simulated;
      const reference = world.parameters.price * Math.exp(state.reference);
      const log = (factor: number) => Math.log(expectNextUnits(simulated, reference * factor));
      expect(log(1) - log(1.05)).toBeGreaterThan((log(1 / 1.05) - log(1)) * 1.05);
    }
  });

  it('have an oracle price that no feasible price beats', () => {
    for (const simulated of all) {
      const oracle = findOraclePrice(simulated);
      expect(isFeasible(simulated.item, oracle)).toBe(true);
      const best = expectProfit(simulated, oracle);
      for (const price of listFeasiblePrices(simulated.item).filter((_, i) => i % 7 === 0))
        expect(expectProfit(simulated, price)).toBeLessThanOrEqual(best);
    }
  });

  it('sell on average what is expected of a held price', () => {
    for (const { items } of shops)
      for (const simulated of items.slice(0, 3)) {
        const price = simulated.item.currentPrice * 1.07;
        const expected = expectHorizonUnits(simulated, price);
        const sold = Array.from({ length: 300 }, (_, seed) => sellOver(simulated, price, seed));
        const mean = sold.reduce((sum, units) => sum + units, 0) / sold.length;
        const variance = sold.reduce((sum, units) => sum + (units - mean) ** 2, 0) / (sold.length - 1);
        expect(Math.abs(mean - expected), simulated.item.id).toBeLessThan(
          4 * Math.sqrt(variance / sold.length) + 1e-9,
        );
      }
  });

  it('let rivals follow the own price in the family where they react, and nowhere else', () => {
    for (const simulated of all) {
      const rise = simulated.item.currentPrice * 1.2;
      const later = holdPrice(simulated, rise, 4 * simulated.world.periodsPerWeek).item.competitorPrices;
      const unmoved = holdPrice(simulated, simulated.item.currentPrice, 4 * simulated.world.periodsPerWeek);
      const change = Math.log((later[0] ?? 1) / (unmoved.item.competitorPrices[0] ?? 1));
      if (simulated.world.family === 'competitors-react') expect(change).toBeGreaterThan(0.04);
      else expect(change).toBe(0);
    }
  });

  it('run out of stock only where they are to', () => {
    for (const { family, items } of shops) {
      const periods = items.flatMap(({ item }) => item.history);
      const share = periods.filter(({ inStock }) => !inStock).length / periods.length;
      if (family === 'stock-outs') expect(share).toBeGreaterThan(0.1);
      else expect(share).toBe(0);
    }
  });

  it('hardly change a price where they are to stand still', () => {
    const plan = readShopPlans({ items: 5 })[0];
    if (plan === undefined) throw new Error('No plan.');
    for (const { item } of makeShop(stillPrices(plan)).items) {
      const prices = item.history.map(({ price }) => price);
      expect(Math.max(...prices) / Math.min(...prices)).toBeLessThan(1.03);
    }
  });

  it('have other truths under another seed, and the same under the same', () => {
    const plan = readShopPlans({ seed: 7, items: 3 })[0];
    if (plan === undefined) throw new Error('No plan.');
    const ids = (shop: SimulatedShop) => shop.items.map(({ item }) => item);
    expect(ids(makeShop(plan))).toEqual(ids(makeShop(plan)));
    expect(ids(makeShop(plan))).not.toEqual(ids(makeShop({ ...plan, seed: 8 })));
  });
});

/** Means of the true elasticity where there is one, the oracle's price and its profit. */
function findFingerprint({ items }: SimulatedShop): number[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const oracle = items.map(findOraclePrice);
  const elasticities = items.map(findTrueElasticity).filter((value) => !Number.isNaN(value));
  const profits = items.map((one, i) => expectProfit(one, oracle[i] ?? Number.NaN));
  const sold = items.map(({ item }) => mean(item.history.map(({ units }) => units)));
  return [...(elasticities.length > 0 ? [mean(elasticities)] : []), mean(oracle), mean(profits), mean(sold)];
}

function expectNextUnits({ world, state }: SimulatedItem, price: number): number {
  return expectUnits(world, findCircumstances(world, state, { price, isPromoted: false }));
}

/** Units over the horizon under other luck. */
function sellOver(simulated: SimulatedItem, price: number, seed: number): number {
  const lucky = { ...simulated, world: { ...simulated.world, seed: seed + 1 } };
  const { history } = holdPrice(lucky, price, simulated.horizon).item;
  return history.slice(-simulated.horizon).reduce((sum, { units }) => sum + units, 0);
}
