import type { Sql } from '../database/sql.ts';
import type { PurchaseOrderCancelUserErrorCode as Code } from '../generated/graphql.ts';
import { checkReason, notFound } from '../inputChecks.ts';
import type { InventoryService } from '../inventory/service.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { orderDocument } from './orderDocument.ts';
import { lockOrder, setStatus } from './orderRepository.ts';
import { describeClosed, isClosed } from './orderState.ts';
import type { PurchaseOrderRow } from './repository.ts';

/** An order to call off; the id is a row id. */
export type CancelInput = { readonly purchaseOrderId: number; readonly reason: string };

/** Calls off what has not been received: incoming falls by it; what was received stays. */
export async function cancelOrder(
  tx: Sql,
  input: CancelInput,
  now: Date,
  inventory: Pick<InventoryService, 'applyChanges'>,
): Promise<Outcome<PurchaseOrderRow, Code>> {
  const blank = checkReason(input.reason);
  if (blank.length > 0) return refused(...blank);
  const field = ['input', 'purchaseOrderId'];
  const order = await lockOrder(tx, input.purchaseOrderId);
  if (order === null) return refused(notFound('PurchaseOrder', input.purchaseOrderId, field));
  if (isClosed(order.status)) return refused(describeClosed(order.status, field));
  const changes = order.lines.map(({ variantId, quantity, receivedQuantity }) => ({
    variantId,
    warehouseId: order.warehouseId,
    name: 'INCOMING' as const,
    type: 'RECEIPT' as const,
    delta: receivedQuantity - quantity,
  }));
  await inventory.applyChanges(tx, changes, orderDocument(order, input.reason), now);
  return done(await setStatus(tx, order.id, 'CANCELLED'));
}
