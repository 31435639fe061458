/** What made a price come out as it did. */

import type { PriceObjective } from '../priceItem.ts';
import { choosePrice, type PriceCase, type PriceOptions, weighPrices } from './choosePrice.ts';
import { type ConstraintName, constraintNames } from './priceBounds.ts';
import { bitOf } from './priceGrid.ts';
import { type PriceValues, valuePrices } from './priceValues.ts';

/** A reason with its share; the shares of an item sum to 1. */
export interface PriceDriver {
  readonly name: string;
  readonly share: number;
}

/** What is known of the choice. */
export interface ChoiceFacts {
  /** Index of the price that the item gets on its own. */
  readonly chosen: number;
  readonly objective: PriceObjective;
  /** Further reasons, with the index of the price that was taken because of them. */
  readonly others: ReadonlyMap<string, number>;
}

/** Shares below this are left out. */
const leastShare = 0.01;
const driverOfConstraint: Partial<Record<ConstraintName, string>> = {
  COMPETITOR_CORRIDOR: 'competitors',
  MAXIMUM_STEP: 'maximum_step',
  ENDING: 'price_ending',
  SEEN_RANGE: 'seen_range',
};

/**
 * Why the price is what it is: for each reason how far, in log price, the choice would move without it, as a share of all such moves,
 * largest first.
 *
 * `price_elasticity` (`similar_items` where the response is borrowed): demand that does not answer; `unit_cost`: a unit
 * that costs nothing; `stock`: no limit; `uncertainty`: no caution; `competitors`, `maximum_step`, `price_ending`, `seen_range`,
 * `price_limits`: without these constraints; `coupling`, `markdown`: without what ties it to other items, or without the day by which the stock is to be gone. `current_price` alone where no reason moves the choice.
 */
export function listPriceDrivers(
  item: PriceCase,
  { values, options }: { readonly values: PriceValues; readonly options: PriceOptions },
  { chosen, objective, others }: ChoiceFacts,
): PriceDriver[] {
  const moved = (index: number) => Math.abs(Math.log((item.prices[index] ?? 1) / (item.prices[chosen] ?? 1)));
  const rechoose = (changed: PriceCase) =>
    moved(choosePrice(changed, weighPrices(changed, valuePrices(changed), objective)));
  const moves = new Map([
    [item.isIdentified ? 'price_elasticity' : 'similar_items', rechoose(flatten(item))],
    ['uncertainty', moved(choosePrice(item, options, { isBold: true }))],
  ]);
  if (objective === 'MARGIN' && item.unitCost > 0)
    moves.set('unit_cost', moved(choosePrice(item, weighPrices(item, values, 'REVENUE'))));
  if (!Number.isNaN(item.stockLimit)) moves.set('stock', rechoose({ ...item, stockLimit: Number.NaN }));
  for (const [name, bits] of constraintGroups(item))
    moves.set(name, moved(choosePrice(item, options, { bits })));
  for (const [name, index] of others) moves.set(name, moved(index));
  return toShares(moves);
}

function flatten(item: PriceCase): PriceCase {
  const { ratios, ratioQuantiles } = item.response;
  return {
    ...item,
    response: {
      ratios: new Float64Array(ratios.length).fill(1),
      ratioQuantiles: new Float64Array(ratioQuantiles.length).fill(1),
    },
  };
}

function constraintGroups({ grid }: PriceCase): Map<string, number> {
  const present = grid.broken.reduce((all, bits) => all | bits, 0);
  const groups = new Map<string, number>();
  for (const name of constraintNames) {
    const bit = bitOf(name) & present;
    const driver = driverOfConstraint[name] ?? 'price_limits';
    if (bit !== 0) groups.set(driver, (groups.get(driver) ?? 0) | bit);
  }
  return groups;
}

function toShares(moves: ReadonlyMap<string, number>): PriceDriver[] {
  const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0);
  const total = sum(moves.values());
  const shown = [...moves].filter(([, size]) => total > 0 && size / total >= leastShare);
  if (shown.length === 0) return [{ name: 'current_price', share: 1 }];
  const shownTotal = sum(shown.map(([, size]) => size));
  return shown.map(([name, size]) => ({ name, share: size / shownTotal })).sort((a, b) => b.share - a.share);
}
