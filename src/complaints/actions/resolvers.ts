import type { Context } from '../../context.ts';
import type { ComplaintActionKind, Resolvers } from '../../generated/graphql.ts';
import type { ComplaintFacts } from './facts.ts';
import { factsOf, termsOf } from './storedDecision.ts';

/** GraphQL fields of recommendations about complaints, beside those that all recommendations share. */
export const complaintRecommendationResolvers: Pick<
  Resolvers,
  'Complaint' | 'ComplaintRecommendation' | 'ComplaintFacts' | 'ComplaintAction'
> = {
  Complaint: {
    recommendations: ({ id }, _, { loaders }) => loaders.recommendations.recommendationsByComplaint.load(id),
  },
  ComplaintRecommendation: {
    complaint: ({ subjectId }, _, { loaders }) => loaders.complaints.complaintById.load(subjectId),
    action: ({ action }) => action as ComplaintActionKind, // as a decision wrote it
    variant: (row, _, { loaders }) => {
      const { variantId } = termsOf(row);
      return variantId === null ? null : loaders.catalogue.variantById.load(variantId);
    },
    warehouse: (row, _, context) => findWarehouse(termsOf(row).warehouseId, context),
    supplier: (row, _, { loaders }) => {
      const { supplierId } = termsOf(row);
      return supplierId === null ? null : loaders.purchasing.supplierById.load(supplierId);
    },
    purchaseOrder: (row, _, context) => findOrder(termsOf(row).purchaseOrderId, context),
    shipmentReference: (row) => termsOf(row).shipmentReference,
    quantity: (row) => termsOf(row).quantity,
    amount: (row) => toMoney(termsOf(row).amount, termsOf(row).currencyCode),
    queue: (row) => termsOf(row).queue,
    facts: (row) => factsOf(row),
    outcome: ({ id }, _, { loaders }) => loaders.complaints.actionByRecommendation.load(id),
  },
  ComplaintFacts: {
    unitPrice: ({ unitPrice, currencyCode }) => toMoney(unitPrice, currencyCode),
    refundable: ({ refundable, currencyCode }) => toMoney(refundable, currencyCode),
    stockWarehouse: ({ stockWarehouseId }, _, context) => findWarehouse(stockWarehouseId, context),
    homeWarehouse: ({ homeWarehouseId }, _, context) => findWarehouse(homeWarehouseId, context),
    purchaseOrder: ({ purchaseOrderId }: ComplaintFacts, _, context) => findOrder(purchaseOrderId, context),
  },
  ComplaintAction: {
    amount: ({ amount, currencyCode }) => toMoney(amount, currencyCode),
    reservation: ({ reservationId }, _, { loaders }) =>
      reservationId === null ? null : loaders.inventory.reservationById.load(reservationId),
  },
};

function toMoney(amount: string | null, currencyCode: string | null) {
  return amount === null || currencyCode === null ? null : { amount, currencyCode };
}

function findWarehouse(id: number | null, { loaders }: Context) {
  return id === null ? null : loaders.inventory.warehouseById.load(id);
}

function findOrder(id: number | null, { loaders }: Context) {
  return id === null ? null : loaders.purchasing.purchaseOrderById.load(id);
}
