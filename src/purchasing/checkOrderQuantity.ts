import { formatCount } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';

/** Checks the units of one variant against the supplier's terms: the least order and whole packs. */
export function checkOrderQuantity(
  quantity: number,
  terms: { readonly minimumOrderQuantity: number; readonly packSize: number },
  field: readonly string[],
): UserError<'BELOW_MINIMUM_ORDER_QUANTITY' | 'NOT_A_PACK_MULTIPLE'>[] {
  const path = field.join('.');
  const errors: UserError<'BELOW_MINIMUM_ORDER_QUANTITY' | 'NOT_A_PACK_MULTIPLE'>[] = [];
  if (quantity < terms.minimumOrderQuantity) {
    const message = `${path} must be at least the minimum order quantity ${formatCount(terms.minimumOrderQuantity)}, got ${formatCount(quantity)} in all.`;
    errors.push({ code: 'BELOW_MINIMUM_ORDER_QUANTITY', field, message });
  }
  if (quantity % terms.packSize !== 0) {
    const message = `${path} must be a multiple of the pack size ${formatCount(terms.packSize)}, got ${formatCount(quantity)} in all.`;
    errors.push({ code: 'NOT_A_PACK_MULTIPLE', field, message });
  }
  return errors;
}
