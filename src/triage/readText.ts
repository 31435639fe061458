import { placeholders } from '../inference/textMasks.ts';
import type { TextPreparer, TriageText } from '../inference/textPreparer.ts';
import { detectLanguage } from './detectLanguage.ts';
import { listSkuCandidates, matchEntities, type SkuCandidate } from './findEntities.ts';
import type { ScoredLabel, TextEntity } from './triageResult.ts';

/** What can be told of a text without the model and without the store; plain data. */
export type TextReading = {
  readonly prepared: TriageText;
  /** ISO 639-1, `und` when unsure. */
  readonly language: ScoredLabel;
  /** Letters outside the placeholder words. */
  readonly letters: number;
  readonly candidates: readonly SkuCandidate[];
  /** What the rules of entities match, in their order; parts may overlap. */
  readonly matches: readonly TextEntity[];
};

/** Reads one raw text; relative dates count from `now`. */
export function readText(text: string, prepare: TextPreparer, now: Date): TextReading {
  const prepared = prepare(text);
  const words = prepared.clean.split(' ').filter((word) => !placeholders.has(word));
  const own = words.join(' ');
  return {
    prepared,
    language: detectLanguage(own),
    letters: own.match(/\p{L}/gu)?.length ?? 0,
    candidates: listSkuCandidates(text),
    matches: matchEntities(text, now),
  };
}
