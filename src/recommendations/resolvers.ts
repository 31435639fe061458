import type { Context } from '../context.ts';
import { connectionFields } from '../database/connection.ts';
import { badInput } from '../errors.ts';
import { found } from '../found.ts';
import type { MutationResolvers, Resolvers } from '../generated/graphql.ts';
import { parseGlobalId, toGlobalId, toRowId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import type { Outcome } from '../mutationOutcome.ts';
import { clearPrices } from '../pricing/proposals/clearPrices.ts';
import type { StepInput } from './checkStep.ts';
import { type RecommendationKind, recommendationKinds } from './recommendationKinds.ts';
import type { RecommendationRow } from './repository.ts';

/** Fields that every type of recommendation shares. */
const recommendationFields = {
  id: ({ id, kind }: RecommendationRow) => toGlobalId(recommendationKinds[kind].nodeType, id),
  model: ({ modelName, modelVersion }: RecommendationRow) =>
    modelName === null || modelVersion === null ? null : { name: modelName, version: modelVersion },
  history: ({ id }: RecommendationRow, _: object, { loaders }: Context) =>
    loaders.recommendations.eventsByRecommendation.load(id),
};

const mutations: Pick<
  MutationResolvers,
  'recommendationAccept' | 'recommendationReject' | 'recommendationApply' | 'recommendationRevert'
> = {
  recommendationAccept: async (_, { input }, context, info) => {
    const { accept } = context.services.recommendations;
    return toPayload(await accept(readStep(input), idempotencyOf(info, input)), context);
  },
  recommendationReject: async (_, { input }, context, info) => {
    const { reject } = context.services.recommendations;
    return toPayload(await reject(readStep(input), idempotencyOf(info, input)), context);
  },
  recommendationApply: async (_, { input }, context, info) => {
    const { apply } = context.services.recommendations;
    return toPayload(await apply(readStep(input), idempotencyOf(info, input)), context);
  },
  recommendationRevert: async (_, { input }, context, info) => {
    const { revert } = context.services.recommendations;
    return toPayload(await revert(readStep(input), idempotencyOf(info, input)), context);
  },
};

/** GraphQL fields of recommendations of every kind; the fields of one kind are its domain's. */
export const recommendationsResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'Recommendation'
  | 'RecommendationConnection'
  | 'ComplaintRecommendation'
  | 'PriceRecommendation'
> = {
  Query: {
    recommendations: (_, { filter, ...page }, { services }) =>
      services.recommendations.listRecommendations(filter ?? {}, page),
  },
  Mutation: mutations,
  Recommendation: { __resolveType: ({ kind }) => recommendationKinds[kind].nodeType },
  RecommendationConnection: connectionFields,
  ComplaintRecommendation: recommendationFields,
  PriceRecommendation: recommendationFields,
};

type GivenStep = {
  readonly recommendationId: string;
  readonly actor: string;
  readonly reason?: string | null | undefined;
};

function readStep({ recommendationId, actor, reason = null }: GivenStep): StepInput {
  const parsed = parseGlobalId(recommendationId);
  const kinds = Object.keys(recommendationKinds) as RecommendationKind[]; // `keys` loses the literal types
  const kind = kinds.find((candidate) => recommendationKinds[candidate].nodeType === parsed?.type);
  const rowId = toRowId(parsed?.key ?? '');
  if (kind !== undefined && rowId !== null) return { kind, recommendationId: rowId, actor, reason };
  const field = ['input', 'recommendationId'];
  throw badInput(
    `${field.join('.')} must be the id of a recommendation, got '${recommendationId.slice(0, 60)}'.`,
    field,
  );
}

async function toPayload<Code extends string>(outcome: Outcome<number, Code>, { loaders }: Context) {
  if (outcome.kind === 'refused') return { recommendation: null, userErrors: outcome.userErrors };
  const { recommendationById, recommendationsByComplaint, eventsByRecommendation } = loaders.recommendations;
  // Another mutation of this request may have read it, and what it is about, before.
  recommendationById.clear(outcome.result);
  eventsByRecommendation.clear(outcome.result);
  const recommendation = found(await recommendationById.load(outcome.result));
  if (recommendation.kind === 'PRICE') clearPrices(loaders, [recommendation]);
  if (recommendation.kind !== 'COMPLAINT') return { recommendation, userErrors: [] };
  recommendationsByComplaint.clear(recommendation.subjectId);
  loaders.complaints.complaintById.clear(recommendation.subjectId);
  loaders.complaints.actionByRecommendation.clear(recommendation.id);
  return { recommendation, userErrors: [] };
}
