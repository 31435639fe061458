import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { found } from '../../found.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../../globalId.ts';
import { idempotencyOf } from '../../idempotencyOf.ts';
import type { RecommendationRow } from '../../recommendations/service.ts';
import { clearPrices } from './clearPrices.ts';
import type { Target } from './proposalRepository.ts';
import type { StepCommand, StepResult } from './service.ts';

const maximumIds = 1_000;
const shownRecommendations = 1_000;

/** Mutations that take steps with recommended prices. */
export const priceStepMutations: Pick<
  MutationResolvers,
  | 'priceRecommendationsAccept'
  | 'priceRecommendationsReject'
  | 'priceRecommendationApply'
  | 'priceScheduleCancel'
  | 'priceRevert'
> = {
  priceRecommendationsAccept: async (_, { input }, context, info) =>
    toPayload(
      await context.services.priceProposals.accept(readCommand(input), idempotencyOf(info, input)),
      context,
    ),
  priceRecommendationsReject: async (_, { input }, context, info) =>
    toPayload(
      await context.services.priceProposals.reject(readCommand(input), idempotencyOf(info, input)),
      context,
    ),
  priceRecommendationApply: async (_, { input }, context, info) => {
    const { effectiveFrom = null, dryRun } = input;
    const command = { ...readCommand(input), effectiveFrom, isDryRun: dryRun };
    const result = await context.services.priceProposals.apply(command, idempotencyOf(info, input));
    return { ...(await toPayload(result, context)), dryRun };
  },
  priceScheduleCancel: async (_, { input }, context, info) =>
    toPayload(
      await context.services.priceProposals.cancelSchedules(readCommand(input), idempotencyOf(info, input)),
      context,
    ),
  priceRevert: async (_, { input }, context, info) => {
    const { recommendationId, dryRun } = input;
    const command = {
      ...readCommand({ ...input, recommendationIds: recommendationId == null ? null : [recommendationId] }),
      isDryRun: dryRun,
    };
    const result = await context.services.priceProposals.revert(command, idempotencyOf(info, input));
    const { cancelledCount } = result;
    return { ...(await toPayload(result, context)), cancelledCount, dryRun };
  },
};

type GivenStep = {
  readonly recommendationIds?: readonly string[] | null | undefined;
  readonly recommendationId?: string | null | undefined;
  readonly runId?: string | null | undefined;
  readonly actor: string;
  readonly reason?: string | null | undefined;
};

function readCommand(input: GivenStep): StepCommand {
  return { target: readTarget(input), actor: input.actor, reason: input.reason ?? null };
}

function readTarget(input: GivenStep): Target {
  const { recommendationIds, runId } = input;
  const isSingle = 'recommendationId' in input;
  const name = isSingle ? 'recommendationId' : 'recommendationIds';
  if ((recommendationIds == null) === (runId == null)) {
    const got = runId == null ? 'none' : 'both';
    throw badInput(`Either input.${name} or input.runId must be given, got ${got}.`, ['input', name]);
  }
  if (recommendationIds == null)
    return {
      recommendationIds: null,
      runId: fromGlobalId('PriceRecommendationJob', runId ?? '', ['input', 'runId']),
    };
  const { length } = recommendationIds;
  if (length < 1 || length > maximumIds)
    throw badInput(
      `input.${name} must have 1 to ${maximumIds.toLocaleString('en-US')} entries, got ${length}.`,
      ['input', name],
    );
  const fieldOf = (index: number) => ['input', name, ...(isSingle ? [] : [String(index)])];
  return {
    recommendationIds: recommendationIds.map((id, index) =>
      fromGlobalId('PriceRecommendation', id, fieldOf(index)),
    ),
    runId: null,
  };
}

async function toPayload<Code extends string>({ ids, userErrors }: StepResult<Code>, { loaders }: Context) {
  const { recommendationById, eventsByRecommendation } = loaders.recommendations;
  // Another mutation of this request may have read them, and what they price, before.
  for (const id of ids) {
    recommendationById.clear(id);
    eventsByRecommendation.clear(id);
  }
  const recommendations = await Promise.all(
    ids
      .slice(0, shownRecommendations)
      .map(async (id): Promise<RecommendationRow> => found(await recommendationById.load(id))),
  );
  clearPrices(loaders, recommendations);
  return {
    recommendations,
    count: ids.length,
    userErrors: userErrors.map(({ recommendationId, ...error }) => ({
      ...error,
      recommendationId:
        recommendationId === null ? null : toGlobalId('PriceRecommendation', recommendationId),
    })),
  };
}
