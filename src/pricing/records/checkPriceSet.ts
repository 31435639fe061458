import { trimDecimals } from '../../exactMoney.ts';
import type { VariantPriceSetUserErrorCode as Code } from '../../generated/graphql.ts';
import { toGlobalId } from '../../globalId.ts';
import { checkLines, checkText, refuseBlanks } from '../../inputChecks.ts';
import type { UserError } from '../../mutationOutcome.ts';
import { isPrice, priceRule } from './amount.ts';
import type { PriceChangeResult } from './priceChange.ts';

/** One line of `variantPriceSet`; the id is a row id, amounts are decimals as text, days 'YYYY-MM-DD'. */
export type PriceLine = {
  readonly variantId: number;
  readonly price: string;
  readonly listPrice: string | null;
  readonly comparePrice: string | null;
  readonly currencyCode: string;
  readonly validFrom: string | null;
};
/** Input of `variantPriceSet`. */
export type PriceSetInput = {
  readonly actor: string;
  readonly reason: string;
  readonly ignoreComparePrice: boolean;
  readonly prices: readonly PriceLine[];
};

/** Most prices of a request. */
export const maximumPriceLines = 250;
/** Longest name of who changes prices, in characters. */
export const maximumActorLength = 100;

/** Checks what can be checked without the store. Throws BAD_USER_INPUT for an empty list and a text that is too long. */
export function checkPriceSet(input: PriceSetInput, today: string): UserError<Code>[] {
  const { actor, reason, prices } = input;
  checkText(actor, ['input', 'actor'], maximumActorLength);
  checkText(reason, ['input', 'reason']);
  const first = new Map(prices.map(({ variantId }, index) => [variantId, index] as const).reverse());
  return [
    ...refuseBlanks<Code>('BLANK', { actor, reason }),
    ...checkLines<PriceLine, Code>('prices', prices, maximumPriceLines, (line, field, index) => [
      ...checkAmounts(line, field),
      ...checkCompared(line, field, input.ignoreComparePrice),
      ...checkDay(line, field, today),
      ...checkNamedOnce(field, index, first.get(line.variantId) ?? index),
    ]),
  ];
}

/** The refusal of a line whose change was refused, if it was. */
export function toPriceError(result: PriceChangeResult, line: PriceLine, index: number): UserError<Code>[] {
  const field = ['input', 'prices', String(index)];
  switch (result.kind) {
    case 'unknownVariant':
      return [
        refuse(
          'NOT_FOUND',
          [...field, 'variantId'],
          'the id of an existing ProductVariant',
          `'${toGlobalId('ProductVariant', line.variantId)}'`,
        ),
      ];
    case 'stale': {
      const present = trimDecimals(result.present.price);
      const rule = `the price that holds before this one, ${present}`;
      return [refuse('COMPARE_PRICE_STALE', [...field, 'comparePrice'], rule, line.comparePrice ?? 'none')];
    }
    case 'currencyMismatch': {
      const rule = `the currency of its variant, ${result.currencyCode}`;
      return [refuse('CURRENCY_MISMATCH', [...field, 'currencyCode'], rule, line.currencyCode)];
    }
    case 'listPriceBelowPrice':
      return [
        refuse(
          'INVALID_PRICE',
          [...field, 'listPrice'],
          `at least the price ${result.price}`,
          result.listPrice,
        ),
      ];
    default:
      return [];
  }
}

function checkAmounts(line: PriceLine, field: readonly string[]): UserError<Code>[] {
  return (['price', 'listPrice', 'comparePrice'] as const).flatMap((name) => {
    const amount = line[name];
    if (amount === null || isPrice(amount)) return [];
    return [refuse('INVALID_PRICE', [...field, name], priceRule, amount)];
  });
}

function checkCompared(
  { comparePrice }: PriceLine,
  field: readonly string[],
  isIgnored: boolean,
): UserError<Code>[] {
  if (isIgnored || comparePrice !== null) return [];
  const rule = 'given unless ignoreComparePrice is true';
  return [refuse('COMPARE_PRICE_REQUIRED', [...field, 'comparePrice'], rule, 'null')];
}

function checkDay({ validFrom }: PriceLine, field: readonly string[], today: string): UserError<Code>[] {
  if (validFrom === null || validFrom >= today) return [];
  return [refuse('VALID_FROM_PASSED', [...field, 'validFrom'], `${today} (today, UTC) or later`, validFrom)];
}

function checkNamedOnce(field: readonly string[], index: number, first: number): UserError<Code>[] {
  if (index === first) return [];
  const message = `${field.join('.')} must name a variant of its own, got that of input.prices.${first}.`;
  return [{ code: 'DUPLICATE_VARIANT', field, message }];
}

function refuse(code: Code, field: readonly string[], rule: string, got: string): UserError<Code> {
  return { code, field, message: `${field.join('.')} must be ${rule}, got ${got}.` };
}
