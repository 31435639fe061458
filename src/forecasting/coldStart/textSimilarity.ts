/** How alike short texts are, by the words they share. */

/**
 * The words of a text: lower case, without accents and punctuation, at least two letters or digits, a plural's s cut.
 * Plain on purpose: names of products are short and hold few inflected words.
 */
export function readWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (plain.match(/[\p{L}\p{N}]{2,}/gu) ?? []).map((word) =>
    word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word,
  );
}

/**
 * Makes a measure of likeness to each of these texts: the cosine of their TF-IDF vectors, 0 (no word shared) to 1, in the
 * order of the texts. A word counts its frequency in the text times ln((1 + N) / (1 + n)) + 1, N being the number of
 * texts and n of those that have it.
 *
 * Source: C. D. Manning, P. Raghavan and H. Schütze, Introduction to Information Retrieval (2008), §6.2–6.3.
 */
export function makeTextSimilarity(texts: readonly string[]): (text: string) => Float64Array {
  const documents = texts.map(countWords);
  const postings = new Map<string, { readonly document: number; readonly count: number }[]>();
  for (const [document, words] of documents.entries())
    for (const [word, count] of words) {
      const list = postings.get(word) ?? [];
      postings.set(word, list);
      list.push({ document, count });
    }
  const rarity = (word: string) => Math.log((1 + texts.length) / (1 + (postings.get(word)?.length ?? 0))) + 1;
  const lengthOf = (words: ReadonlyMap<string, number>) => {
    let squares = 0;
    for (const [word, count] of words) squares += (count * rarity(word)) ** 2;
    return Math.sqrt(squares);
  };
  const lengths = documents.map(lengthOf);
  return (text) => {
    const words = countWords(text);
    const length = lengthOf(words);
    const cosines = new Float64Array(texts.length);
    for (const [word, own] of words)
      for (const { document, count } of postings.get(word) ?? [])
        cosines[document] =
          (cosines[document] ?? 0) +
          (own * count * rarity(word) ** 2) / (length * (lengths[document] ?? Number.POSITIVE_INFINITY));
    return cosines;
  };
}

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of readWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
