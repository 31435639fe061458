import { connectionFields } from '../database/connection.ts';
import { found } from '../found.ts';
import type { ReorderProposalFilter, Resolvers } from '../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import type { ProposalFilter } from './repository.ts';
import { planLevels } from './service.ts';

const shownProposals = 1_000;

/** GraphQL fields of replenishment. */
export const replenishmentResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'ProductVariant' | 'ReorderProposal' | 'ReorderProposalConnection'
> = {
  Query: {
    replenishmentPlan: async (_, { input }, { services, modelRuns }) => {
      const plans = await services.replenishment.planItems(input, (run) => modelRuns.push(run));
      const items = plans.map(({ protectionDemand, orderCost, ...plan }, index) => ({
        ...plan,
        id: input.items[index]?.id ?? '',
        orderCost: orderCost?.toFixed(4) ?? null,
        protectionDemand: planLevels.map((level, column) => ({
          level,
          value: protectionDemand[column] ?? 0,
        })),
      }));
      return { items, model: services.forecasting.model };
    },
    reorderProposals: (_, { filter, ...page }, { services }) =>
      services.replenishment.listProposals(toFilter(filter), page),
  },
  Mutation: {
    reorderProposalsGenerate: async (_, { input }, { services, loaders }, info) => {
      const { variantIds, serviceLevel, reviewDays } = input;
      const ids = variantIds?.map((id, index) =>
        fromGlobalId('ProductVariant', id, ['input', 'variantIds', String(index)]),
      );
      const command = { variantIds: ids ?? null, serviceLevel, reviewDays };
      const outcome = await services.replenishment.generateProposals(command, idempotencyOf(info, input));
      if (outcome.kind === 'refused')
        return {
          proposals: null,
          proposedCount: 0,
          consideredCount: 0,
          userErrors: outcome.userErrors,
        };
      const { proposalIds, consideredCount } = outcome.result;
      const shown = await loaders.replenishment.proposalById.loadMany(proposalIds.slice(0, shownProposals));
      return { proposals: toRows(shown), proposedCount: proposalIds.length, consideredCount, userErrors: [] };
    },
    reorderProposalDecide: async (_, { input }, { services, loaders }, info) => {
      const { decision, actor, reason } = input;
      const proposalIds = input.proposalIds.map((id, index) =>
        fromGlobalId('ReorderProposal', id, ['input', 'proposalIds', String(index)]),
      );
      const command = { proposalIds, decision, actor, reason: reason ?? null };
      const outcome = await services.replenishment.decideProposals(command, idempotencyOf(info, input));
      if (outcome.kind === 'refused') return { proposals: null, userErrors: outcome.userErrors };
      return {
        proposals: toRows(await loaders.replenishment.proposalById.loadMany(outcome.result)),
        userErrors: [],
      };
    },
  },
  ProductVariant: {
    reorderProposal: async ({ id }, { serviceLevel, reviewDays }, { loaders }) => {
      const order = await loaders.replenishment.reorderByVariant.load(id, { serviceLevel, reviewDays });
      return order === null ? null : { ...order, supplierOffer: order.offer };
    },
  },
  ReorderProposal: {
    id: ({ id }) => toGlobalId('ReorderProposal', id),
    variant: async ({ variantId }, _, { loaders }) =>
      found(await loaders.catalogue.variantById.load(variantId)),
    warehouse: async ({ warehouseId }, _, { loaders }) =>
      found(await loaders.inventory.warehouseById.load(warehouseId)),
    supplierOffer: async ({ supplierOfferId }, _, { loaders }) =>
      found(await loaders.purchasing.offerById.load(supplierOfferId)),
    purchaseOrder: ({ purchaseOrderId }, _, { loaders }) =>
      purchaseOrderId === null ? null : loaders.purchasing.purchaseOrderById.load(purchaseOrderId),
    model: ({ modelName, modelVersion }) => ({ name: modelName, version: modelVersion }),
  },
  ReorderProposalConnection: connectionFields,
};

function toRows<Row>(rows: readonly (Row | Error | null)[]): Row[] {
  return rows.filter((row): row is Row => row !== null && !(row instanceof Error));
}

function toFilter(filter: ReorderProposalFilter | null | undefined): ProposalFilter {
  if (filter === null || filter === undefined) return {};
  const { supplierId, variantIds, ...rest } = filter;
  return {
    ...rest,
    supplierId: supplierId == null ? null : fromGlobalId('Supplier', supplierId, ['filter', 'supplierId']),
    variantIds:
      variantIds?.map((id, index) =>
        fromGlobalId('ProductVariant', id, ['filter', 'variantIds', String(index)]),
      ) ?? null,
  };
}
