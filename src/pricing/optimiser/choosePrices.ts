/** The choice of all items of a request. */

import type { PriceObjective } from '../priceItem.ts';
import {
  choosePrice,
  isClearlyMore,
  listBindingConstraints,
  type PriceCase,
  weighPrices,
} from './choosePrice.ts';
import { type CouplingOutcome, chooseCoupled, type ValuedCase } from './coupledChoice.ts';
import { decideMarkdown, type MarkdownDecision } from './decideMarkdown.ts';
import type { ConstraintName } from './priceBounds.ts';
import type { PriceCoupling } from './priceCoupling.ts';
import { listPriceDrivers, type PriceDriver } from './priceDrivers.ts';
import { type PriceValues, valuePrices } from './priceValues.ts';

/** What is to be chosen. */
export interface PricingTask {
  readonly items: readonly PriceCase[];
  readonly objective: PriceObjective;
  readonly couplings: readonly PriceCoupling[];
}

/** The price that an item gets, with what its candidates bring and why it was chosen. */
export interface PriceDecision extends Pick<PriceValues, 'units' | 'unitsLow' | 'unitsHigh'> {
  /** Index among the candidates. */
  readonly chosenIndex: number;
  readonly bindingConstraints: readonly ConstraintName[];
  readonly drivers: readonly PriceDriver[];
  /** Null where the price is to hold for the whole horizon. */
  readonly markdown: MarkdownDecision | null;
}

/** Decisions in item order, with the gap of the coupled ones (null without couplings), or why there are none. */
export type PricingAnswer =
  | { readonly kind: 'chosen'; readonly decisions: readonly PriceDecision[]; readonly gap: number | null }
  | Exclude<CouplingOutcome, { kind: 'chosen' }>;

/** Chooses the prices of items, each alone but for what couplings ask. */
export async function choosePrices({ items, objective, couplings }: PricingTask): Promise<PricingAnswer> {
  const valued = items.map((item) => valueItem(item, objective));
  const coupled = couplings.length === 0 ? null : await chooseCoupled(valued, couplings);
  if (coupled !== null && coupled.kind !== 'chosen') return coupled;
  const decisions = valued.map((each, index) => decidePrice(each, objective, coupled?.indexes.get(index)));
  return { kind: 'chosen', decisions, gap: coupled?.gap ?? null };
}

/** Values an item's candidates. */
export function valueItem(item: PriceCase, objective: PriceObjective): ValuedCase {
  const values = valuePrices(item);
  return { item, values, options: weighPrices(item, values, objective) };
}

/**
 * Decides an item: the best price that it may get, the one at `coupledIndex` where what ties it to others asks for that, or the
 * first of its markdown.
 */
export function decidePrice(
  { item, values, options }: ValuedCase,
  objective: PriceObjective,
  coupledIndex?: number,
): PriceDecision {
  const alone = choosePrice(item, options);
  const markdown = item.markdown === undefined ? null : decideMarkdown(item, item.markdown);
  const chosen = coupledIndex ?? markdown?.periods[0]?.candidate ?? alone;
  const { units, unitsLow, unitsHigh } = values;
  const others = new Map<string, number>();
  if (coupledIndex !== undefined) others.set('coupling', coupledIndex);
  if (markdown !== null) others.set('markdown', chosen);
  const drivers = listPriceDrivers(item, { values, options }, { chosen: alone, objective, others });
  const found = { chosenIndex: chosen, units, unitsLow, unitsHigh, drivers, markdown };
  if (markdown !== null) return { ...found, bindingConstraints: markdown.bindingConstraints };
  const bindingConstraints = listBindingConstraints(item, options, { chosen: alone, objective });
  if (isClearlyMore(options.expected[alone] ?? 0, options.expected[chosen] ?? 0))
    bindingConstraints.push('COUPLING');
  return { ...found, bindingConstraints };
}
