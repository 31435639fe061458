import type {
  PriceListCreateUserErrorCode as CreateCode,
  PriceListEntriesSetUserErrorCode as EntriesCode,
} from '../../../generated/graphql.ts';
import { checkLines, checkText, isBlank, notFound } from '../../../inputChecks.ts';
import type { UserError } from '../../../mutationOutcome.ts';
import { isPrice, priceRule } from '../amount.ts';
import type { EntryLine, PriceListTerms } from './listRepository.ts';

/** Input of `priceListEntriesSet`; ids are row ids. */
export type EntriesInput = {
  readonly priceListId: number;
  readonly currencyCode: string;
  readonly entries: readonly EntryLine[];
};

/** Longest name, customer group and channel, in characters. */
export const maximumNameLength = 100;

const maximumLines = 1_000;
const maximumPriority = 1_000;

/** Checks what a list is to be. Throws BAD_USER_INPUT for a text that is too long. */
export function checkTerms(terms: PriceListTerms): UserError<CreateCode>[] {
  const { name, customerGroup, channel, validFrom, validTo, priority } = terms;
  const errors: UserError<CreateCode>[] = [];
  for (const [field, text] of Object.entries({ name, customerGroup, channel })) {
    if (text === null) continue;
    checkText(text, ['input', field], maximumNameLength);
    if (isBlank(text))
      errors.push(refuse('BLANK', field, 'a text with a character that can be seen', 'none'));
  }
  if (validFrom !== null && validTo !== null && validTo <= validFrom)
    errors.push(
      refuse(
        'INVALID_PERIOD',
        'validTo',
        `after validFrom, ${validFrom.toISOString()}`,
        validTo.toISOString(),
      ),
    );
  if (priority < 0 || priority > maximumPriority)
    errors.push(refuse('INVALID_PRIORITY', 'priority', '0 to 1,000', String(priority)));
  return errors;
}

/** The refusal of a name that another list has. */
export function nameTaken(name: string): UserError<'NAME_TAKEN'> {
  return refuse('NAME_TAKEN', 'name', 'a name that no other price list has', `'${name}'`);
}

/** Checks entries against the currency of their list and the variants that exist. Throws BAD_USER_INPUT for an empty list. */
export function checkEntries(
  { currencyCode, entries }: EntriesInput,
  { listCurrency, known }: { readonly listCurrency: string; readonly known: ReadonlySet<number> },
): UserError<EntriesCode>[] {
  const first = new Map(entries.map(({ variantId }, index) => [variantId, index] as const).reverse());
  return [
    ...(currencyCode === listCurrency
      ? []
      : [
          refuse<EntriesCode>(
            'CURRENCY_MISMATCH',
            'currencyCode',
            `the currency of the price list, ${listCurrency}`,
            currencyCode,
          ),
        ]),
    ...checkLines<EntryLine, EntriesCode>('entries', entries, maximumLines, (line, field, index) => {
      const errors: UserError<EntriesCode>[] = [];
      if (!known.has(line.variantId))
        errors.push(notFound('ProductVariant', line.variantId, [...field, 'variantId']));
      if (line.price !== null && !isPrice(line.price)) {
        const message = `${[...field, 'price'].join('.')} must be ${priceRule}, got ${line.price}.`;
        errors.push({ code: 'INVALID_PRICE', field: [...field, 'price'], message });
      }
      const other = first.get(line.variantId) ?? index;
      if (other !== index) {
        const message = `${field.join('.')} must name a variant of its own, got that of input.entries.${other}.`;
        errors.push({ code: 'DUPLICATE_VARIANT', field, message });
      }
      return errors;
    }),
  ];
}

function refuse<Code extends string>(code: Code, field: string, rule: string, got: string): UserError<Code> {
  return { code, field: ['input', field], message: `input.${field} must be ${rule}, got ${got}.` };
}
