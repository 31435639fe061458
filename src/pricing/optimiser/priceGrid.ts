/** Which prices of an item are compared, and which of them it may have. */

import type { PriceItem, PriceObjective } from '../priceItem.ts';
import {
  type ConstraintName,
  constraintNames,
  intersectBounds,
  listPriceBounds,
  type PriceBound,
} from './priceBounds.ts';

/** Candidate prices of an item, G of them. */
export interface PriceGrid {
  /** `[G]`, above 0, strictly ascending, the current price among them. */
  readonly prices: Float64Array;
  readonly currentIndex: number;
  /** `[G]` what each price breaks, as bits in the order of `constraintNames`; 0 = it is allowed. */
  readonly broken: Uint16Array;
}

/** Constraints that no price can hold at once: the field, what must be true of it, and what was given. */
export interface PriceContradiction {
  /** Path below the item. */
  readonly field: string;
  readonly rule: string;
  readonly got: number | string;
}

/** What holds for the grids of all items of a request. */
export interface GridTerms {
  readonly objective: PriceObjective;
  /** Decimals of the currency's smallest coin; null where the currency is unknown. */
  readonly currencyDecimals: number | null;
}

const mostCandidates = 40;
/** Neighbours that show how the curve goes on where no price is allowed, and what a bound costs. */
const surroundings = { count: 17, lowest: 0.6, highest: 1 / 0.6 } as const;
/** Points just beyond each end of what is allowed. */
const beyond = [1.01, 1.03] as const;
const relativeTolerance = 1e-9;
/** Prices with an allowed ending are listed one by one up to this many. */
const mostListed = 400;

/**
 * The grid of an item: the current price, up to 42 allowed prices at equal ratios over everything that is allowed,
 * and about 20 around the current price and just beyond the bounds whatever they break, so that the curve can be shown
 * and the price of each constraint be told; at most 64. Or why no price is allowed.
 */
export function makePriceGrid(item: PriceItem, terms: GridTerms): PriceGrid | PriceContradiction {
  const bounds = listPriceBounds(item);
  const interval = intersectBounds(bounds);
  const contradiction = findContradiction(item, bounds, terms);
  if (contradiction !== null) return contradiction;
  const { currentPrice } = item;
  const { endings } = item.constraints;
  const decimals = priceDecimals(item, terms);
  const candidates = listCandidates(interval, endings, decimals);
  const mayStay =
    isWithin(currentPrice, interval) && (endings.length === 0 || endsAsAllowed(currentPrice, endings));
  if (candidates.length === 0 && !mayStay) return describeEnding(item, interval);
  const around = listSurroundings(currentPrice, interval).map((price) => round(price, decimals));
  const all = [...new Set([currentPrice, ...candidates, ...around.filter((price) => price > 0)])];
  const prices = Float64Array.from(all).sort();
  return {
    prices,
    currentIndex: prices.indexOf(currentPrice),
    broken: Uint16Array.from(prices, (price) => {
      const mayEndSo = endings.length === 0 || endsAsAllowed(price, endings);
      return brokenBits(price, bounds) | (mayEndSo ? 0 : bitOf('ENDING'));
    }),
  };
}

/** The bit of a constraint in `PriceGrid.broken`. */
export function bitOf(name: ConstraintName): number {
  return 1 << constraintNames.indexOf(name);
}

/** Whether what was made is a contradiction. */
export function isContradiction(made: PriceGrid | PriceContradiction): made is PriceContradiction {
  return 'rule' in made;
}

function brokenBits(price: number, bounds: readonly PriceBound[]): number {
  return bounds.reduce(
    (bits, { name, low, high }) => (isWithin(price, [low, high]) ? bits : bits | bitOf(name)),
    0,
  );
}

function isWithin(price: number, [low, high]: readonly [number, number]): boolean {
  return price >= low * (1 - relativeTolerance) && price <= high * (1 + relativeTolerance);
}

