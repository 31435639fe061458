/** Which variants are like one that has hardly been sold. */

import { makeTextSimilarity } from './textSimilarity.ts';

/** What is compared of a variant. */
export type Described = {
  readonly id: number;
  /** Names and description. */
  readonly text: string;
  /** Regular price, > 0; other numbers = unknown. */
  readonly price: number;
  readonly currency: string;
};

/** Variants to be compared with candidates of their kind: those of their category, or all. */
export type ComparedGroup = {
  readonly targets: readonly Described[];
  readonly candidates: readonly Described[];
};

/** A similar variant: 0 < similarity ≤ 1; the weights of a target's sum to 1. */
export type SimilarVariant = {
  readonly variantId: number;
  readonly similarity: number;
  readonly weight: number;
};

/** Similarity of texts without a word in common, beside 1 for the same words: then the price alone tells. */
const WORDLESS = 0.05;
/** Logarithm of the price ratio at which similarity has fallen to e^−½: twice the price. */
const PRICE_TOLERANCE = 0.7;
/** Similar variants of a target; chosen on every other product of `bench/coldStart.ts`, whose other half is reported. */
const LARGEST_COUNT = 20;

/**
 * The 20 candidates most like each target at most, most similar first, by target id.
 *
 * similarity = (0.05 + 0.95 · cosine of the words) · exp(−½ · (ln(price ratio) / 0.7)²), the price left out where one is
 * unknown or in another currency; the weights go with it.
 */
export function findSimilar(
  groups: readonly ComparedGroup[],
): ReadonlyMap<number, readonly SimilarVariant[]> {
  const found = new Map<number, readonly SimilarVariant[]>();
  for (const { targets, candidates } of groups) {
    const cosinesOf = makeTextSimilarity(candidates.map(({ text }) => text));
    for (const target of targets) found.set(target.id, rank(target, candidates, cosinesOf(target.text)));
  }
  return found;
}

function rank(target: Described, candidates: readonly Described[], cosines: Float64Array): SimilarVariant[] {
  const best = candidates
    .map((candidate, place) => ({
      variantId: candidate.id,
      similarity: (WORDLESS + (1 - WORDLESS) * (cosines[place] ?? 0)) * closeness(target, candidate),
    }))
    .filter(({ variantId, similarity }) => similarity > 0 && variantId !== target.id)
    .sort((a, b) => b.similarity - a.similarity || a.variantId - b.variantId)
    .slice(0, LARGEST_COUNT);
  const sum = best.reduce((total, { similarity }) => total + similarity, 0);
  return best.map((one) => ({ ...one, weight: one.similarity / sum }));
}

/** 1 for equal or incomparable prices, falling to 0. */
function closeness(a: Described, b: Described): number {
  const ratio = a.currency === b.currency ? Math.log(a.price / b.price) : 0;
  return Number.isFinite(ratio) ? Math.exp(-0.5 * (ratio / PRICE_TOLERANCE) ** 2) : 1;
}
