import { connectionFields } from '../database/connection.ts';
import { found } from '../found.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { toGlobalId } from '../globalId.ts';
import { jobKinds } from './jobKinds.ts';
import type { JobRow } from './repository.ts';

/** Fields that every type of job shares. */
const jobFields = {
  id: ({ id, kind }: JobRow) => toGlobalId(jobKinds[kind].nodeType, id),
  progress: ({ state, done, total }: JobRow) =>
    state === 'COMPLETED' ? 1 : total === null || total === 0 ? 0 : done / total,
};

/** GraphQL fields of jobs. */
export const jobsResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'Job'
  | 'JobConnection'
  | 'NightlyPlanJob'
  | 'BacktestJob'
  | 'ComplaintTriageJob'
  | 'PriceRecommendationJob'
> = {
  Query: {
    jobs: (_, { filter, ...page }, { services }) => services.jobs.listJobs(filter ?? {}, page),
  },
  Mutation: {
    jobCancel: async (_, { input }, { services, loaders }) => {
      const outcome = await services.jobs.cancelJob(input.id);
      return outcome.kind === 'refused'
        ? { job: null, userErrors: outcome.userErrors }
        : { job: found(await loaders.jobs.jobById.load(outcome.result)), userErrors: [] };
    },
  },
  Job: { __resolveType: ({ kind }) => jobKinds[kind].nodeType },
  JobConnection: connectionFields,
  NightlyPlanJob: jobFields,
  BacktestJob: jobFields,
  ComplaintTriageJob: jobFields,
  PriceRecommendationJob: jobFields,
};
