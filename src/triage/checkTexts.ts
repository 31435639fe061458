import { badInputField } from '../errors.ts';
import { formatCount } from '../inputChecks.ts';

/** Texts of one request. */
const maximumTexts = 256;
/** Characters of one text, as UTF-16 code units. */
export const maximumCharacters = 10_000;

/** Checks the texts of a request; throws BAD_USER_INPUT naming the field, the limit and what was got. */
export function checkTexts(texts: readonly string[]): void {
  if (texts.length < 1 || texts.length > maximumTexts)
    throw badInputField('texts', `1 to ${maximumTexts} texts`, formatCount(texts.length));
  for (const [index, { length }] of texts.entries())
    if (length > maximumCharacters)
      throw badInputField(`texts.${index}`, 'at most 10,000 characters', formatCount(length));
}
