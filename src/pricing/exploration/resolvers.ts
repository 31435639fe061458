import type { Resolvers } from '../../generated/graphql.ts';

/** GraphQL fields of experiments with prices. */
export const priceExplorationResolvers: Pick<Resolvers, 'Query'> = {
  Query: {
    priceSwitchbackPlan: (_, { input }, { services }) => services.priceExploration.planSwitchback(input),
    priceSwitchbackEffect: (_, { input }, { services }) =>
      services.priceExploration.findSwitchbackEffect(input),
  },
};
