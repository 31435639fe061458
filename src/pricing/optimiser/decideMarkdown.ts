import { findBaseline, isClearlyMore, type PriceCase } from './choosePrice.ts';
import { holdPrice, type MarkdownTerms, planMarkdown } from './planMarkdown.ts';
import { type ConstraintName, constraintNames } from './priceBounds.ts';
import { bitOf } from './priceGrid.ts';

/** One period of a markdown, with the index of its price among the item's candidates. */
export interface MarkdownPeriod {
  readonly candidate: number;
  readonly stock: number;
  readonly units: number;
}

/** The markdown of an item. */
export interface MarkdownDecision {
  readonly periods: readonly MarkdownPeriod[];
  /** Expected revenue and salvage, and those of the highest price that may be asked, held to the end. */
  readonly result: number;
  readonly heldResult: number;
  /** Constraints that the best path would break if there were none, where it brought clearly more. */
  readonly bindingConstraints: readonly ConstraintName[];
}

/** Most prices that a path chooses among. */
const mostPrices = 20;

/** Plans the markdown of an item over its allowed prices up to the current one; over the allowed one next to it where none is. */
export function decideMarkdown(item: PriceCase, terms: MarkdownTerms): MarkdownDecision {
  const { result, periods, prices } = plan(item, terms, 0);
  const present = item.grid.broken.reduce((all, bits) => all | bits, 0);
  const free = plan(item, terms, present);
  const broken = free.periods.reduce((bits, { candidate }) => bits | (item.grid.broken[candidate] ?? 0), 0);
  const isHeldBack = isClearlyMore(free.result, result);
  const highest = prices.at(-1) ?? 0;
  return {
    periods,
    result,
    heldResult: holdPrice(pricesOf(item, [highest]), terms, item.level),
    bindingConstraints: constraintNames.filter((name) => isHeldBack && (broken & bitOf(name)) !== 0),
  };
}

function plan(item: PriceCase, terms: MarkdownTerms, liftedBits: number) {
  const baseline = findBaseline(item, liftedBits);
  const allowed = [...item.prices.keys()].filter(
    (g) => g <= item.grid.currentIndex && ((item.grid.broken[g] ?? 0) & ~liftedBits) === 0,
  );
  const prices = allowed.length === 0 ? [baseline] : thin(allowed);
  const { steps, result } = planMarkdown(pricesOf(item, prices), terms, item.level);
  const periods = steps.map(({ priceIndex, ...step }) => ({
    ...step,
    candidate: prices[priceIndex] ?? baseline,
  }));
  return { result, periods, prices };
}

function pricesOf({ prices, response }: PriceCase, candidates: readonly number[]) {
  return {
    prices: candidates.map((g) => prices[g] ?? 0),
    ratios: candidates.map((g) => response.ratios[g] ?? 0),
  };
}

/** At most `mostPrices` of ascending indexes, evenly, the highest among them. */
function thin(indexes: readonly number[]): number[] {
  const step = Math.max(1, (indexes.length - 1) / (mostPrices - 1));
  const count = Math.min(indexes.length, mostPrices);
  const last = indexes.length - 1;
  return Array.from(
    { length: count },
    (_, place) => indexes[last - Math.round((count - 1 - place) * step)] ?? 0,
  );
}
