/** How near estimates and prices come to a simulated shop's truth. */

import { isFeasible } from './feasiblePrices.ts';
import type { SimulatedShop } from './makeShops.ts';
import { fitControlledSlopes, fitNaiveSlope, type Slope } from './olsElasticity.ts';
import { setCostPlusPrices, setStaticPrices } from './plainPrices.ts';
import type { DemandFamily } from './shopFile.ts';
import { expectProfit, findOraclePrice, findTrueElasticity } from './simulateItem.ts';

/** What a method says of a shop's items: their prices, and where it estimates them their elasticities. */
export interface ShopAnswer {
  readonly method: string;
  readonly prices: readonly number[];
  readonly slopes: readonly Slope[] | null;
  /** Prices that the next call starts from where they are not those that were had: a tried price does not stay. */
  readonly basePrices?: readonly number[];
}

/** One method on one family. */
export interface MethodScore {
  readonly method: string;
  /** Mean absolute error of the elasticities; NaN where the family or the method has none. */
  readonly elasticityError: number;
  /** Share of the 95 % intervals that hold the truth; NaN as above. */
  readonly coverage: number;
  /** Mean over items of the expected profit at the price ÷ at the oracle's. */
  readonly profitShare: number;
  /** Share of items whose expected profit is more than 1 % below the current price's. */
  readonly shareOfLosers: number;
  /** Prices that break a constraint. */
  readonly infeasible: number;
}

/** All methods on one family. */
export interface ShopScore {
  readonly family: DemandFamily;
  readonly items: number;
  readonly methods: readonly MethodScore[];
}

/** Profit further below the current price's than this share counts as lost. */
const TOLERATED_LOSS = 0.01;

/** What shops do without us: least squares with and without controls, cost-plus, and the price as it is. */
export function answerPlainly({ items }: SimulatedShop): ShopAnswer[] {
  const known = items.map(({ item }) => item);
  const [naive, controlled] = [known.map(fitNaiveSlope), fitControlledSlopes(known)];
  return [
    { method: 'naive OLS', prices: setStaticPrices(known, naive), slopes: naive },
    { method: 'OLS with controls', prices: setStaticPrices(known, controlled), slopes: controlled },
    { method: 'cost-plus', prices: setCostPlusPrices(known), slopes: null },
    { method: 'current price', prices: known.map(({ currentPrice }) => currentPrice), slopes: null },
  ];
}

/** Scores every answer against the shop's truth. */
export function scoreShop(shop: SimulatedShop, answers: readonly ShopAnswer[]): ShopScore {
  const elasticities = shop.items.map(findTrueElasticity);
  const best = shop.items.map((one) => expectProfit(one, findOraclePrice(one)));
  const now = shop.items.map((one) => expectProfit(one, one.item.currentPrice));
  const methods = answers.map(({ method, prices, slopes }) => {
    const profits = shop.items.map((one, i) => expectProfit(one, prices[i] ?? Number.NaN));
    return {
      method,
      ...scoreSlopes(elasticities, slopes ?? []),
      profitShare: mean(profits.map((profit, i) => profit / (best[i] ?? Number.NaN))),
      shareOfLosers: mean(profits.map((profit, i) => Number(profit < (1 - TOLERATED_LOSS) * (now[i] ?? 0)))),
      infeasible: shop.items.filter(({ item }, i) => !isFeasible(item, prices[i] ?? Number.NaN)).length,
    };
  });
  return { family: shop.family, items: shop.items.length, methods };
}

function scoreSlopes(
  truths: readonly number[],
  slopes: readonly Slope[],
): { readonly elasticityError: number; readonly coverage: number } {
  const pairs = slopes.flatMap((slope, i) => {
    const truth = truths[i] ?? Number.NaN;
    return Number.isNaN(truth) ? [] : [{ slope, truth }];
  });
  return {
    elasticityError: mean(pairs.map(({ slope, truth }) => Math.abs(slope.value - truth))),
    coverage: mean(pairs.map(({ slope, truth }) => Number(slope.low <= truth && truth <= slope.high))),
  };
}

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