function findContradiction(
  { unitCost, markdown }: PriceItem,
  bounds: readonly PriceBound[],
  { objective }: GridTerms,
): PriceContradiction | null {
  const [low, high] = intersectBounds(bounds);
  const lowest = bounds.find((bound) => bound.low === low);
  const highest = bounds.find((bound) => bound.high === high);
  if (low > high * (1 + relativeTolerance) && lowest !== undefined && highest !== undefined) {
    const rule = `such that the lowest price that ${lowest.words} (${show(low)}) is at most the highest that ${highest.words} (${show(high)})`;
    return { field: lowest.field, rule, got: lowest.given };
  }
  // What a stock to be cleared has cost is spent.
  if (objective === 'REVENUE' || markdown !== undefined) return null;
  if (unitCost < high || highest === undefined) return null;
  const rule = `below the highest price that ${highest.words} (${show(high)})`;
  return { field: 'unitCost', rule, got: unitCost };
}

function describeEnding(
  { constraints }: PriceItem,
  [low, high]: readonly [number, number],
): PriceContradiction {
  return {
    field: 'constraints.endings',
    rule: `an ending that a price from ${show(low)} to ${show(high)} has`,
    got: constraints.endings.join(', '),
  };
}

/**
 * Decimals that a recommended price has: those of the currency or of an ending; without either two, or as many as keep
 * three digits of a current price below a tenth.
 */
function priceDecimals({ currentPrice, constraints }: PriceItem, { currencyDecimals }: GridTerms): number {
  const ofEndings = Math.max(0, ...constraints.endings.map(decimalsOf));
  if (currencyDecimals !== null) return Math.max(currencyDecimals, ofEndings);
  const ofSmall = currentPrice < 0.1 ? 2 - Math.floor(Math.log10(currentPrice)) : 2;
  return Math.min(12, Math.max(ofSmall, ofEndings));
}

function decimalsOf(value: number): number {
  let decimals = 0;
  while (decimals < 4 && Math.abs(round(value, decimals) - value) > relativeTolerance) decimals += 1;
  return decimals;
}

function listCandidates(
  interval: readonly [number, number],
  endings: readonly number[],
  decimals: number,
): number[] {
  const [low, high] = interval;
  const isAllowed = (price: number) => price > 0 && isWithin(price, interval);
  const targets = spread(low, high, mostCandidates);
  if (endings.length === 0) {
    const coin = 10 ** -decimals;
    const ends = [
      Math.ceil(low / coin - relativeTolerance) * coin,
      Math.floor(high / coin + relativeTolerance) * coin,
    ];
    const rounded = unique([...ends, ...targets].map((price) => round(price, decimals)).filter(isAllowed));
    // Bounds closer together than the smallest coin: the bound itself.
    return rounded.length > 0 || low <= 0 ? rounded : [low];
  }
  const units = Math.floor(high) - Math.floor(low) + 1;
  const wholes =
    units * endings.length <= mostListed
      ? Array.from({ length: units }, (_, index) => Math.floor(low) + index)
      : unique(targets.flatMap((target) => [Math.floor(target) - 1, Math.floor(target)]));
  const ending = unique(wholes.flatMap((whole) => endings.map((end) => round(whole + end, decimals))));
  return thin(
    ending.filter(isAllowed).sort((a, b) => a - b),
    targets,
  );
}

/** Of more prices than are compared those nearest to the targets. */
function thin(prices: number[], targets: readonly number[]): number[] {
  if (prices.length <= mostCandidates) return prices;
  const nearest = targets.map((target) =>
    prices.reduce((best, price) => (Math.abs(price - target) < Math.abs(best - target) ? price : best)),
  );
  return unique(nearest);
}

function listSurroundings(currentPrice: number, [low, high]: readonly [number, number]): number[] {
  const { count, lowest, highest } = surroundings;
  return [
    ...spread(currentPrice * lowest, currentPrice * highest, count),
    ...beyond.flatMap((factor) => [low / factor, high * factor]),
  ];
}

/** `count` values from `low` (or a hundredth of `high`, where that is more) to `high` at equal ratios. */
function spread(low: number, high: number, count: number): number[] {
  const start = Math.max(low, high / 100);
  const ratio = Math.log(high / start) / (count - 1);
  return Array.from({ length: count }, (_, index) => start * Math.exp(ratio * index));
}

function endsAsAllowed(price: number, endings: readonly number[]): boolean {
  return endings.some((ending) => {
    const distance = Math.abs(price - Math.floor(price) - ending);
    return Math.min(distance, 1 - distance) < 1e-6;
  });
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)];
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function show(price: number): string {
  return String(Number(price.toPrecision(6)));
}
