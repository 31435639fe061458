/** What the candidate prices of an item are expected to bring over the horizon. */

import { type DemandLevel, type DemandResponse, RESPONSE_LEVELS } from '../demandResponse.ts';
import type { PriceObjective } from '../priceItem.ts';

/** What values an item's prices. */
export interface ValuedItem {
  /** `[G]`. */
  readonly prices: Float64Array;
  readonly currentPrice: number;
  readonly unitCost: number;
  /** Most units that can be sold over the horizon; NaN = no limit. */
  readonly stockLimit: number;
  readonly response: Pick<DemandResponse, 'ratios' | 'ratioQuantiles'>;
  readonly level: DemandLevel;
}

/** Of each candidate price what is expected of it; sales are what the stock allows of demand. */
export interface PriceValues {
  /** `[G]` expected units sold. */
  readonly units: Float64Array;
  /** `[G]` ends of the 95 % interval of units sold. */
  readonly unitsLow: Float64Array;
  readonly unitsHigh: Float64Array;
  /** `[G]` expected units sold if demand answers badly: see `familyDoubt`. */
  readonly cautiousUnits: Float64Array;
}

/**
 * By how much worse the elasticity may be than the response's interval says, since no family of demand curves is certain to be
 * the right one: a bad answer is the lowest quantile of the ratio (one time in forty) × (price ÷ current price)^∓0.3.
 *
 * On two simulated catalogues (`bench/pricing.ts --seed 101`, `102`; ten families) a doubt of .3 loses more than 1 % of the present profit
 * for 3.0 % of the items and reaches .973 of the best possible profit. By an earlier network .3 lost it for 3.4 % and reached .970, .15
 * for 4.5 % and .972; with the log-linear engine alone doubts of 0, .3, .6 and 1 lost it for 15.2, 6.3, 3.6 and 1.6 % and reached .972,
 * .971, .968 and .964.
 */
const familyDoubt = 0.3;

const levelCount = RESPONSE_LEVELS.length;
const middle = levelCount >> 1;

/**
 * Share of the probability that each of `RESPONSE_LEVELS` stands for: from half-way to the level below to half-way to the one
 * above, the outer ones to 0 and 1.
 */
export const levelShares: readonly number[] = RESPONSE_LEVELS.map((level, index) => {
  const [below, above] = [RESPONSE_LEVELS[index - 1], RESPONSE_LEVELS[index + 1]];
  return (above === undefined ? 1 : (level + above) / 2) - (below === undefined ? 0 : (level + below) / 2);
});

/**
 * Expected sales at each price, their interval, and what a bad answer of demand leaves of them.
 *
 * Demand is level × ratio, taken as independent. Without a limit of stock expected sales are the product of the two
 * means. With one they are E min(level × ratio, stock) over the 7 × 7 pairs of quantiles, each with the share of the
 * probability that it stands for, both scaled so that their mean stays the expected value: where stock is short, it is the upper
 * half of demand that is lost. Ends of intervals add the squared distances of the two logarithms from their medians.
 */
export function valuePrices(item: ValuedItem): PriceValues {
  const { prices, response, level } = item;
  const limit = Number.isNaN(item.stockLimit) ? Infinity : item.stockLimit;
  const values = {
    units: new Float64Array(prices.length),
    unitsLow: new Float64Array(prices.length),
    unitsHigh: new Float64Array(prices.length),
    cautiousUnits: new Float64Array(prices.length),
  };
  const levelNodes = scaleToMean(level.unitQuantiles, level.units);
  for (let g = 0; g < prices.length; g += 1) {
    const row = response.ratioQuantiles.subarray(g * levelCount, (g + 1) * levelCount);
    const ratio = response.ratios[g] ?? 0;
    const ratioNodes = limit === Infinity ? row : scaleToMean(row, ratio);
    values.units[g] = expectSales(levelNodes, ratioNodes, { mean: level.units * ratio, limit });
    const move = Math.abs(Math.log((prices[g] ?? 1) / item.currentPrice));
    const bad = Math.min(ratio, row[0] ?? 0) * Math.exp(-familyDoubt * move);
    values.cautiousUnits[g] = expectSales(levelNodes, [bad], { mean: level.units * bad, limit });
    const [low, high] = demandInterval(level.unitQuantiles, row);
    values.unitsLow[g] = Math.min(low, limit);
    values.unitsHigh[g] = Math.min(high, limit);
  }
  return values;
}

/** What an objective counts for a unit sold at a price. */
export function unitGain(price: number, unitCost: number, objective: PriceObjective): number {
  return objective === 'MARGIN' ? price - unitCost : price;
}

/** E min(level × ratio, limit) over nodes; one ratio counts as certain. */
function expectSales(
  levelNodes: ArrayLike<number>,
  ratioNodes: ArrayLike<number>,
  { mean, limit }: { readonly mean: number; readonly limit: number },
): number {
  if (limit === Infinity) return mean;
  let sum = 0;
  for (let i = 0; i < levelCount; i += 1) {
    const units = levelNodes[i] ?? 0;
    let sales = 0;
    for (let k = 0; k < ratioNodes.length; k += 1)
      sales +=
        (ratioNodes.length === 1 ? 1 : (levelShares[k] ?? 0)) * Math.min(units * (ratioNodes[k] ?? 0), limit);
    sum += (levelShares[i] ?? 0) * sales;
  }
  return sum;
}

/** Nodes at the quantiles, scaled so that their mean under `levelShares` is `mean`. */
function scaleToMean(quantiles: Float64Array, mean: number): Float64Array {
  let sum = 0;
  for (let k = 0; k < levelCount; k += 1) sum += (levelShares[k] ?? 0) * (quantiles[k] ?? 0);
  return sum > 0 ? quantiles.map((value) => (value * mean) / sum) : new Float64Array(levelCount).fill(mean);
}

function demandInterval(units: Float64Array, ratios: Float64Array): readonly [low: number, high: number] {
  const end = (at: number): number => {
    const [unit, ratio] = [units[at] ?? 0, ratios[at] ?? 0];
    const [unitMedian, ratioMedian] = [units[middle] ?? 0, ratios[middle] ?? 0];
    if (unit * ratio === 0 || unitMedian * ratioMedian === 0) return unit * ratio;
    const distance = Math.hypot(Math.log(unit / unitMedian), Math.log(ratio / ratioMedian));
    return unitMedian * ratioMedian * Math.exp(at < middle ? -distance : distance);
  };
  return [end(0), end(levelCount - 1)];
}
