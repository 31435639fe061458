import type { Resolvers } from '../generated/graphql.ts';

/** GraphQL fields of triage. */
export const triageResolvers: Pick<Resolvers, 'Query' | 'TextTriage'> = {
  Query: {
    textTriage: (_, { input }, { services, modelRuns }) =>
      services.triage.triageTexts(input, (run) => modelRuns.push(run)),
  },
  TextTriage: {
    intentRanking: ({ ranking }) => ranking,
    isComplaint: ({ complaint }) => complaint,
    evidence: (result, _, { loaders }) => loaders.triage.evidenceByResult.load(result),
  },
};
