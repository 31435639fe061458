import type { Context } from '../../context.ts';
import { connectionFields } from '../../database/connection.ts';
import { badInput } from '../../errors.ts';
import { found } from '../../found.ts';
import type { PriceChangeFilter, PriceRecommendationFilter, Resolvers } from '../../generated/graphql.ts';
import { fromGlobalId, parseGlobalId, toRowId } from '../../globalId.ts';
import type { RecommendationRow } from '../../recommendations/service.ts';
import type { ChangeFilter } from './changeRepository.ts';
import { priceStepMutations } from './mutations.ts';
import type { ProposalFilter } from './proposalRepository.ts';
import { refreshMutation } from './refreshMutation.ts';
import { factsOf, termsOf } from './storedProposal.ts';

const maximumAlerts = 100;

/** GraphQL fields of recommended prices, beside those that all recommendations share. */
export const priceProposalsResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'PriceRecommendation'
  | 'PriceRecommendationConnection'
  | 'PriceExpectation'
  | 'VariantPrice'
  | 'VariantPriceConnection'
> = {
  Query: {
    priceRecommendations: (_, { filter, orderBy, ...page }, { services }) =>
      services.priceProposals.listRecommendationIds(
        toFilter(filter ?? {}),
        orderBy ?? { field: 'CREATED_AT', direction: 'DESC' },
        page,
      ),
    priceAlerts: async (_, { first }, context) => {
      if (first < 1 || first > maximumAlerts)
        throw badInput(`first must be 1 to ${maximumAlerts}, got ${first}.`, ['first']);
      const alerts = (await context.services.priceProposals.listAlerts()).slice(0, first);
      return Promise.all(
        alerts.map(async ({ recommendationId, outcome }) => ({
          recommendation: await loadRecommendation(recommendationId, context),
          outcome,
        })),
      );
    },
    priceChanges: (_, { filter, ...page }, { services }) =>
      services.priceProposals.listChangeIds(toChangeFilter(filter ?? {}), page),
  },
  Mutation: { ...priceStepMutations, ...refreshMutation },
  PriceRecommendationConnection: {
    ...connectionFields,
    nodes: ({ nodes }, _, context) => Promise.all(nodes.map(({ id }) => loadRecommendation(id, context))),
    edges: ({ edges }, _, context) =>
      Promise.all(
        edges.map(async ({ cursor, node }) => ({ cursor, node: await loadRecommendation(node.id, context) })),
      ),
  },
  PriceRecommendation: {
    variant: ({ subjectId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(subjectId),
    currentPrice: (row) => toMoney(row, termsOf(row).currentPrice),
    recommendedPrice: (row) => toMoney(row, termsOf(row).recommendedPrice),
    stepRate: (row) => {
      const { currentPrice, recommendedPrice } = termsOf(row);
      return Number(recommendedPrice) / Number(currentPrice) - 1;
    },
    expectedGain: (row) => toMoney(row, factsOf(row).expectedGain),
    current: (row) => ({ ...termsOf(row), ...factsOf(row).current, price: termsOf(row).currentPrice }),
    recommended: (row) => ({
      ...termsOf(row),
      ...factsOf(row).recommended,
      price: termsOf(row).recommendedPrice,
    }),
    elasticity: (row) => factsOf(row).elasticity,
    bindingConstraints: (row) => factsOf(row).bindingConstraints,
    drivers: (row) => factsOf(row).drivers,
    warnings: (row) => factsOf(row).warnings,
    objective: (row) => factsOf(row).objective,
    frequency: (row) => factsOf(row).frequency,
    horizon: (row) => factsOf(row).horizon,
    unitCost: (row) => toMoney(row, factsOf(row).unitCost),
    constraints: (row) => factsOf(row).constraints,
    job: async ({ id }, _, { loaders }) => {
      const proposal = await loaders.priceProposals.proposalByRecommendation.load(id);
      return proposal === null || proposal.jobId === null ? null : loaders.jobs.jobById.load(proposal.jobId);
    },
    outcome: ({ id }, _, { loaders }) => loaders.priceProposals.outcomeByRecommendation.load(id),
    schedule: ({ id }, _, { loaders }) => loaders.priceProposals.scheduleByRecommendation.load(id),
  },
  PriceExpectation: {
    price: ({ price, currencyCode }) => ({ amount: price, currencyCode }),
    revenue: ({ revenue, currencyCode }) => ({ amount: revenue, currencyCode }),
    margin: ({ margin, currencyCode }) => ({ amount: margin, currencyCode }),
    marginLow: ({ marginLow, currencyCode }) => ({ amount: marginLow, currencyCode }),
    marginHigh: ({ marginHigh, currencyCode }) => ({ amount: marginHigh, currencyCode }),
  },
  VariantPriceConnection: {
    ...connectionFields,
    nodes: ({ nodes }, _, { loaders }) =>
      Promise.all(nodes.map(({ id }) => loaders.priceRecords.priceById.loadRequired(id))),
    edges: ({ edges }, _, { loaders }) =>
      Promise.all(
        edges.map(async ({ cursor, node }) => ({
          cursor,
          node: await loaders.priceRecords.priceById.loadRequired(node.id),
        })),
      ),
  },
  VariantPrice: {
    recommendation: ({ reference }, _, { loaders }) => {
      const parsed = parseGlobalId(reference ?? '');
      const id = parsed?.type === 'PriceRecommendation' ? toRowId(parsed.key) : null;
      return id === null ? null : loaders.recommendations.recommendationById.load(id);
    },
  },
};

async function loadRecommendation(id: number, { loaders }: Context): Promise<RecommendationRow> {
  return found(await loaders.recommendations.recommendationById.load(id));
}

function toMoney(row: RecommendationRow, amount: string) {
  return { amount, currencyCode: termsOf(row).currencyCode };
}

function toFilter({ categoryIds, variantIds, runId, ...filter }: PriceRecommendationFilter): ProposalFilter {
  return {
    ...filter,
    categoryIds: toRowIds('Category', categoryIds, 'categoryIds'),
    variantIds: toRowIds('ProductVariant', variantIds, 'variantIds'),
    jobId: toJobId(runId),
  };
}

function toChangeFilter({ variantIds, runId, ...filter }: PriceChangeFilter): ChangeFilter {
  return {
    ...filter,
    variantIds: toRowIds('ProductVariant', variantIds, 'variantIds'),
    jobId: toJobId(runId),
  };
}

function toJobId(runId: string | null | undefined): number | null {
  return runId == null ? null : fromGlobalId('PriceRecommendationJob', runId, ['filter', 'runId']);
}

function toRowIds(
  type: 'Category' | 'ProductVariant',
  ids: readonly string[] | null | undefined,
  name: string,
): readonly number[] | undefined {
  return ids?.map((id, index) => fromGlobalId(type, id, ['filter', name, String(index)]));
}
