/** Cuts texts into the numbered pieces of a vocabulary. */
export type WordPiece = {
  /** Ids of a preprocessed text, `[CLS]` first, `[SEP]` last, at most `maximumTokens`; what is beyond is cut off. */
  encode(text: string, maximumTokens: number): number[];
};

/** Code points; a longer word is `[UNK]`. */
export const longestWord = 100;
/** Words whose pieces are remembered; a full memory starts anew. */
const rememberedWords = 50_000;

const standsAlone =
  '\\p{P}!-/:-@\\[-`{-~\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff' +
  '\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}';
const word = new RegExp(`[${standsAlone}]|[^ ${standsAlone}]+`, 'gu');

/** Cuts preprocessed text into words: no accents, CJK characters and punctuation apart. */
export function splitWords(text: string): readonly string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{Mn}+/gu, '')
      .match(word) ?? []
  );
}

/**
 * Makes the tokeniser of a vocabulary, one token a line, its number being the line's: BERT's basic
 * tokenisation and longest-match-first pieces (Devlin et al. 2019; Wu et al. 2016), as
 * `training/supplygraph_training/triage/tokenise.py` does it.
 *
 * @throws Error where a special token is missing
 */
export function makeWordPiece(vocabulary: readonly string[]): WordPiece {
  const ids = new Map(vocabulary.map((token, number) => [token, number]));
  const [unknown, cls, sep] = ['[UNK]', '[CLS]', '[SEP]'].map((token) => findId(ids, token)) as [
    number,
    number,
    number,
  ]; // three tokens, three ids
  const known = new Map<string, readonly number[]>();
  const encodeWord = (one: string): readonly number[] => {
    if (one.length > longestWord && [...one].length > longestWord) return [unknown];
    let pieces = known.get(one);
    if (pieces === undefined) {
      pieces = splitWord(one, ids) ?? [unknown];
      if (known.size >= rememberedWords) known.clear();
      known.set(one, pieces);
    }
    return pieces;
  };
  return {
    encode(text, maximumTokens) {
      const encoded = [cls];
      for (const one of splitWords(text)) {
        encoded.push(...encodeWord(one));
        if (encoded.length >= maximumTokens) break;
      }
      return [...encoded.slice(0, maximumTokens - 1), sep];
    },
  };
}

function findId(ids: ReadonlyMap<string, number>, token: string): number {
  const id = ids.get(token);
  if (id === undefined) throw new Error(`The vocabulary must have the token ${token}, and it has not.`);
  return id;
}

/** Ids of a word's pieces, or undefined where some part has none. */
function splitWord(one: string, ids: ReadonlyMap<string, number>): readonly number[] | undefined {
  const pieces: number[] = [];
  let start = 0;
  while (start < one.length) {
    let end = one.length;
    let id: number | undefined;
    for (; end > start; end -= 1) {
      id = ids.get((start > 0 ? '##' : '') + one.slice(start, end));
      if (id !== undefined) break;
    }
    if (id === undefined) return undefined;
    pieces.push(id);
    start = end;
  }
  return pieces;
}
