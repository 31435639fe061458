/** A recommended price with what it rests on. */

import type { DemandLevel, DemandResponse } from './demandResponse.ts';
import type { PriceDecision } from './optimiser/choosePrices.ts';
import type { PriceGrid } from './optimiser/priceGrid.ts';
import type { PriceItem } from './priceItem.ts';

/** What a price is expected to bring over the horizon; the margin's interval holds 95 %. */
export interface PricePoint {
  readonly price: number;
  readonly units: number;
  readonly revenue: number;
  readonly margin: number;
  readonly marginLow: number;
  readonly marginHigh: number;
}

/** The recommended price of an item. */
export interface PriceAdvice extends Pick<PriceDecision, 'bindingConstraints' | 'drivers'> {
  readonly id: string;
  readonly recommendedPrice: number;
  readonly current: PricePoint;
  readonly recommended: PricePoint;
  readonly response: DemandResponse;
  /** One sentence. */
  readonly reason: string;
  /** The falling prices of a stock that is to be gone by a day; null where there is none. */
  readonly markdown: MarkdownAdvice | null;
  /** What `listCurve` draws and exploration draws from. */
  readonly candidates: PriceCandidates;
}

/** One period of a markdown: its price, expected stock at its beginning, and what is sold in it. */
export interface MarkdownAdviceStep extends Pick<PricePoint, 'price' | 'units' | 'revenue'> {
  readonly periodStart: string;
  readonly stock: number;
}

/** A markdown with the revenue and salvage expected of it, and of one price held to the end. */
export interface MarkdownAdvice {
  readonly path: readonly MarkdownAdviceStep[];
  readonly result: number;
  readonly heldResult: number;
}

/** An item's candidates with what was found of them. */
export interface PriceCandidates {
  readonly grid: PriceGrid;
  readonly decision: PriceDecision;
  readonly unitCost: number;
  /** Most units that can be sold over the horizon; NaN = no limit. */
  readonly stockLimit: number;
  readonly level: DemandLevel;
}

const mostCurvePoints = 25;

/** Puts together what was decided for an item. */
export function makePriceAdvice(
  { id, unitCost, constraints }: Pick<PriceItem, 'id' | 'unitCost' | 'constraints'>,
  response: DemandResponse,
  {
    grid,
    decision,
    level,
    periodStarts,
  }: Pick<PriceCandidates, 'grid' | 'decision' | 'level'> & { readonly periodStarts: readonly string[] },
): PriceAdvice {
  const candidates = { grid, decision, unitCost, stockLimit: constraints.stockLimit, level };
  const current = toPoint(candidates, grid.currentIndex);
  const recommended = toPoint(candidates, decision.chosenIndex);
  const { bindingConstraints, drivers } = decision;
  const markdown = toMarkdownAdvice(candidates, periodStarts);
  return {
    id,
    recommendedPrice: recommended.price,
    current,
    recommended,
    response,
    bindingConstraints,
    drivers,
    markdown,
    candidates,
    reason:
      markdown === null
        ? describe(current, recommended, bindingConstraints)
        : describeMarkdown(markdown, bindingConstraints),
  };
}

/** At most 25 of the candidates, lowest first: the ends, the current and the chosen one, and others evenly between. */
export function listCurve(candidates: PriceCandidates): PricePoint[] {
  const { grid, decision } = candidates;
  const last = grid.prices.length - 1;
  const spread = Math.min(mostCurvePoints - 2, last + 1);
  const indexes = new Set([grid.currentIndex, decision.chosenIndex]);
  for (let i = 0; i < spread; i += 1) indexes.add(Math.round((i * last) / Math.max(1, spread - 1)));
  return [...indexes].sort((a, b) => a - b).map((index) => toPoint(candidates, index));
}

function toPoint({ grid, decision, unitCost }: PriceCandidates, index: number): PricePoint {
  const price = grid.prices[index] ?? 0;
  const units = decision.units[index] ?? 0;
  const ends = [decision.unitsLow[index] ?? 0, decision.unitsHigh[index] ?? 0].map(
    (count) => (price - unitCost) * count,
  );
  return {
    price,
    units,
    revenue: price * units,
    margin: (price - unitCost) * units,
    marginLow: Math.min(...ends),
    marginHigh: Math.max(...ends),
  };
}

function toMarkdownAdvice(
  { grid, decision: { markdown } }: PriceCandidates,
  periodStarts: readonly string[],
): MarkdownAdvice | null {
  if (markdown === null) return null;
  const path = markdown.periods.map(({ candidate, stock, units }, period) => {
    const price = grid.prices[candidate] ?? 0;
    return { periodStart: periodStarts[period] ?? '', price, stock, units, revenue: price * units };
  });
  return { path, result: markdown.result, heldResult: markdown.heldResult };
}

function describeMarkdown(
  { path, result, heldResult }: MarkdownAdvice,
  binding: PriceAdvice['bindingConstraints'],
): string {
  const held = binding.length === 0 ? '' : `; held back by ${binding.join(', ')}`;
  const ends = `Ask ${path[0]?.price} now and ${path.at(-1)?.price} at the end`;
  return `${ends}: expected ${show(result)} of revenue and salvage instead of ${show(heldResult)} at one price${held}.`;
}

function describe(
  current: PricePoint,
  recommended: PricePoint,
  binding: PriceAdvice['bindingConstraints'],
): string {
  const held = binding.length === 0 ? '' : `; held back by ${binding.join(', ')}`;
  if (current.price === recommended.price)
    return `Keep ${current.price}: no price that may be chosen is expected to bring clearly more${held}.`;
  const verb = recommended.price > current.price ? 'Raise' : 'Lower';
  const results = (['margin', 'revenue', 'units'] as const)
    .map((name) => `${name} ${show(recommended[name])} instead of ${show(current[name])}`)
    .join(', ');
  return `${verb} from ${current.price} to ${recommended.price}: expected ${results}${held}.`;
}

function show(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US');
}
