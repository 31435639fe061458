import type { PurchaseOrderStatus } from '../generated/graphql.ts';
import type { UserError } from '../mutationOutcome.ts';

/** Whether nothing more can be received or called off. */
export function isClosed(status: PurchaseOrderStatus): boolean {
  return status === 'RECEIVED' || status === 'CANCELLED';
}

/** Says that an order is closed. */
export function describeClosed(
  status: PurchaseOrderStatus,
  field: readonly string[],
): UserError<'ORDER_CLOSED'> {
  const message = `${field.join('.')} must be an OPEN or PARTIALLY_RECEIVED order, got one that is ${status}.`;
  return { code: 'ORDER_CLOSED', field, message };
}
