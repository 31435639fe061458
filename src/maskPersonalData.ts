/**
 * What is masked, with the word that takes its place. Order matters: a card number would pass for a telephone number.
 * Every repetition is bounded, so that no text makes the search slow. Names and postal addresses are not found.
 */
const masks: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/(?:https?:\/\/|www\.)[^\s<>"]{1,2000}/giu, '[link]'],
  [/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,255}\.\p{L}{2,24}/gu, '[email]'],
  [
    /(?<![\p{L}\p{N}])\p{Lu}{2}\d{2}(?: ?[\p{Lu}\d]{4}){2,7}(?: ?[\p{Lu}\d]{1,3})?(?![\p{L}\p{N}])/gu,
    '[account]',
  ],
  [/(?<![\p{L}\p{N}])\d(?:[ -]?\d){12,18}(?!\d)/gu, '[card]'],
  [/\+\d{1,3}(?:[ ./()-]{0,2}\d){6,13}(?!\d)/gu, '[phone]'],
  [/(?<![\p{L}\p{N}])\(?0?\d{2,5}\)?[ ./-]\d{3,4}[ ./-]?\d{3,5}(?!\d)/gu, '[phone]'],
  [/(?<![\p{L}\p{N}#-])0\d{8,13}(?!\d)/gu, '[phone]'],
];
/** Characters that are not seen, by which a number could be hidden from the masks. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

/**
 * Puts a word in brackets in place of each e-mail address, link, account, card or telephone number; characters that are
 * not seen are left out, since they could hide one.
 */
export function maskPersonalData(text: string): string {
  let masked = text.replace(invisible, '');
  for (const [pattern, word] of masks) masked = masked.replace(pattern, word);
  return masked;
}
