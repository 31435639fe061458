import type { Resolvers } from '../generated/graphql.ts';
import { listCurve } from './priceAdvice.ts';

/** GraphQL fields of pricing. */
export const pricingResolvers: Pick<Resolvers, 'Query' | 'PriceOptimizeItem'> = {
  Query: {
    plannedDemand: (_, { input }, { services }) => services.pricing.planDemand(input),
    priceOptimize: async (_, { input }, { services, modelRuns }) => {
      const advices = await services.pricing.optimizePrices(input, (run) => modelRuns.push(run));
      return { ...advices, model: services.pricing.model() };
    },
  },
  PriceOptimizeItem: {
    elasticity: ({ response }) => {
      const { isIdentified, ...elasticity } = response.elasticity;
      return { ...elasticity, identified: isIdentified };
    },
    curve: ({ candidates }) => listCurve(candidates),
    drivers: ({ drivers }) => drivers.map(({ name, share }) => ({ name, confidence: share })),
    markdownPath: ({ markdown }) => markdown?.path ?? null,
    markdownResult: ({ markdown }) => markdown?.result ?? null,
    markdownResultHeld: ({ markdown }) => markdown?.heldResult ?? null,
    warnings: ({ response }) => response.warnings,
    members: ({ response }) => response.members,
    effects: ({ response }) => response.effects,
  },
};
