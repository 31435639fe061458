import { connectionFields } from '../../database/connection.ts';
import { found } from '../../found.ts';
import type { ForecastOverrideFilter, Resolvers } from '../../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../../globalId.ts';
import { idempotencyOf } from '../../idempotencyOf.ts';
import type { OverrideListFilter } from './overrideRepository.ts';

/** GraphQL fields of planners' overrides. */
export const overrideResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'ForecastOverride' | 'ForecastOverrideConnection'
> = {
  Query: {
    forecastOverrides: (_, { filter, ...page }, { services }) =>
      services.overrides.listOverrides(toFilter(filter), page),
    forecastValueAdded: (_, { from, to, author }, { services }) =>
      services.overrides.measureValueAdded({ from: from ?? null, to: to ?? null, author: author ?? null }),
  },
  Mutation: {
    forecastOverrideSet: async (_, { input }, { services, loaders }, info) => {
      const overrides = input.overrides.map(({ variantId, from, to, units, factor }, index) => ({
        variantId: fromGlobalId('ProductVariant', variantId, [
          'input',
          'overrides',
          String(index),
          'variantId',
        ]),
        from,
        to,
        units: units ?? null,
        factor: factor ?? null,
      }));
      const { reason, author } = input;
      const command = { overrides, reason, author };
      const outcome = await services.overrides.setOverrides(command, idempotencyOf(info, input));
      if (outcome.kind === 'refused') return { overrides: null, userErrors: outcome.userErrors };
      return { overrides: await loaders.overrides.loadAll(outcome.result), userErrors: [] };
    },
    forecastOverrideRemove: async (_, { input }, { services, loaders }, info) => {
      const overrideIds = input.overrideIds.map((id, index) =>
        fromGlobalId('ForecastOverride', id, ['input', 'overrideIds', String(index)]),
      );
      const { reason, author } = input;
      const command = { overrideIds, reason, author };
      const outcome = await services.overrides.removeOverrides(command, idempotencyOf(info, input));
      if (outcome.kind === 'refused') return { overrides: null, userErrors: outcome.userErrors };
      return { overrides: await loaders.overrides.loadAll(outcome.result), userErrors: [] };
    },
  },
  ForecastOverride: {
    id: ({ id }) => toGlobalId('ForecastOverride', id),
    variant: async ({ variantId }, _, { loaders }) =>
      found(await loaders.catalogue.variantById.load(variantId)),
    removal: ({ removalReason, removalAuthor, removedAt }) =>
      removedAt === null
        ? null
        : { reason: removalReason ?? '', author: removalAuthor ?? '', createdAt: removedAt },
  },
  ForecastOverrideConnection: connectionFields,
};

function toFilter(filter: ForecastOverrideFilter | null | undefined): OverrideListFilter {
  if (filter === null || filter === undefined) return {};
  const { variantIds, ...rest } = filter;
  return {
    ...rest,
    variantIds:
      variantIds?.map((id, index) =>
        fromGlobalId('ProductVariant', id, ['filter', 'variantIds', String(index)]),
      ) ?? null,
  };
}
