import type { Sql } from '../database/sql.ts';
import type { PurchaseOrderCreateUserErrorCode as Code } from '../generated/graphql.ts';
import { notFound } from '../inputChecks.ts';
import type { InventoryService } from '../inventory/service.ts';
import { done, type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { checkOrderQuantity } from './checkOrderQuantity.ts';
import { expectedDay } from './expectedDay.ts';
import { type CreateInput, type OrderContent, type OrderedLine, readContent } from './orderContent.ts';
import { orderDocument } from './orderDocument.ts';
import { findEnds, insertOrder, listOfferedVariants, type OfferedVariant } from './orderRepository.ts';
import type { ProposalOrders } from './proposalOrders.ts';
import type { PurchaseOrderRow, SupplierOfferRow } from './repository.ts';
import { sumByVariant } from './sumByVariant.ts';

/** What purchasing needs of other domains to make an order. */
export type CreateDependencies = {
  readonly inventory: Pick<InventoryService, 'applyChanges'>;
  readonly proposals: ProposalOrders;
};

type PricedLine = {
  readonly variantId: number;
  readonly quantity: number;
  readonly unitCost: string;
  readonly offer: SupplierOfferRow;
};

/** Orders from a supplier at its present terms and counts the units as incoming. */
export async function createOrder(
  tx: Sql,
  input: CreateInput,
  now: Date,
  { inventory, proposals }: CreateDependencies,
): Promise<Outcome<PurchaseOrderRow, Code>> {
  const content = await readContent(tx, input, proposals);
  if ('userErrors' in content) return refused(...content.userErrors);
  const { supplierId, warehouseId, proposalIds } = content;
  const lines = await priceLines(tx, content);
  if ('userErrors' in lines) return refused(...lines.userErrors);
  const order = await insertOrder(tx, {
    supplierId,
    warehouseId,
    currencyCode: lines[0]?.offer.currencyCode ?? '',
    orderedAt: now,
    expectedOn:
      input.expectedOn ??
      expectedDay(
        now,
        lines.map(({ offer }) => offer.leadTimeDaysMean),
      ),
    lines,
  });
  if (proposalIds.length > 0) await proposals.markApplied(tx, proposalIds, order.id, now);
  const changes = lines.map(({ variantId, quantity }) => ({
    variantId,
    warehouseId,
    name: 'INCOMING' as const,
    type: 'RECEIPT' as const,
    delta: quantity,
  }));
  await inventory.applyChanges(tx, changes, orderDocument(order, `Order ${order.number}`), now);
  return done(order);
}

async function priceLines(
  tx: Sql,
  { supplierId, warehouseId, lines }: OrderContent,
): Promise<PricedLine[] | { readonly userErrors: readonly UserError<Code>[] }> {
  const ends = await findEnds(tx, supplierId, warehouseId);
  const userErrors: UserError<Code>[] = [
    ...(ends.hasSupplier ? [] : [notFound('Supplier', supplierId, ['input', 'supplierId'])]),
    ...(ends.hasWarehouse ? [] : [notFound('Warehouse', warehouseId, ['input', 'warehouseId'])]),
  ];
  if (userErrors.length > 0) return { userErrors };
  const sums = sumByVariant(lines.map((line) => ({ ...line, damagedQuantity: 0 })));
  const offered = await listOfferedVariants(
    tx,
    supplierId,
    sums.map(({ variantId }) => variantId),
  );
  const byVariant = new Map(offered.map((variant) => [variant.variantId, variant]));
  const currencyCode = offered.find(({ offer }) => offer !== null)?.offer?.currencyCode;
  const priced = sums.flatMap(({ variantId, quantity, firstLine }): PricedLine[] => {
    const line = lines[firstLine];
    if (line === undefined) return [];
    const errors = checkLine({ ...line, quantity }, byVariant.get(variantId), currencyCode);
    userErrors.push(...errors);
    const offer = byVariant.get(variantId)?.offer;
    return offer === null || offer === undefined
      ? []
      : [{ variantId, quantity, unitCost: offer.unitCost, offer }];
  });
  return userErrors.length > 0 ? { userErrors } : priced;
}

function checkLine(
  { variantId, quantity, variantField, quantityField }: OrderedLine,
  variant: OfferedVariant | undefined,
  currencyCode: string | undefined,
): UserError<Code>[] {
  if (variant === undefined) return [notFound('ProductVariant', variantId, variantField)];
  const path = variantField.join('.');
  if (variant.offer === null) {
    const message = `${path} must be a variant that the supplier offers, got one without an offer.`;
    return [{ code: 'NOT_OFFERED', field: variantField, message }];
  }
  if (variant.offer.currencyCode !== currencyCode) {
    const message = `${path} must be offered in ${currencyCode} as the rest of the order is, got ${variant.offer.currencyCode}.`;
    return [{ code: 'NOT_OFFERED', field: variantField, message }];
  }
  return checkOrderQuantity(quantity, variant.offer, quantityField);
}
