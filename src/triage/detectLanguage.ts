import { eld } from 'eld/small';
import type { ScoredLabel } from './triageResult.ts';

/** Score by which a language must lead English to be believed: English in chat spelling was at most .21 behind. */
const leastLead = 0.15;
/** Letters below which a text in Latin script says too little about its language. */
const fewestLetters = 8;
/** Share of common English words from which a text counts as English whatever its letters look like. */
const englishShare = 1 / 3;

/** Words of messages to shops that English alone, or nearly alone, spells like this. */
const englishWords = new Set(
  `a about account address again and any app are arrive arrived asap awesome back bad been broken brok buy
  cancel cancelled can't cant card change charged cheers complaint customer damaged dat days delayed delete
  delivered delivery didnt do does dont don't ever found get give gonna got great hacked have hello help her
  hey hi his how i idk invoice it item its late log login lost mad me missing money my name need never new
  not now of omg opened order ordered our paid parcel password pay payment paypal please pls plz problem
  purchase received refund return review say send sent service shipped shipping should sign signup size
  sorry still stuff subscribe sucks switch talk terrible thank thanks that the their there they thing this
  thx tnx to top track tracking trash u unsubscribe up ur useless user wanna want was wat we weeks what when
  where wheres who why will with won't wont working worst would wrong y you your`.split(/\s+/),
);

/**
 * Tells the language of a preprocessed text without placeholder words, as ISO 639-1; the confidence is the
 * detector's score of 0 to 1, a likeness and no probability. `und`, at 0, where a text is too short to tell.
 * English with slang, typos and foreign-looking names must not be taken for another language, so another
 * one needs a clear lead over it.
 */
export function detectLanguage(text: string): ScoredLabel {
  const result = eld.detect(text);
  const scores = result.getScores();
  const english = scores.en ?? 0;
  const found = { name: result.language, confidence: Math.min(1, scores[result.language] ?? 0) };
  const letters = countLetters(text, /\p{L}/gu);
  if (result.language === 'en') return found;
  const isLatin = countLetters(text, /\p{Script=Latin}/gu) * 2 > letters;
  if (!isLatin) return result.language === '' ? guessByScript(text) : found;
  if (shareOfEnglish(text) >= englishShare) return { name: 'en', confidence: Math.min(1, english) };
  const isClear = letters >= fewestLetters && found.confidence - english >= leastLead;
  return isClear && result.language !== '' ? found : unknown;
}

/** Languages that most texts in a script are in, for texts that are too short for the detector. */
const scripts: readonly (readonly [script: RegExp, language: string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Thai}/u, 'th'],
];
const scriptConfidence = 0.5;

const unknown: ScoredLabel = { name: 'und', confidence: 0 };

function guessByScript(text: string): ScoredLabel {
  const guess = scripts.find(([script]) => script.test(text));
  return guess === undefined ? unknown : { name: guess[1], confidence: scriptConfidence };
}

function countLetters(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function shareOfEnglish(text: string): number {
  const words = text.match(/[\p{L}']+/gu) ?? [];
  return words.filter((word) => englishWords.has(word)).length / Math.max(1, words.length);
}
