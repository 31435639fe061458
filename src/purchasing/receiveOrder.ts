import type { Sql } from '../database/sql.ts';
import type { PurchaseOrderReceiveUserErrorCode as Code } from '../generated/graphql.ts';
import { checkLines, checkQuantity, checkReason, formatCount, notFound } from '../inputChecks.ts';
import type { InventoryService } from '../inventory/service.ts';
import { done, type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import type { PriceRecordsService } from '../pricing/records/service.ts';
import { orderDocument } from './orderDocument.ts';
import { addReceived, lockOrder, setStatus } from './orderRepository.ts';
import { describeClosed, isClosed } from './orderState.ts';
import type { PurchaseOrderRow } from './repository.ts';
import { sumByVariant, type VariantLine, type VariantSum } from './sumByVariant.ts';

/** Units that arrived; ids are row ids. */
export type ReceiveInput = {
  readonly purchaseOrderId: number;
  readonly reason: string;
  readonly lines: readonly VariantLine[];
};

/** What purchasing needs of other domains to receive an order. */
export type ReceiveDependencies = {
  readonly inventory: Pick<InventoryService, 'applyChanges'>;
  readonly costs: Pick<PriceRecordsService, 'recordReceivedCosts'>;
};

const maximumLines = 500;
const maximumQuantity = 1_000_000;

/**
 * Receives all or part of an order into its warehouse: onHand rises by what arrived, incoming falls by the same,
 * damaged rises by the units among them that cannot be sold. What they cost goes into the history of unit costs.
 */
export async function receiveOrder(
  tx: Sql,
  input: ReceiveInput,
  now: Date,
  { inventory, costs }: ReceiveDependencies,
): Promise<Outcome<PurchaseOrderRow, Code>> {
  const errors = checkInput(input);
  if (errors.length > 0) return refused(...errors);
  const field = ['input', 'purchaseOrderId'];
  const order = await lockOrder(tx, input.purchaseOrderId);
  if (order === null) return refused(notFound('PurchaseOrder', input.purchaseOrderId, field));
  if (isClosed(order.status)) return refused(describeClosed(order.status, field));
  const receipts = sumByVariant(input.lines);
  const wrong = checkReceipts(receipts, order);
  if (wrong.length > 0) return refused(...wrong);
  await addReceived(tx, order.id, receipts);
  const changes = receipts.flatMap(({ variantId, quantity, damagedQuantity }) => {
    const change = { variantId, warehouseId: order.warehouseId, type: 'RECEIPT' as const };
    return [
      { ...change, name: 'INCOMING' as const, delta: -quantity },
      { ...change, name: 'ON_HAND' as const, delta: quantity },
      { ...change, name: 'DAMAGED' as const, delta: damagedQuantity },
    ];
  });
  await inventory.applyChanges(tx, changes, orderDocument(order, input.reason), now);
  await costs.recordReceivedCosts(tx, listCosts(receipts, order), order.number, now);
  return done(
    await setStatus(tx, order.id, isAllReceived(order, receipts) ? 'RECEIVED' : 'PARTIALLY_RECEIVED'),
  );
}

function checkInput({ reason, lines }: ReceiveInput): UserError<Code>[] {
  return [
    ...checkReason(reason),
    ...checkLines('lines', lines, maximumLines, ({ quantity, damagedQuantity }, line) => {
      const whole = { field: [...line, 'quantity'], value: quantity, minimum: 1, maximum: maximumQuantity };
      const errors = checkQuantity(whole);
      if (errors.length > 0) return errors;
      const field = [...line, 'damagedQuantity'];
      return checkQuantity({ field, value: damagedQuantity, minimum: 0, maximum: quantity });
    }),
  ];
}

function checkReceipts(
  receipts: readonly VariantSum[],
  order: Required<PurchaseOrderRow>,
): UserError<'NOT_ORDERED' | 'MORE_THAN_ORDERED'>[] {
  const lines = new Map(order.lines.map((line) => [line.variantId, line]));
  return receipts.flatMap(
    ({ variantId, quantity, firstLine }): UserError<'NOT_ORDERED' | 'MORE_THAN_ORDERED'>[] => {
      const path = ['input', 'lines', String(firstLine)];
      const line = lines.get(variantId);
      if (line === undefined) {
        const field = [...path, 'variantId'];
        const message = `${field.join('.')} must be a variant of ${order.number}, got another.`;
        return [{ code: 'NOT_ORDERED', field, message }];
      }
      const open = line.quantity - line.receivedQuantity;
      if (quantity <= open) return [];
      const field = [...path, 'quantity'];
      const message = `${field.join('.')} must be at most the ${formatCount(open)} units still to come, got ${formatCount(quantity)} in all.`;
      return [{ code: 'MORE_THAN_ORDERED', field, message }];
    },
  );
}

function listCosts(receipts: readonly VariantSum[], { lines, currencyCode }: Required<PurchaseOrderRow>) {
  const costs = new Map(lines.map(({ variantId, unitCost }) => [variantId, unitCost]));
  return receipts.flatMap(({ variantId }) => {
    const cost = costs.get(variantId);
    return cost === undefined ? [] : [{ variantId, cost, currencyCode }];
  });
}

function isAllReceived(order: Required<PurchaseOrderRow>, receipts: readonly VariantSum[]): boolean {
  const arrived = new Map(receipts.map((receipt) => [receipt.variantId, receipt.quantity]));
  return order.lines.every(
    (line) => line.receivedQuantity + (arrived.get(line.variantId) ?? 0) === line.quantity,
  );
}
