import type { TriageContract } from '../inference/triageCard.ts';
import type { ScoredLabel } from './triageResult.ts';

/**
 * The category that an intent belongs to, with the chance of all the intents in it; null where the card names none for it.
 * Where a text is answered, both come from the intents, so that they cannot disagree; where the model abstains, its head of
 * categories may still know what the text is about.
 *
 * @param probabilities one an intent, in the card's order
 */
export function pickCategory(
  { labels, categoryOfIntent }: Pick<TriageContract, 'labels' | 'categoryOfIntent'>,
  intent: string,
  probabilities: Float32Array,
): ScoredLabel | null {
  const name = categoryOfIntent.get(intent);
  if (name === undefined) return null;
  const chance = labels.intent.reduce(
    (sum, other, index) => sum + (categoryOfIntent.get(other) === name ? (probabilities[index] ?? 0) : 0),
    0,
  );
  return { name, confidence: Math.min(1, chance) };
}
