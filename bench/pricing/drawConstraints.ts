/** Constraints of a simulated item that its current price meets. */

import { drawNormal, type Random } from '../../src/maths/random.ts';
import type { PriceConstraints } from '../../src/pricing/priceItem.ts';
import { findMedian } from './feasiblePrices.ts';
import { type ConstraintShares, drawFrom } from './shopFile.ts';

/** None, .99, or .49 and .99. */
export function drawEndings(random: Random, shares: ConstraintShares): number[] {
  if (random.uniform() >= shares.endings) return [];
  return random.uniform() < 0.5 ? [0.99] : [0.49, 0.99];
}

/** The price with the next lower of the endings, or the next higher where there is none above 0. */
export function snapToEnding(price: number, endings: readonly number[]): number {
  if (endings.length === 0) return price;
  const whole = Math.floor(price + 0.01);
  const candidates = [whole - 1, whole].flatMap((unit) => endings.map((ending) => unit + ending));
  const below = candidates.filter((candidate) => candidate > 0 && candidate <= price + 0.005);
  return Math.max(...(below.length > 0 ? below : [Math.min(...endings)]));
}

/** Constraints, each kind by its share of items, around the facts of today. */
export function drawConstraints(
  random: Random,
  shares: ConstraintShares,
  facts: {
    readonly currentPrice: number;
    readonly unitCost: number;
    readonly competitorPrices: readonly number[];
    readonly horizonUnits: number;
    readonly endings: readonly number[];
    readonly maximumStepRate: number;
  },
): PriceConstraints {
  const { currentPrice, unitCost, competitorPrices } = facts;
  const margin = (currentPrice - unitCost) / currentPrice;
  const ratio = currentPrice / findMedian(competitorPrices);
  const [hasMargin, hasCorridor, hasStock] = [
    random.uniform() < shares.minimumMargin,
    random.uniform() < shares.corridor,
    random.uniform() < shares.stockLimit,
  ];
  return {
    floor: Number.NaN,
    ceiling: Number.NaN,
    minimumMarginRate: hasMargin ? margin * drawFrom(random, [0.5, 0.95]) : Number.NaN,
    maximumStepRate: facts.maximumStepRate,
    endings: facts.endings,
    competitorCorridor: hasCorridor
      ? [ratio * drawFrom(random, [0.8, 0.97]), ratio * drawFrom(random, [1.03, 1.2])]
      : null,
    stockLimit: hasStock
      ? Math.max(1, Math.round(facts.horizonUnits * Math.exp(0.3 * drawNormal(random))))
      : Number.NaN,
    minimumAdvertisedPrice: Number.NaN,
  };
}
