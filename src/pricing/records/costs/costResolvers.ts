import type { Resolvers } from '../../../generated/graphql.ts';
import { fromGlobalId } from '../../../globalId.ts';
import { idempotencyOf } from '../../../idempotencyOf.ts';

/** GraphQL fields of unit costs. */
export const costResolvers: Pick<Resolvers, 'Mutation' | 'ProductVariant' | 'UnitCost'> = {
  Mutation: {
    unitCostRecord: async (_, { input }, { services }, info) => {
      const costs = input.costs.map(({ variantId, ...line }, index) => ({
        ...line,
        variantId: fromGlobalId('ProductVariant', variantId, ['input', 'costs', String(index), 'variantId']),
      }));
      const command = { actor: input.actor, reference: input.reference ?? null, costs };
      const outcome = await services.priceRecords.recordCosts(command, idempotencyOf(info, input));
      return outcome.kind === 'refused'
        ? { recorded: 0, userErrors: outcome.userErrors }
        : { recorded: outcome.result, userErrors: [] };
    },
  },
  ProductVariant: {
    unitCost: ({ id }, { at }, { loaders }) => loaders.priceRecords.costByVariant.load(id, at ?? null),
    unitCostHistory: ({ id }, _, { loaders }) => loaders.priceRecords.costsByVariant.load(id),
  },
  UnitCost: {
    cost: ({ cost, currencyCode }) => ({ amount: cost, currencyCode }),
  },
};
