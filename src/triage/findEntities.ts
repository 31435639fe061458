import { type EntityRule, entityRules } from './entityRules.ts';
import type { TextEntity } from './triageResult.ts';

/** A part of a text that may be the stock-keeping unit of a variant. */
export type SkuCandidate = {
  /** In upper case. */
  readonly sku: string;
  /** As it was written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

const longestSku = 40;
/** Candidates of a text that are looked up at most: the first. */
const mostCandidates = 100;
const skuPattern = /(?<![\w-])[A-Za-z0-9][A-Za-z0-9._/-]{1,39}(?![\w-])/g;

/** Parts of a text that may name a variant: 2 to 40 letters, digits and marks, with a digit among them; the first 100. */
export function listSkuCandidates(text: string): SkuCandidate[] {
  const candidates: SkuCandidate[] = [];
  for (const { 0: match, index } of text.matchAll(skuPattern)) {
    const written = match.replace(/[._/-]+$/, '');
    const sku = written.toUpperCase();
    const isLikely = /[0-9]/.test(sku) && sku.length >= 2 && sku.length <= longestSku;
    if (isLikely) candidates.push({ sku, text: written, start: index, end: index + sku.length });
    if (candidates.length === mostCandidates) break;
  }
  return candidates;
}

/** All that the rules of entities match, in their order; parts may overlap. Relative dates count from `now`. */
export function matchEntities(text: string, now: Date): TextEntity[] {
  return entityRules.flatMap((rule) => applyRule(rule, text, now));
}

/**
 * Finds what a text names, in the order of the text; no two overlap, and what comes first takes its part: the variants that
 * the store knows, then the rules. Offsets are UTF-16 code units of the text as it was given.
 */
export function pickEntities(
  {
    candidates,
    matches,
  }: { readonly candidates: readonly SkuCandidate[]; readonly matches: readonly TextEntity[] },
  skus: ReadonlySet<string>,
): TextEntity[] {
  const known = candidates.filter(({ sku }) => skus.has(sku));
  const all = [
    ...known.map(({ sku, start, end }) => ({
      entity: 'sku' as const,
      value: sku,
      start,
      end,
      confidence: 1,
    })),
    ...matches,
  ];
  const claimed = new Uint8Array(all.reduce((last, { end }) => Math.max(last, end), 0));
  const found = all.filter(({ start, end }) => {
    if (claimed.subarray(start, end).includes(1)) return false;
    claimed.fill(1, start, end);
    return true;
  });
  return found.sort((a, b) => a.start - b.start);
}

function applyRule({ entity, pattern, read }: EntityRule, text: string, now: Date): TextEntity[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const answer = read(match, now);
    if (answer === null) return [];
    const [start, end] = match.indices?.groups?.at ?? [match.index, match.index + match[0].length];
    return [{ entity, ...answer, start, end }];
  });
}
