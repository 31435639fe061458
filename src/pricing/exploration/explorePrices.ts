/** Which items of a call explore, and which price each gets. */

import { makeRandom, type Random, seedFromText } from '../../maths/random.ts';
import { type ExplorableItem, findExploringShares } from './exploringShares.ts';

/** What is allowed of exploration. */
export interface ExplorationRules {
  /** Share of the items that explore, 0 to 1; 0 = none. */
  readonly share: number;
  /** Most of the expected result that a tried price may cost, as a share of the recommended price's. */
  readonly maximumLossRate: number;
  readonly seed: number;
}

/** The price that an item gets, with how it came by it. */
export interface ExploredPrice {
  readonly chosenIndex: number;
  readonly isExplored: boolean;
  /** `[G]` probability with which each candidate was to be chosen, before anything was drawn; they add up to 1. */
  readonly propensities: Float64Array;
}

/** Items handled between two turns: a few milliseconds. */
const itemsATurn = 25;

/**
 * Draws the prices of items, in order. Each item explores with probability `share`, and of n items never more than
 * share × n rounded up do; all others get the recommended price. The same seed, ids and items have the same draw.
 *
 * @param takeTurn lets other work be done
 */
export async function explorePrices(
  items: readonly { readonly id: string; readonly candidates: ExplorableItem }[],
  { share, maximumLossRate, seed }: ExplorationRules,
  takeTurn: () => Promise<void>,
): Promise<ExploredPrice[]> {
  const explorers = drawExplorers(items.length, share, makeRandom(seed));
  const explored: ExploredPrice[] = [];
  for (const [index, { id, candidates }] of items.entries()) {
    if (index > 0 && index % itemsATurn === 0) await takeTurn();
    const exploring = findExploringShares(candidates, maximumLossRate);
    const propensities = exploring.map((probability) => share * probability);
    propensities[candidates.recommendedIndex] = (propensities[candidates.recommendedIndex] ?? 0) + 1 - share;
    const isExplored = explorers.has(index);
    const random = makeRandom(seedFromText(`${index}/${id}`, seed));
    const chosenIndex = isExplored ? drawIndex(exploring, random) : candidates.recommendedIndex;
    explored.push({ chosenIndex, isExplored, propensities });
  }
  return explored;
}

/** Places of the items that explore: share × n of them, the fraction decided by lot. */
function drawExplorers(count: number, share: number, random: Random): ReadonlySet<number> {
  const wanted = Math.floor(share * count + random.uniform());
  const order = Array.from({ length: count }, (_, index) => ({ index, lot: random.uniform() }));
  return new Set(
    order
      .sort((a, b) => a.lot - b.lot)
      .slice(0, wanted)
      .map(({ index }) => index),
  );
}

function drawIndex(shares: Float64Array, random: Random): number {
  let left = random.uniform();
  let last = 0;
  for (const [g, share] of shares.entries()) {
    if (share === 0) continue;
    last = g;
    left -= share;
    if (left < 0) return g;
  }
  return last; // what rounding left over
}
