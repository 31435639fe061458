/** Simulated items with their truth as JSON lines, for tuning on other seeds than the frozen one. */

import { listFeasiblePrices } from './feasiblePrices.ts';
import type { SimulatedShop } from './makeShops.ts';
import { expectHorizonUnits, expectProfit, findOraclePrice, findTrueElasticity } from './simulateItem.ts';

const CURVE_PRICES = 60;

/**
 * One line an item: family, frequency, horizon, the item as a call has it (null = NaN), and its truth: the elasticity
 * (null = none), the oracle's price and profit, the current price's profit, and over up to 60 feasible prices
 * `[price, units of the horizon, profit]`.
 */
export function exportItems(shop: SimulatedShop): string {
  const lines = shop.items.map((simulated) => {
    const { item } = simulated;
    const oraclePrice = findOraclePrice(simulated);
    const feasible = listFeasiblePrices(item);
    const every = Math.ceil(feasible.length / CURVE_PRICES);
    const truth = {
      elasticity: findTrueElasticity(simulated),
      ...{ oraclePrice, oracleProfit: expectProfit(simulated, oraclePrice) },
      currentProfit: expectProfit(simulated, item.currentPrice),
      curve: feasible
        .filter((_, i) => i % every === 0)
        .map((price) => [price, expectHorizonUnits(simulated, price), expectProfit(simulated, price)]),
    };
    const { family, frequency, horizon } = shop;
    return JSON.stringify({ family, frequency, horizon, item, truth });
  });
  return `${lines.join('\n')}\n`;
}
