/** The prices in whole cents that an item's constraints allow. */

import type { PriceItem } from '../../src/pricing/priceItem.ts';

/** Prices are compared with bounds to this share of a cent. */
const ROUNDING = 1e-6;

/** Every feasible price, lowest first; none where the constraints contradict each other. */
export function listFeasiblePrices(item: PriceItem): number[] {
  const [low, high] = findBounds(item);
  const prices: number[] = [];
  for (let cents = Math.ceil(100 * low - ROUNDING); cents <= 100 * high + ROUNDING; cents += 1)
    if (hasEnding(cents, item.constraints.endings)) prices.push(cents / 100);
  return prices;
}

/** Whether a price meets all constraints, to half a cent. */
export function isFeasible(item: PriceItem, price: number): boolean {
  const [low, high] = findBounds(item);
  return (
    price >= low - 0.005 &&
    price <= high + 0.005 &&
    hasEnding(Math.round(100 * price), item.constraints.endings)
  );
}

/** The feasible price nearest to a wanted one, in ratio; the current price where none is feasible. */
export function findNearestFeasible(item: PriceItem, wanted: number): number {
  const distance = (price: number) => Math.abs(Math.log(price / wanted));
  return listFeasiblePrices(item).reduce(
    (best, price) => (distance(price) < distance(best) ? price : best),
    listFeasiblePrices(item)[0] ?? item.currentPrice,
  );
}

function findBounds({ constraints, currentPrice, unitCost, competitorPrices }: PriceItem): [number, number] {
  const lows = [constraints.floor, constraints.minimumAdvertisedPrice];
  const highs = [constraints.ceiling];
  lows.push(currentPrice * (1 - constraints.maximumStepRate), unitCost / (1 - constraints.minimumMarginRate));
  highs.push(currentPrice * (1 + constraints.maximumStepRate));
  if (constraints.competitorCorridor !== null) {
    const median = findMedian(competitorPrices);
    lows.push(median * constraints.competitorCorridor[0]);
    highs.push(median * constraints.competitorCorridor[1]);
  }
  const known = (bounds: readonly number[]) => bounds.filter((bound) => !Number.isNaN(bound));
  return [Math.max(0.01, ...known(lows)), Math.min(...known(highs))];
}

/** The median of the prices that are known. */
export function findMedian(prices: readonly number[]): number {
  const sorted = prices.filter((price) => !Number.isNaN(price)).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

function hasEnding(cents: number, endings: readonly number[]): boolean {
  return endings.length === 0 || endings.some((ending) => Math.round(100 * ending) === cents % 100);
}
