/** Matches words in any case; the patterns below cannot ignore case, since capitals tell names from words. */
function anyCase(words: string): string {
  return words.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const nameWord = "\\p{Lu}[\\p{L}'’-]{1,30}";
const nameWords = `${nameWord}(?: ${nameWord}){0,2}`;
const farewells = anyCase(
  '(?:kind |best |warm |many )?(?:regards|wishes|thanks|greetings)|cheers|sincerely|yours(?: (?:sincerely|faithfully|truly))?|thank you|best',
);
/** Kinds of street that are no other word in lower case. */
const plainStreets = anyCase('street|road|avenue|lane|boulevard|crescent|terrace');
const capitalStreets =
  'St|Rd|Ave|Ln|Blvd|Drive|Court|Square|Close|Gardens|Highway|Way|Place|Row|Hill|Mews|Parade';
const streetWord = "(?!(?:the|a|an|on|in|of|at|my|your|this|that|and) )[\\p{L}'’.-]{1,30} ";
const town = "(?:,? (?:\\p{Lu}[\\p{L}'’-]{1,30} ?){1,3})?(?:,? \\p{Lu}{2})?(?:,? \\d{5}(?:-\\d{4})?(?!\\d))?";

/**
 * What is masked, with the word that takes its place. Order matters: a card number would pass for a telephone number.
 * Every repetition is bounded, so that no text makes the search slow. Names are found only where they are introduced ("my
 * name is", a title, a farewell at the end of a line) and written with a capital; addresses by house number and kind of
 * street, or as British postcodes. Others stay.
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
  [
    new RegExp(
      `(?<![\\p{L}\\p{N}])\\d{1,5}[a-zA-Z]?,? (?:(?:${streetWord}){1,3}(?:${plainStreets})|(?:${nameWord} ){1,3}(?:${capitalStreets}))(?![\\p{L}\\p{N}])${town}`,
      'gu',
    ),
    '[address]',
  ],
  [
    new RegExp(
      `(?<![\\p{L}\\p{N}])\\p{Lu}[\\p{L}-]{1,30}(?:straße|strasse|str\\.|weg|platz|gasse|allee) \\d{1,4}[a-z]?(?!\\d)(?:,? \\d{5} ${nameWord})?`,
      'gu',
    ),
    '[address]',
  ],
  [/(?<![\p{L}\p{N}])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![\p{L}\p{N}])/gu, '[postcode]'],
  [new RegExp(`(?<=(?<!\\p{L})${anyCase('my name is')} )${nameWords}`, 'gu'), '[name]'],
  [new RegExp(`(?<=(?<!\\p{L})(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau)\\.? )${nameWords}`, 'gu'), '[name]'],
  [
    new RegExp(
      `(?<=(?:^|[\\n.!?])\\s{0,4}(?:${farewells})[,.!]?\\s{1,4})${nameWords}(?=[ \\t]{0,4}[.!]?[ \\t]{0,4}(?:\\n|$))`,
      'gu',
    ),
    '[name]',
  ],
];
/** Characters that are not seen, by which a number could be hidden from the masks. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

/**
 * Puts a word in brackets in place of each e-mail address, link, account, card or telephone number, and of names and
 * addresses as far as the rules find them; characters that are not seen are left out, since they could hide one.
 */
export function maskPersonalData(text: string): string {
  let masked = text.replace(invisible, '');
  for (const [pattern, word] of masks) masked = masked.replace(pattern, word);
  return masked;
}
