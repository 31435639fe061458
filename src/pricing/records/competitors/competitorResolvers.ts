import { connectionFields } from '../../../database/connection.ts';
import type { CompetitorPriceFilter, Resolvers } from '../../../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../../../globalId.ts';
import { idempotencyOf } from '../../../idempotencyOf.ts';
import type { CompetitorPriceFilter as ListFilter } from './competitorRepository.ts';

/** GraphQL fields of competitors' prices. */
export const competitorResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'ProductVariant' | 'CompetitorPrice' | 'CompetitorPriceConnection'
> = {
  Query: {
    competitorPrices: (_, { filter, ...page }, { services }) =>
      services.priceRecords.listCompetitorPrices(toFilter(filter), page),
  },
  Mutation: {
    competitorPriceRecord: async (_, { input }, { services }, info) => {
      const prices = input.prices.map(({ variantId, observedAt, ...line }, index) => ({
        ...line,
        variantId: fromGlobalId('ProductVariant', variantId, ['input', 'prices', String(index), 'variantId']),
        observedAt: observedAt.toISOString(),
      }));
      const outcome = await services.priceRecords.recordCompetitorPrices(
        { source: input.source, prices },
        idempotencyOf(info, input),
      );
      return outcome.kind === 'refused'
        ? { recorded: 0, userErrors: outcome.userErrors }
        : { recorded: outcome.result, userErrors: [] };
    },
  },
  ProductVariant: {
    competitorPrices: ({ id }, _, { loaders }) => loaders.priceRecords.competitorPricesByVariant.load(id),
  },
  CompetitorPrice: {
    id: ({ id }) => toGlobalId('CompetitorPrice', id),
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    price: ({ price, currencyCode }) => ({ amount: price, currencyCode }),
  },
  CompetitorPriceConnection: connectionFields,
};

function toFilter(filter: CompetitorPriceFilter | null | undefined): ListFilter {
  return {
    ...filter,
    variantIds:
      filter?.variantIds?.map((id, index) =>
        fromGlobalId('ProductVariant', id, ['filter', 'variantIds', String(index)]),
      ) ?? null,
  };
}
