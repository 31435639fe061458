import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { backtestingResolvers } from '../backtesting/resolvers.ts';
import { catalogueResolvers } from '../catalogue/resolvers.ts';
import { complaintRecommendationResolvers } from '../complaints/actions/resolvers.ts';
import { complaintsResolvers } from '../complaints/resolvers.ts';
import { overrideResolvers } from '../forecasting/overrides/overrideResolvers.ts';
import { forecastingResolvers } from '../forecasting/resolvers.ts';
import { inventoryResolvers } from '../inventory/resolvers.ts';
import { jobsResolvers } from '../jobs/resolvers.ts';
import { modelsResolvers } from '../models/resolvers.ts';
import { nightlyResolvers } from '../nightly/resolvers.ts';
import { priceExplorationResolvers } from '../pricing/exploration/resolvers.ts';
import { priceProposalsResolvers } from '../pricing/proposals/resolvers.ts';
import { competitorResolvers } from '../pricing/records/competitors/competitorResolvers.ts';
import { costResolvers } from '../pricing/records/costs/costResolvers.ts';
import { listResolvers } from '../pricing/records/lists/listResolvers.ts';
import { priceRecordsResolvers } from '../pricing/records/resolvers.ts';
import { pricingResolvers } from '../pricing/resolvers.ts';
import { projectFile } from '../projectRoot.ts';
import { purchasingResolvers } from '../purchasing/resolvers.ts';
import { recommendationsResolvers } from '../recommendations/resolvers.ts';
import { replenishmentResolvers } from '../replenishment/resolvers.ts';
import { salesResolvers } from '../sales/resolvers.ts';
import { signalsResolvers } from '../signals/resolvers.ts';
import { triageResolvers } from '../triage/resolvers.ts';
import { nodeResolvers } from './nodeResolvers.ts';
import { scalarResolvers } from './scalars.ts';

/** Binds the resolvers of every domain to `schema.graphql`. */
export function makeSchema(): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs: readFileSync(projectFile('schema.graphql'), 'utf8'),
    resolvers: [
      scalarResolvers,
      nodeResolvers,
      catalogueResolvers,
      priceRecordsResolvers,
      competitorResolvers,
      priceExplorationResolvers,
      costResolvers,
      priceProposalsResolvers,
      listResolvers,
      inventoryResolvers,
      purchasingResolvers,
      salesResolvers,
      signalsResolvers,
      complaintsResolvers,
      recommendationsResolvers,
      complaintRecommendationResolvers,
      forecastingResolvers,
      overrideResolvers,
      replenishmentResolvers,
      pricingResolvers,
      jobsResolvers,
      nightlyResolvers,
      backtestingResolvers,
      modelsResolvers,
      triageResolvers,
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
}
