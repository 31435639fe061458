import { notFound } from '../../inputChecks.ts';
import type { UserError } from '../../mutationOutcome.ts';

/** A line of an input that names a variant (row id) and the currency its amount is in. */
export type CurrencyLine = { readonly variantId: number; readonly currencyCode: string };

/** The refusal of a line whose variant does not exist or has another currency, if there is one; `currencies` are by row id. */
export function checkCurrency(
  { variantId, currencyCode }: CurrencyLine,
  field: readonly string[],
  currencies: ReadonlyMap<number, string>,
): UserError<'NOT_FOUND' | 'CURRENCY_MISMATCH'>[] {
  const currency = currencies.get(variantId);
  if (currency === undefined) return [notFound('ProductVariant', variantId, [...field, 'variantId'])];
  if (currency === currencyCode) return [];
  const path = [...field, 'currencyCode'];
  const message = `${path.join('.')} must be the currency of its variant, ${currency}, got ${currencyCode}.`;
  return [{ code: 'CURRENCY_MISMATCH', field: path, message }];
}
