/**
 * Rules that put placeholder words where a text names a person's data, a number or an address: those of
 * `training/supplygraph_training/triage/masks.py`, in the same order. Every repetition is bounded.
 */

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';
const year = '(?:,? [0-9]{4})?';
const day = '[0-9]{1,2}(?:st|nd|rd|th)?';
const currency = '(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks|cents?|€|£|[$])';

const masks: readonly (readonly [pattern: RegExp, word: string])[] = (
  [
    ['(?:https?://|www[.])[^ <>"]{1,2000}', 'weblink'],
    ['[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}[.][a-z]{2,24}', 'emailaddress'],
    ['[{][{][^{}]{0,20}(?:order|invoice|tracking|number)[^{}]{0,20}[}][}]', 'ordernumber'],
    ['[{][{][^{}]{0,20}(?:amount|money|currency|price)[^{}]{0,20}[}][}]', 'moneyamount'],
    ['[{][{][^{}]{0,20}(?:date|time|month|day)[^{}]{0,20}[}][}]', 'calendardate'],
    ['[{][{][^{}]{0,20}e-?mail[^{}]{0,20}[}][}]', 'emailaddress'],
    ['[{][{][^{}]{0,20}phone[^{}]{0,20}[}][}]', 'phonenumber'],
    ['[{][{][^{}]{0,20}(?:url|link|website)[^{}]{0,20}[}][}]', 'weblink'],
    ['[{]{2}|[}]{2}', ''],
    ['(?<=order )[a-z]{0,5}-?[0-9]{4,20}(?![a-z0-9])', 'ordernumber'],
    ['(?<=purchase )[a-z]{0,5}-?[0-9]{4,20}(?![a-z0-9])', 'ordernumber'],
    ['(?<![a-z0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])', 'cardnumber'],
    ['(?<![0-9])[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])', 'calendardate'],
    ['(?<![0-9])[0-9]{1,2}([/.-])[0-9]{1,2}\\1(?:[0-9]{4}|[0-9]{2})(?![0-9])', 'calendardate'],
    [`(?<![a-z0-9])${day} (?:of )?${month}${year}(?![a-z0-9])`, 'calendardate'],
    [`(?<![a-z0-9])${month}[.]? ${day}${year}(?![a-z0-9])`, 'calendardate'],
    ['[$€£¥₹] ?[0-9][0-9.,]{0,20}', 'moneyamount'],
    [`(?<![a-z0-9])[0-9]{1,12}(?:[.,][0-9]{1,9}){0,4} ?${currency}(?![a-z])`, 'moneyamount'],
    ['[+][0-9]{1,3}(?:[ .-]?[0-9]){7,12}(?![0-9])', 'phonenumber'],
    ['(?<![a-z0-9])[(]?[0-9]{3,4}[)]?[ .-][0-9]{3}[ .-]?[0-9]{3,4}(?![0-9])', 'phonenumber'],
    ['#[ ]?[a-z-]{0,6}[0-9][a-z0-9-]{0,20}', 'ordernumber'],
    ['(?<![a-z0-9])[a-z]{0,5}-?[0-9]{5,20}(?![a-z0-9])', 'ordernumber'],
    ['(?<![a-z0-9])[a-z]{2,5}-[0-9]{3,20}(?![a-z0-9])', 'ordernumber'],
  ] as const
).map(([pattern, word]) => [new RegExp(pattern, 'gu'), ` ${word} `]);

/** Words that stand for masked text. */
export const placeholders: ReadonlySet<string> = new Set(
  masks.map(([, word]) => word.trim()).filter((word) => word !== ''),
);

/** Puts placeholder words, with a space on either side, in place of all that a rule matches in lower-cased text. */
export function maskText(text: string): string {
  let masked = text;
  for (const [pattern, word] of masks) masked = masked.replace(pattern, word);
  return masked;
}
