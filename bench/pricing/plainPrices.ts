/** Prices that shops set without us, to hold ours beside. */

import type { PriceItem } from '../../src/pricing/priceItem.ts';
import { findMedian, findNearestFeasible } from './feasiblePrices.ts';
import type { Slope } from './olsElasticity.ts';

/** Unit cost times the shop's usual markup: the median of current price ÷ unit cost over its items. */
export function setCostPlusPrices(items: readonly PriceItem[]): number[] {
  const markup = findMedian(items.map(({ currentPrice, unitCost }) => currentPrice / unitCost));
  return items.map((item) => findNearestFeasible(item, item.unitCost * markup));
}

/**
 * The price that brings most at a constant elasticity ε: unit cost × ε ÷ (1 + ε); without ε < −1 no price is too high.
 */
export function setStaticPrices(items: readonly PriceItem[], slopes: readonly Slope[]): number[] {
  return items.map((item, i) => {
    const elasticity = slopes[i]?.value ?? Number.NaN;
    const wanted = elasticity < -1 ? (item.unitCost * elasticity) / (1 + elasticity) : Number.MAX_VALUE;
    return findNearestFeasible(item, wanted);
  });
}
