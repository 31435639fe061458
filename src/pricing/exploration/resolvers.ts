import type { Resolvers } from '../../generated/graphql.ts';
import { toGlobalId } from '../../globalId.ts';
import { idempotencyOf } from '../../idempotencyOf.ts';

/** GraphQL fields of experiments with prices. */
export const priceExplorationResolvers: Pick<
  Resolvers,
  'Mutation' | 'Query' | 'PriceExplorationRun' | 'PriceExplorationItem'
> = {
  Mutation: {
    priceExplorationPlan: async (_, { input }, { services, loaders, modelRuns }, info) => {
      const outcome = await services.priceExploration.planExploration(input, {
        idempotency: idempotencyOf(info, input),
        onRun: (run) => modelRuns.push(run),
      });
      if (outcome.kind === 'refused') return { run: null, userErrors: outcome.userErrors };
      return { run: await loaders.priceExploration.runById.load(outcome.result), userErrors: [] };
    },
  },
  Query: {
    priceExplorationValue: async (_, { input }, { services }) => {
      const found = await services.priceExploration.findPolicyValue(input);
      const { doublyRobust, effectiveChoices, selfNormalised, clusters, ...others } = found;
      return {
        ...others,
        value: doublyRobust,
        selfNormalised: effectiveChoices > 0 ? selfNormalised : null,
        outcomes: input.outcomes.length,
        items: clusters,
        effectiveOutcomes: effectiveChoices,
      };
    },
    priceSwitchbackPlan: (_, { input }, { services }) => services.priceExploration.planSwitchback(input),
    priceSwitchbackEffect: (_, { input }, { services }) =>
      services.priceExploration.findSwitchbackEffect(input),
  },
  PriceExplorationRun: {
    id: ({ id }) => toGlobalId('PriceExplorationRun', id),
    model: ({ modelName, modelVersion }) => ({ name: modelName, version: modelVersion }),
    items: ({ id }, _, { loaders }) => loaders.priceExploration.itemsByRun.load(id),
  },
  PriceExplorationItem: {
    price: ({ prices, chosenIndex }) => prices[chosenIndex] ?? 0,
    propensity: ({ propensities, chosenIndex }) => propensities[chosenIndex] ?? 0,
    recommendedPrice: ({ prices, recommendedIndex }) => prices[recommendedIndex] ?? 0,
    currentPrice: ({ prices, currentIndex }) => prices[currentIndex] ?? 0,
    candidates: ({ prices, propensities, expectedResults }) =>
      prices.map((price, g) => ({
        price,
        propensity: propensities[g] ?? 0,
        expectedResult: expectedResults[g] ?? 0,
      })),
  },
};
