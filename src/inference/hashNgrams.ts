import { longestWord, splitWords } from './wordPiece.ts';

/** What the linear member of the triage ensemble reads of a text: numbers of its n-grams, and 1 + ln of their counts. */
export type Ngrams = { readonly ids: readonly number[]; readonly weights: readonly number[] };

/** Words and pairs of words have the first numbers, runs of characters those behind them; powers of two. */
const [wordBuckets, characterBuckets] = [2 ** 16, 2 ** 16];
/** From so many n-grams on no further word is read. */
const mostNgrams = 1024;
const [basis, prime] = [0x811c9dc5, 0x01000193];
const [shortestRun, longestRun] = [2, 5];
/** Words whose n-grams are remembered; a full memory starts anew. */
const rememberedWords = 20_000;
const known = new Map<string, readonly number[]>();

/**
 * Finds the n-grams of a preprocessed text: each word, each pair of neighbours, and each word's runs of 2 to 5 characters
 * with a space on either side, hashed by FNV-1a over code points (Fowler, Noll and Vo). The same as
 * `training/supplygraph_training/triage/ngrams.py`; both are held against `test/triage/ngramCases.json`.
 */
export function hashNgrams(text: string): Ngrams {
  const counts = new Map<number, number>();
  const count = (id: number) => counts.set(id, (counts.get(id) ?? 0) + 1);
  let before: string | undefined;
  for (const word of splitWords(text)) {
    if (counts.size >= mostNgrams) break;
    for (const id of idsOfWord(word)) count(id);
    if (before !== undefined) count(fold(hash(` ${word}`, hash(before)), wordBuckets));
    before = word;
  }
  return { ids: [...counts.keys()], weights: [...counts.values()].map((times) => 1 + Math.log(times)) };
}

function idsOfWord(word: string): readonly number[] {
  let ids = known.get(word);
  if (ids === undefined) {
    const characters = [...word];
    const runs = characters.length > longestWord ? [] : hashRuns([' ', ...characters, ' ']);
    ids = [fold(hash(word), wordBuckets), ...runs.map((run) => wordBuckets + fold(run, characterBuckets))];
    if (known.size >= rememberedWords) known.clear();
    known.set(word, ids);
  }
  return ids;
}

/** Runs that begin at one place share the hash of their beginning. */
function hashRuns(characters: readonly string[]): number[] {
  const runs: number[] = [];
  for (let start = 0; start <= characters.length - shortestRun; start += 1) {
    let value = basis;
    for (const [index, character] of characters.slice(start, start + longestRun).entries()) {
      value = step(value, character);
      if (index + 1 >= shortestRun) runs.push(value);
    }
  }
  return runs;
}

function hash(text: string, from = basis): number {
  let value = from;
  for (const character of text) value = step(value, character);
  return value;
}

function step(value: number, character: string): number {
  return Math.imul(value ^ (character.codePointAt(0) ?? 0), prime) >>> 0;
}

/** The upper half is folded onto the lower one before it is cut off. */
function fold(value: number, buckets: number): number {
  return (value ^ (value >>> 16)) & (buckets - 1);
}
