import { readAmount } from './readAmount.ts';
import { readIsoDate, readNamedDate, readNumericDate, readRelativeDate } from './readDate.ts';
import type { TextEntity } from './triageResult.ts';

/** How one kind of entity is found; `read` gets the groups of a match and answers null where it is none after all. */
export type EntityRule = {
  readonly entity: TextEntity['entity'];
  /** With the flags `d` and `g`; every repetition is bounded. The entity is group 1 where there is a group `at`. */
  readonly pattern: RegExp;
  readonly read: (
    match: RegExpMatchArray,
    now: Date,
  ) => { readonly value: string; readonly confidence: number } | null;
};

const month =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const day = '(?<day>[0-9]{1,2})(?:st|nd|rd|th)?';
const year = '(?:,? (?<year>[0-9]{4}))?';
const count = '(?:[0-9]{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)';
const unit = '(?:day|week|month|year)s?';
const weekday = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';
const symbol = '[$€£¥₹]';
const currency = '(?:usd|eur|gbp|jpy|inr|dollars?|euros?|pounds?|rupees?|bucks?|cents?)';
const digits = '[0-9]{1,12}(?:[.,][0-9]{1,9}){0,4}';

/** The rules in the order in which they claim their part of a text. */
export const entityRules: readonly EntityRule[] = [
  rule('email', '[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}[.][a-z]{2,24}', ([email]) => ({
    value: `${email.slice(0, 1)}***@***${email.slice(email.lastIndexOf('.'))}`,
    confidence: 0.99,
  })),
  rule(
    'order_number',
    '(?<![a-z])(?:order|purchase|invoice)(?:\\s{1,3}(?:number|no[.]?|num|id|nr[.]?))?(?:\\s{1,3}is)?\\s{0,3}[:#]?\\s{0,3}(?<at>[a-z]{0,5}-?[0-9]{3,20})(?![a-z0-9]|[ -][0-9]{4})',
    (match) => order(match, 0.95),
  ),
  rule('card_number', '(?<![a-z0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])', ([number]) => readCard(number)),
  rule('date', '(?<![0-9])([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])', (match) =>
    readIsoDate(match.slice(1)),
  ),
  rule('date', '(?<![0-9])([0-9]{1,2})([/.-])([0-9]{1,2})\\2([0-9]{4}|[0-9]{2})(?![0-9])', (match) =>
    readNumericDate(match.slice(1)),
  ),
  rule('date', `(?<![a-z0-9])${day} (?:of )?${month}${year}(?![a-z0-9])`, readMonthDay),
  rule('date', `(?<![a-z0-9])${month}[.]? ${day}${year}(?![a-z0-9])`, readMonthDay),
  rule(
    'date',
    `(?<![a-z0-9])(?:today|tonight|yesterday|tomorrow|${count}\\s{1,3}${unit}\\s{1,3}ago|in\\s{1,3}${count}\\s{1,3}${unit}|(?:last|next)\\s{1,3}(?:week|month|year|${weekday}))(?![a-z0-9])`,
    ([text], now) => readRelativeDate(text, now),
  ),
  rule('amount', `(${symbol}) ?(${digits})(?![0-9])`, ([, sign = '', number = '']) => money(number, sign)),
  rule('amount', `(?<![a-z0-9])(${currency}) ?(${digits})(?![0-9])`, ([, name = '', number = '']) =>
    money(number, name),
  ),
  rule(
    'amount',
    `(?<![a-z0-9.,])(${digits}) ?(${symbol}|${currency}(?![a-z]))`,
    ([, number = '', name = '']) => money(number, name),
  ),
  rule('phone', '[+][0-9]{1,3}(?:[ .-]?[(]?[0-9][)]?){7,12}(?![0-9])', ([phone]) => hide(phone, 0.95)),
  rule('phone', '(?<![a-z0-9])[(]?[0-9]{3,4}[)]?[ .-][0-9]{3}[ .-]?[0-9]{3,4}(?![0-9])', ([phone]) =>
    hide(phone, 0.8),
  ),
  rule('order_number', '#[ ]?(?<at>[a-z-]{0,6}[0-9][a-z0-9-]{2,20})', (match) => order(match, 0.9)),
  rule('order_number', '(?<![a-z0-9-])(?<at>[a-z]{2,5}-[0-9]{3,20})(?![a-z0-9])', (match) =>
    order(match, 0.7),
  ),
  rule('order_number', '(?<![a-z0-9.,-])(?<at>[0-9]{6,20})(?![a-z0-9.,-]?[0-9a-z])', (match) =>
    order(match, 0.5),
  ),
];

function rule(
  entity: TextEntity['entity'],
  pattern: string,
  // A match always has its whole text first.
  read: (match: RegExpMatchArray & { 0: string }, now: Date) => ReturnType<EntityRule['read']>,
): EntityRule {
  return { entity, pattern: new RegExp(pattern, 'dgi'), read };
}

function readMonthDay({ groups = {} }: RegExpMatchArray, now: Date): ReturnType<EntityRule['read']> {
  return readNamedDate({ day: groups.day ?? '', month: groups.month ?? '', year: groups.year }, now);
}

function money(number: string, currencyName: string): ReturnType<EntityRule['read']> {
  const value = readAmount(number, currencyName);
  return value === null ? null : { value, confidence: 0.95 };
}

function hide(phone: string, confidence: number): ReturnType<EntityRule['read']> {
  return { value: `***${phone.replace(/\D/g, '').slice(-2)}`, confidence };
}

function order({ groups }: RegExpMatchArray, confidence: number): ReturnType<EntityRule['read']> {
  return { value: (groups?.at ?? '').toUpperCase(), confidence };
}

/** Surer where the check digit is right (Luhn, US patent 2,950,048); a number that fails may still be mistyped. */
function readCard(number: string): ReturnType<EntityRule['read']> {
  const figures = [...number.replace(/\D/g, '')].reverse().map(Number);
  const sum = figures.reduce((total, figure, index) => {
    const doubled = index % 2 === 1 ? 2 * figure : figure;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return { value: `**** ${number.replace(/\D/g, '').slice(-4)}`, confidence: sum % 10 === 0 ? 0.98 : 0.6 };
}
