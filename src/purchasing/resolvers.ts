import { connectionFields } from '../database/connection.ts';
import { found } from '../found.ts';
import type {
  Maybe,
  MutationResolvers,
  PurchaseOrderCreateInput,
  PurchaseOrderFilter,
  Resolvers,
} from '../generated/graphql.ts';
import { fromGlobalId, type NodeType, toGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import type { Outcome } from '../mutationOutcome.ts';
import type { CreateInput } from './orderContent.ts';
import type { PurchaseOrderListFilter, PurchaseOrderRow } from './repository.ts';

const mutations: Pick<
  MutationResolvers,
  'purchaseOrderCreate' | 'purchaseOrderReceive' | 'purchaseOrderCancel'
> = {
  purchaseOrderCreate: async (_, { input }, { services }, info) =>
    toPayload(await services.purchasing.createOrder(toCreateInput(input), idempotencyOf(info, input))),
  purchaseOrderReceive: async (_, { input }, { services }, info) => {
    const purchaseOrderId = fromGlobalId('PurchaseOrder', input.purchaseOrderId, orderField);
    const lines = input.lines.map((line, index) => ({ ...line, variantId: readVariantId(line, index) }));
    const command = { ...input, purchaseOrderId, lines };
    return toPayload(await services.purchasing.receiveOrder(command, idempotencyOf(info, input)));
  },
  purchaseOrderCancel: async (_, { input }, { services }, info) => {
    const purchaseOrderId = fromGlobalId('PurchaseOrder', input.purchaseOrderId, orderField);
    const command = { ...input, purchaseOrderId };
    return toPayload(await services.purchasing.cancelOrder(command, idempotencyOf(info, input)));
  },
};

/** GraphQL fields of purchasing, `supplierOffers` of the catalogue's variants included. */
export const purchasingResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'ProductVariant'
  | 'Supplier'
  | 'SupplierConnection'
  | 'SupplierOffer'
  | 'PurchaseOrder'
  | 'PurchaseOrderConnection'
  | 'PurchaseOrderLine'
> = {
  Query: {
    suppliers: (_, page, { services }) => services.purchasing.listSuppliers(page),
    purchaseOrders: (_, { filter, orderBy, ...page }, { services }) =>
      services.purchasing.listPurchaseOrders(
        toFilter(filter),
        { field: orderBy?.field ?? 'ID', direction: orderBy?.direction ?? 'ASC' },
        page,
      ),
  },
  Mutation: mutations,
  ProductVariant: {
    supplierOffers: ({ id }, _, { loaders }) => loaders.purchasing.offersByVariant.load(id),
  },
  Supplier: { id: ({ id }) => toGlobalId('Supplier', id) },
  SupplierConnection: connectionFields,
  SupplierOffer: {
    id: ({ id }) => toGlobalId('SupplierOffer', id),
    supplier: async ({ supplierId }, _, { loaders }) =>
      found(await loaders.purchasing.supplierById.load(supplierId)),
    unitCost: ({ unitCost, currencyCode }) => ({ amount: unitCost, currencyCode }),
  },
  PurchaseOrder: {
    id: ({ id }) => toGlobalId('PurchaseOrder', id),
    supplier: async ({ supplierId }, _, { loaders }) =>
      found(await loaders.purchasing.supplierById.load(supplierId)),
    warehouse: async ({ warehouseId }, _, { loaders }) =>
      found(await loaders.inventory.warehouseById.load(warehouseId)),
    lines: ({ id, lines }, _, { loaders }) => lines ?? loaders.purchasing.linesByOrder.load(id),
    totalCost: async ({ id, currencyCode }, _, { loaders }) => ({
      amount: await loaders.purchasing.totalCostByOrder.load(id),
      currencyCode,
    }),
  },
  PurchaseOrderConnection: connectionFields,
  PurchaseOrderLine: {
    variant: async ({ variantId }, _, { loaders }) =>
      found(await loaders.catalogue.variantById.load(variantId)),
    unitCost: ({ unitCost, currencyCode }) => ({ amount: unitCost, currencyCode }),
  },
};

const orderField = ['input', 'purchaseOrderId'];

function toCreateInput(input: PurchaseOrderCreateInput): CreateInput {
  return {
    supplierId: toRowId('Supplier', input.supplierId, ['input', 'supplierId']),
    warehouseId: toRowId('Warehouse', input.warehouseId, ['input', 'warehouseId']),
    lines:
      input.lines?.map((line, index) => ({
        variantId: readVariantId(line, index),
        quantity: line.quantity,
      })) ?? null,
    proposalIds:
      input.proposalIds?.map((id, index) =>
        fromGlobalId('ReorderProposal', id, ['input', 'proposalIds', String(index)]),
      ) ?? null,
    expectedOn: input.expectedOn ?? null,
  };
}

function readVariantId({ variantId }: { readonly variantId: string }, index: number): number {
  return fromGlobalId('ProductVariant', variantId, ['input', 'lines', String(index), 'variantId']);
}

function toFilter(filter: Maybe<PurchaseOrderFilter> | undefined): PurchaseOrderListFilter {
  return {
    statuses: filter?.statuses,
    supplierId: toRowId('Supplier', filter?.supplierId, ['filter', 'supplierId']),
    warehouseId: toRowId('Warehouse', filter?.warehouseId, ['filter', 'warehouseId']),
    orderedAt: filter?.orderedAt,
  };
}

function toRowId(type: NodeType, id: string | null | undefined, field: readonly string[]): number | null {
  return id === null || id === undefined ? null : fromGlobalId(type, id, field);
}

function toPayload<Code extends string>(outcome: Outcome<PurchaseOrderRow, Code>) {
  return outcome.kind === 'done'
    ? { purchaseOrder: outcome.result, userErrors: [] }
    : { purchaseOrder: null, userErrors: outcome.userErrors };
}
