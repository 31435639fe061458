import { found } from '../../found.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { fromGlobalId } from '../../globalId.ts';
import { idempotencyOf } from '../../idempotencyOf.ts';

/** The mutation that has prices recommended over the catalogue. */
export const refreshMutation: Pick<MutationResolvers, 'priceRecommendationsRefresh'> = {
  priceRecommendationsRefresh: async (_, { input }, { services, loaders }, info) => {
    const { categoryIds, variantIds, constraints, objective, frequency, horizon, dryRun } = input;
    const toRowIds = (type: 'Category' | 'ProductVariant', ids: readonly string[] | null | undefined) => {
      const name = type === 'Category' ? 'categoryIds' : 'variantIds';
      return ids?.map((id, index) => fromGlobalId(type, id, ['input', name, String(index)])) ?? null;
    };
    const outcome = await services.priceRefresh.start(
      {
        categoryIds: toRowIds('Category', categoryIds),
        variantIds: toRowIds('ProductVariant', variantIds),
        constraints: constraints ?? null,
        objective,
        frequency,
        horizon,
        isDryRun: dryRun,
        requestedBy: input.requestedBy ?? null,
      },
      idempotencyOf(info, input),
    );
    return outcome.kind === 'refused'
      ? { job: null, userErrors: outcome.userErrors }
      : { job: found(await loaders.jobs.jobById.load(outcome.result)), userErrors: [] };
  },
};
