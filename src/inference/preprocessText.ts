import { maskText } from './textMasks.ts';

/** What opens a part that is left out whole, and what ends it; without an end nothing is left out. */
const blocks: readonly (readonly [open: RegExp, close: RegExp])[] = [
  [/<script[^>]{0,2000}>/gu, /<\/script *>/gu],
  [/<style[^>]{0,2000}>/gu, /<\/style *>/gu],
  [/<!--/gu, /-->/gu],
];
const tag = /<\/?[a-z!][^<>]{0,2000}>/gu;
const apostrophe = /&(?:#0?39|apos|rsquo|lsquo|#8217|#x27);/gu;
const entity = /&(?:[a-z]{2,8}|#[0-9]{1,6}|#x[0-9a-f]{1,6});/gu;

/**
 * Cleans, lower-cases and masks a text (any string): Unicode NFKC; white space of any kind a space; control,
 * format, private-use characters and lone surrogates removed; markup a space; personal data and numbers
 * placeholder words. The same as `training/supplygraph_training/triage/preprocess.py`; both are held against
 * `test/triage/preprocessCases.json`.
 */
export function preprocessText(text: string): string {
  let clean = text
    .normalize('NFKC')
    .replace(/[\t\n\v\f\r\x85\p{Z}]/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .toLowerCase();
  for (const [open, close] of blocks) clean = removeBlocks(clean, open, close);
  clean = clean.replace(tag, ' ').replace(apostrophe, "'").replaceAll('&amp;', '&').replace(entity, ' ');
  return maskText(clean).replace(/ {2,}/gu, ' ').replace(/^ | $/gu, '');
}

/** One pass over the text: a regular expression would look for the end again from every opening. */
function removeBlocks(text: string, open: RegExp, close: RegExp): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const begin = findFrom(open, text, from);
    const end = begin && findFrom(close, text, begin.index + begin[0].length);
    if (begin === null || end === null) return kept + text.slice(from);
    kept += `${text.slice(from, begin.index)} `;
    from = end.index + end[0].length;
  }
}

function findFrom(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
