import { found } from '../found.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { idempotencyOf } from '../idempotencyOf.ts';

/** GraphQL fields of the nightly plan. */
export const nightlyResolvers: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    nightlyPlanRun: async (_, { input }, { services, loaders }, info) => {
      const { serviceLevel, reviewDays, requestedBy = null } = input;
      const outcome = await services.nightly.start(
        { serviceLevel, reviewDays, requestedBy },
        idempotencyOf(info, input),
      );
      return outcome.kind === 'refused'
        ? { job: null, userErrors: outcome.userErrors }
        : { job: found(await loaders.jobs.jobById.load(outcome.result)), userErrors: [] };
    },
  },
};
