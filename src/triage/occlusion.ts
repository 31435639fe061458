import type { TextSpan } from './triageResult.ts';

/** A text with its windows and, in the same order, the text without each of them. */
export type Occlusion = {
  readonly windows: readonly Omit<TextSpan, 'weight'>[];
  /** The text as far as the model can read it. */
  readonly whole: string;
  readonly without: readonly string[];
};

/** Model rows that one request's evidence takes at most, but for the least number of windows. */
const rowsOfRequest = 512;
const fewestWindows = 7;
const mostWindows = 32;
const mostSpans = 5;

/** Windows that each of `texts` texts can have: 7 to 32, so that up to 64 texts fit one model run of 512 rows. */
export function windowsPerText(texts: number): number {
  return Math.min(mostWindows, Math.max(fewestWindows, Math.floor(rowsOfRequest / texts) - 1));
}

/**
 * Cuts a text into at most `windows` runs of equally many words, and leaves each out in turn (occlusion, Zeiler and
 * Fergus 2014, section 2.1). Words behind the first `longest` are not looked at: the model cannot read them.
 */
export function occlude(text: string, windows: number, longest: number): Occlusion {
  const words = [...text.matchAll(/[^\s]+/gu)].slice(0, longest);
  const size = Math.max(1, Math.ceil(words.length / windows));
  const end = endOf(words.at(-1));
  const whole = text.slice(0, end);
  const spans = [];
  for (let from = 0; from < words.length; from += size) {
    const [start, stop] = [words[from]?.index ?? 0, endOf(words[Math.min(from + size, words.length) - 1])];
    spans.push({ text: text.slice(start, stop), start, end: stop });
  }
  const without = spans.map((span) => `${whole.slice(0, span.start)} ${whole.slice(span.end)}`);
  return { windows: spans, whole, without };
}

/**
 * The windows without which the probability falls, heaviest first, at most five.
 *
 * @param probability of the whole text
 * @param probabilities without each window
 */
export function weighWindows(
  { windows }: Occlusion,
  probability: number,
  probabilities: readonly number[],
): TextSpan[] {
  return windows
    .map((window, index) => ({ ...window, weight: probability - (probabilities[index] ?? probability) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, mostSpans);
}

function endOf(word: RegExpMatchArray | undefined): number {
  return word === undefined ? 0 : (word.index ?? 0) + word[0].length;
}
