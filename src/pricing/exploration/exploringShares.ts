/** How often exploration would choose each candidate price of an item. */

import { normalQuantile } from '../../maths/normal.ts';
import { RESPONSE_LEVELS } from '../demandResponse.ts';

/** An item's candidates with what is known of them. */
export interface ExplorableItem {
  /** `[G]`, strictly ascending. */
  readonly prices: Float64Array;
  /** `[G]` what a unit sold at each brings: price less cost, or price. */
  readonly unitGains: Float64Array;
  /** `[G]` expected result over the horizon. */
  readonly expected: Float64Array;
  /** `[G]` 1 where every constraint is kept. */
  readonly isAllowed: Uint8Array;
  /** Where the current price is. */
  readonly currentIndex: number;
  readonly recommendedIndex: number;
  /** `[G × RESPONSE_LEVELS]` quantiles of demand ÷ demand at the current price. */
  readonly ratioQuantiles: Float64Array;
  /** `[RESPONSE_LEVELS]` quantiles of demand over the horizon at the current price. */
  readonly levelQuantiles: Float64Array;
  /** Most units that can be sold; NaN = no limit. */
  readonly stockLimit: number;
}

/** Most prices of an item that exploration chooses among: fewer are each seen more often. */
const MOST_EXPLORED = 9;
/** Share of exploration that goes to all of them alike, so that each has a chance and its value can be estimated. */
const EVEN_SHARE = 0.2;
/** Where a draw lies between two of `RESPONSE_LEVELS`. */
interface Draw {
  readonly piece: number;
  readonly along: number;
}

/** Draws of the elasticity, and of the level where stock is limited. */
const ELASTICITY_DRAWS = makeDraws(256);
const LEVEL_DRAWS = makeDraws(16);

/**
 * `[G]` probabilities with which exploration chooses each price; they add up to 1, and are above 0 for the recommended
 * price alone where nothing else may be tried.
 *
 * Tried are the recommended price, the current one where it is allowed, and up to 7 others, evenly spread, that keep every
 * constraint and are expected to bring at most `maximumLossRate` less than the recommended one. Four fifths are Thompson
 * sampling: an elasticity and a level are drawn from their distributions, and the price is chosen that is best under them;
 * an elasticity nearer to 0 is a higher quantile of demand above the current price and a lower one below it. The probability
 * of each price is found by going through the draws evenly, so it is known, not estimated. The last fifth is spread evenly.
 *
 * Source: W. R. Thompson, "On the Likelihood that One Unknown Probability Exceeds Another in View of the Evidence of Two
 * Samples", Biometrika 25 (1933), pp. 285–294.
 */
export function findExploringShares(item: ExplorableItem, maximumLossRate: number): Float64Array {
  const tried = listTried(item, maximumLossRate);
  const shares = new Float64Array(item.prices.length);
  const isLimited = !Number.isNaN(item.stockLimit);
  const limit = isLimited ? item.stockLimit : Number.POSITIVE_INFINITY;
  const levels = isLimited ? readAll(item.levelQuantiles, 0, LEVEL_DRAWS) : Float64Array.of(1);
  const ratios = tried.map((g) => drawRatios(item, g));
  const weight = (1 - EVEN_SHARE) / (ELASTICITY_DRAWS.length * levels.length);
  for (let draw = 0; draw < ELASTICITY_DRAWS.length; draw += 1)
    for (const level of levels) {
      let best = tried[0] ?? 0;
      let most = Number.NEGATIVE_INFINITY;
      for (let place = 0; place < tried.length; place += 1) {
        const g = tried[place] ?? 0;
        const gain = (item.unitGains[g] ?? 0) * Math.min(level * (ratios[place]?.[draw] ?? 0), limit);
        if (gain <= most) continue;
        best = g;
        most = gain;
      }
      shares[best] = (shares[best] ?? 0) + weight;
    }
  for (const g of tried) shares[g] = (shares[g] ?? 0) + EVEN_SHARE / tried.length;
  return shares;
}

function listTried(item: ExplorableItem, maximumLossRate: number): number[] {
  const { expected, recommendedIndex, currentIndex, isAllowed } = item;
  const reached = expected[recommendedIndex] ?? 0;
  const least = reached - maximumLossRate * Math.abs(reached);
  const safe = [...expected.keys()].filter((g) => isAllowed[g] === 1 && (expected[g] ?? 0) >= least);
  const always = [...new Set([recommendedIndex, ...(isAllowed[currentIndex] === 1 ? [currentIndex] : [])])];
  const others = safe.filter((g) => !always.includes(g));
  const room = MOST_EXPLORED - always.length;
  const spread =
    others.length <= room
      ? others
      : Array.from(
          { length: room },
          (_, i) => others[Math.round((i * (others.length - 1)) / (room - 1))] ?? 0,
        );
  return [...always, ...spread].sort((a, b) => a - b);
}

/** `[ELASTICITY_DRAWS]` demand at a candidate ÷ at the current price, the elasticity from far from 0 to near. */
function drawRatios({ currentIndex, ratioQuantiles }: ExplorableItem, g: number): Float64Array {
  if (g === currentIndex) return new Float64Array(ELASTICITY_DRAWS.length).fill(1);
  const ratios = readAll(ratioQuantiles, g * RESPONSE_LEVELS.length, ELASTICITY_DRAWS);
  return g > currentIndex ? ratios : ratios.reverse();
}

/** Quantiles at draws of a distribution given at `RESPONSE_LEVELS` from `at` on, at least 0. */
function readAll(quantiles: Float64Array, at: number, draws: readonly Draw[]): Float64Array {
  const read = new Float64Array(draws.length);
  let i = 0;
  for (const { piece, along } of draws) {
    const low = quantiles[at + piece] ?? 0;
    read[i] = Math.max(0, low + along * ((quantiles[at + piece + 1] ?? 0) - low));
    i += 1;
  }
  return read;
}

/**
 * Draws at the middles of `count` equal shares of the probability, between which of the levels each lies and how far along in
 * the normal score; the outer pieces are carried on.
 */
function makeDraws(count: number): Draw[] {
  const scores = RESPONSE_LEVELS.map(normalQuantile);
  return Array.from({ length: count }, (_, i) => {
    const score = normalQuantile((i + 0.5) / count);
    let piece = 0;
    while (piece < scores.length - 2 && score > (scores[piece + 1] ?? 0)) piece += 1;
    const [from, to] = [scores[piece] ?? 0, scores[piece + 1] ?? 1];
    return { piece, along: (score - from) / (to - from) };
  });
}
