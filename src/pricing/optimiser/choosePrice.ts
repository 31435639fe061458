/** Which of its candidate prices an item gets. */

import type { PriceObjective } from '../priceItem.ts';
import type { MarkdownTerms } from './planMarkdown.ts';
import { type ConstraintName, constraintNames } from './priceBounds.ts';
import { bitOf, type PriceGrid } from './priceGrid.ts';
import { type PriceValues, unitGain, type ValuedItem, valuePrices } from './priceValues.ts';

/** One item with everything its choice rests on. */
export interface PriceCase extends ValuedItem {
  readonly grid: PriceGrid;
  /** Whether the response rests on the item's own sales. */
  readonly isIdentified: boolean;
  /** Present where a stock is to be gone by a day. */
  readonly markdown?: MarkdownTerms;
}

/** What an item's prices bring, and which of them may be chosen. */
export interface PriceOptions {
  /** `[G]` expected result over the horizon. */
  readonly expected: Float64Array;
  /** `[G]` the result if demand answers badly; see `valuePrices`. */
  readonly cautious: Float64Array;
}

/**
 * Shares of the present price's result that a new price may lose if demand answers badly (`familyDoubt`). Less where the response
 * is borrowed from similar items, which may not hold for this one.
 */
const bearableLoss = { own: 0.01, borrowed: 0.0025 } as const;
/** A gain below this share of the result is no reason to touch a price. */
export const clearGainRate = 0.002;

/** What the prices bring under an objective; `values` are those of the item. */
export function weighPrices(
  { prices, unitCost }: Pick<PriceCase, 'prices' | 'unitCost'>,
  { units, cautiousUnits }: PriceValues,
  objective: PriceObjective,
): PriceOptions {
  const gains = prices.map((price) => unitGain(price, unitCost, objective));
  return {
    expected: gains.map((gain, g) => gain * (units[g] ?? 0)),
    // Of what is sold below cost few sales are no bad answer.
    cautious: gains.map((gain, g) => gain * ((gain < 0 ? units[g] : cautiousUnits[g]) ?? 0)),
  };
}

/** What is disregarded in a choice, to tell what it costs. */
export interface Lifted {
  /** Bits of constraints that count as kept. */
  readonly bits?: number;
  readonly isBold?: boolean;
}

/**
 * Index of the price to keep where nothing better may be chosen: the current one, or, where a constraint forbids it, the
 * allowed one next to it.
 */
export function findBaseline({ grid }: Pick<PriceCase, 'grid'>, bits = 0): number {
  const current = grid.prices[grid.currentIndex] ?? 1;
  let best = grid.currentIndex;
  let nearest = Infinity;
  for (let g = 0; g < grid.prices.length; g += 1) {
    if (((grid.broken[g] ?? 0) & ~bits) !== 0) continue;
    const ratio = (grid.prices[g] ?? 1) / current;
    const distance = Math.max(ratio, 1 / ratio);
    if (distance >= nearest) continue;
    nearest = distance;
    best = g;
  }
  return best;
}

/** `[G]` 1 where a price is allowed and a bad answer of demand costs no more than caution bears. */
export function listAcceptable(item: PriceCase, options: PriceOptions, lifted: Lifted = {}): Uint8Array {
  const isAcceptable = makeTest(item, options, lifted);
  return Uint8Array.from(item.prices, (_, g) => (isAcceptable(g) ? 1 : 0));
}

/**
 * Index of the price with the highest expected result among the acceptable ones, or the baseline where none brings clearly
 * more than it. So an allowed current price is never given up for one that is expected to bring less.
 */
export function choosePrice(item: PriceCase, options: PriceOptions, lifted: Lifted = {}): number {
  const { expected } = options;
  const baseline = findBaseline(item, lifted.bits);
  const isAcceptable = makeTest(item, options, lifted);
  let best = baseline;
  for (let g = 0; g < expected.length; g += 1)
    if ((expected[g] ?? 0) > (expected[best] ?? 0) && isAcceptable(g)) best = g;
  return isClearlyMore(expected[best] ?? 0, expected[baseline] ?? 0) ? best : baseline;
}

function makeTest(item: PriceCase, { cautious }: PriceOptions, lifted: Lifted): (g: number) => boolean {
  const { broken } = item.grid;
  const baseline = findBaseline(item, lifted.bits);
  const kept = cautious[baseline] ?? 0;
  const loss = bearableLoss[item.isIdentified ? 'own' : 'borrowed'];
  const least = lifted.isBold === true ? Number.NEGATIVE_INFINITY : kept - loss * Math.abs(kept);
  const binding = ~(lifted.bits ?? 0);
  return (g) => g === baseline || (((broken[g] ?? 0) & binding) === 0 && (cautious[g] ?? 0) >= least);
}

/**
 * Constraints without which the item would bring clearly more: each alone, or, where none does alone, those that the
 * best price broke if all were gone. STOCK_LIMIT: more could be sold at the chosen price.
 */
export function listBindingConstraints(
  item: PriceCase,
  options: PriceOptions,
  { chosen, objective }: { readonly chosen: number; readonly objective: PriceObjective },
): ConstraintName[] {
  const reached = options.expected[chosen] ?? 0;
  const pays = (lifted: Lifted) =>
    isClearlyMore(options.expected[choosePrice(item, options, lifted)] ?? 0, reached);
  const present = item.grid.broken.reduce((all, bits) => all | bits, 0);
  const inGrid = constraintNames.filter((name) => (present & bitOf(name)) !== 0);
  const binding = inGrid.filter((name) => pays({ bits: bitOf(name) }));
  if (binding.length === 0 && pays({ bits: present })) {
    const broken = item.grid.broken[choosePrice(item, options, { bits: present })] ?? 0;
    binding.push(...inGrid.filter((name) => (broken & bitOf(name)) !== 0));
  }
  if (pays({ isBold: true })) binding.push('CAUTION');
  if (!Number.isNaN(item.stockLimit)) {
    const unlimited = weighPrices(item, valuePrices({ ...item, stockLimit: Number.NaN }), objective);
    if (isClearlyMore(unlimited.expected[chosen] ?? 0, reached)) binding.push('STOCK_LIMIT');
  }
  return binding;
}

/** Whether a result is more than a reference by as much as makes touching a price worth it. */
export function isClearlyMore(value: number, reference: number): boolean {
  return value - reference > clearGainRate * Math.abs(reference);
}
