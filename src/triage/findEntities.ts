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
const skuPattern = /(?<![\w-])[A-Za-z0-9][A-Za-z0-9._/-]{1,39}(?![\w-])/g;

/** Parts of a text that may name a variant: 2 to 40 letters, digits and marks, with a digit among them. */
export function listSkuCandidates(text: string): SkuCandidate[] {
  return [...text.matchAll(skuPattern)].flatMap(({ 0: match, index }) => {
    const written = match.replace(/[._/-]+$/, '');
    const sku = written.toUpperCase();
    const isLikely = /[0-9]/.test(sku) && sku.length >= 2 && sku.length <= longestSku;
    return isLikely ? [{ sku, text: written, start: index, end: index + sku.length }] : [];
  });
}

/**
 * Finds what a text names, by rules, in the order of the text; no two overlap. Offsets are UTF-16 code units of
 * the text as it was given. Relative dates count from `now`; `skus` are the variants that the store knows.
 */
export function findEntities(text: string, now: Date, skus: ReadonlySet<string>): TextEntity[] {
  const claimed = new Uint8Array(text.length);
  const found: TextEntity[] = [];
  const claim = (entity: TextEntity) => {
    if (claimed.subarray(entity.start, entity.end).includes(1)) return;
    claimed.fill(1, entity.start, entity.end);
    found.push(entity);
  };
  for (const { sku, start, end } of listSkuCandidates(text))
    if (skus.has(sku)) claim({ entity: 'sku', value: sku, start, end, confidence: 1 });
  for (const rule of entityRules) for (const entity of applyRule(rule, text, now)) claim(entity);
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
