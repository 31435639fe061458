/** Between which prices a recommendation may lie, and why. */

import type { PriceItem } from '../priceItem.ts';

/** What can keep a price from being recommended; stable names that the API shows. */
export const constraintNames = [
  'FLOOR',
  'CEILING',
  'MINIMUM_MARGIN',
  'MINIMUM_ADVERTISED_PRICE',
  'MAXIMUM_STEP',
  'COMPETITOR_CORRIDOR',
  'SEEN_RANGE',
  'ENDING',
  'STOCK_LIMIT',
  'CAUTION',
  'COUPLING',
] as const;

export type ConstraintName = (typeof constraintNames)[number];

/** One pair of bounds; −∞ or ∞ where a side is open. */
export interface PriceBound {
  readonly name: ConstraintName;
  readonly low: number;
  readonly high: number;
  /** Path of the field below the item, e.g. `constraints.floor`. */
  readonly field: string;
  /** What the caller gave, for messages. */
  readonly given: number | string;
  /** The bound in words, for messages: follows "the … price that". */
  readonly words: string;
}

/**
 * How far outside the prices ever seen a price may lie: demand there is extrapolated, and further out no family of
 * demand curves agrees with another.
 */
export const seenRangeFactor = 1.5;

/** All bounds of an item that are set, the range around seen prices last. */
export function listPriceBounds(item: PriceItem): PriceBound[] {
  const { currentPrice, unitCost, constraints } = item;
  const { floor, ceiling, minimumMarginRate: rate, maximumStepRate: step } = constraints;
  const { minimumAdvertisedPrice, competitorCorridor: corridor } = constraints;
  const median = competitorMedian(item);
  const bounds = [
    makeBound('FLOOR', [floor, Number.NaN], { field: 'floor', given: floor, words: 'the floor allows' }),
    makeBound('CEILING', [Number.NaN, ceiling], {
      field: 'ceiling',
      given: ceiling,
      words: 'the ceiling allows',
    }),
    makeBound('MINIMUM_MARGIN', [unitCost / (1 - rate), Number.NaN], {
      field: 'minimumMarginRate',
      given: rate,
      words: 'the minimum margin allows',
    }),
    makeBound('MINIMUM_ADVERTISED_PRICE', [minimumAdvertisedPrice, Number.NaN], {
      field: 'minimumAdvertisedPrice',
      given: minimumAdvertisedPrice,
      words: 'may be advertised',
    }),
    makeBound('MAXIMUM_STEP', [currentPrice * (1 - step), currentPrice * (1 + step)], {
      field: 'maximumStepRate',
      given: step,
      words: 'the maximum step allows',
    }),
    makeBound(
      'COMPETITOR_CORRIDOR',
      [(corridor?.[0] ?? Number.NaN) * median, (corridor?.[1] ?? Number.NaN) * median],
      {
        field: 'competitorCorridor',
        given: (corridor ?? []).join(' to '),
        words: 'the competitor corridor allows',
      },
    ),
  ].filter(({ low, high }) => Number.isFinite(low) || Number.isFinite(high));
  return [...bounds, makeSeenRange(item)];
}

/** The interval that all bounds allow; empty where the first exceeds the second. */
export function intersectBounds(bounds: readonly PriceBound[]): readonly [low: number, high: number] {
  return [Math.max(0, ...bounds.map(({ low }) => low)), Math.min(...bounds.map(({ high }) => high))];
}

/** Median of the competitors' known prices: today's, else those of the last period that has any; NaN without. */
export function competitorMedian({ competitorPrices, history }: PriceItem): number {
  const isKnown = (prices: readonly number[]) => prices.some((price) => !Number.isNaN(price));
  const latest = isKnown(competitorPrices)
    ? competitorPrices
    : (history.findLast((period) => isKnown(period.competitorPrices))?.competitorPrices ?? []);
  const known = latest.filter((price) => !Number.isNaN(price)).sort((a, b) => a - b);
  const middle = known.length >> 1;
  const upper = known[middle] ?? Number.NaN;
  return known.length % 2 === 1 ? upper : ((known[middle - 1] ?? Number.NaN) + upper) / 2;
}

function makeBound(
  name: ConstraintName,
  [low, high]: readonly [number, number],
  { field, given, words }: Pick<PriceBound, 'field' | 'given' | 'words'>,
): PriceBound {
  return {
    name,
    low: Number.isNaN(low) ? -Infinity : low,
    high: Number.isNaN(high) ? Infinity : high,
    field: `constraints.${field}`,
    given,
    words,
  };
}

/**
 * From the lowest price ever paid ÷ `seenRangeFactor` to the highest paid or regular price × it. Who names prices outside of
 * that (floor, ceiling, lowest advertised price) wants to go there, and the range, which is ours, reaches as far beyond those.
 */
function makeSeenRange({ history, currentPrice, constraints }: PriceItem): PriceBound {
  let [low, high] = [currentPrice, currentPrice];
  for (const { price, regularPrice } of history) {
    low = Math.min(low, price);
    high = Math.max(high, price, Number.isNaN(regularPrice) ? 0 : regularPrice);
  }
  const { floor, ceiling, minimumAdvertisedPrice } = constraints;
  for (const named of [floor, minimumAdvertisedPrice]) if (named > high * seenRangeFactor) high = named;
  if (ceiling < low / seenRangeFactor) low = ceiling;
  return {
    name: 'SEEN_RANGE',
    low: low / seenRangeFactor,
    high: high * seenRangeFactor,
    field: 'history',
    given: `${low} to ${high}`,
    words: `can be judged, ${seenRangeFactor} times outside the prices seen`,
  };
}
