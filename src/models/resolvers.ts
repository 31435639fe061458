import type { Context } from '../context.ts';
import { found } from '../found.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { toGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import type { Outcome } from '../mutationOutcome.ts';

/** GraphQL fields of models and their versions. */
export const modelsResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'Model' | 'ModelVersion' | 'ModelActivation'
> = {
  Query: {
    models: (_, __, { services }) => services.models.listCards(),
    modelVersions: (_, { name }, { services }) => services.models.listVersions(name),
    modelActivations: (_, { name, first }, { services }) => services.models.listActivations(name, first),
  },
  Mutation: {
    modelActivate: async (_, { input }, context, info) =>
      toPayload(
        await context.services.models.activate(input, idempotencyOf(info, input)),
        input.name,
        context,
      ),
    modelRollback: async (_, { input }, context, info) =>
      toPayload(
        await context.services.models.rollBack(input, idempotencyOf(info, input)),
        input.name,
        context,
      ),
  },
  Model: {
    id: ({ name }) => toGlobalId('Model', name),
    metrics: ({ metrics }) => metrics,
    card: ({ raw }) => raw,
  },
  ModelVersion: {
    labels: ({ card }) => readLabels(card?.raw.labels),
    metrics: ({ card }) => card?.metrics ?? [],
    createdAt: ({ card }) => readTime(card?.raw.createdAt),
    card: ({ card }) => card?.raw ?? null,
  },
  ModelActivation: { name: ({ modelName }) => modelName },
};

async function toPayload<Code extends string>(
  outcome: Outcome<string, Code>,
  name: string,
  { services }: Context,
) {
  if (outcome.kind === 'refused') return { modelVersion: null, userErrors: outcome.userErrors };
  const versions = await services.models.listVersions(name);
  const modelVersion = versions.find(({ version }) => version === outcome.result);
  return { modelVersion: found(modelVersion ?? null), userErrors: [] };
}

/** Lists of texts by head; whatever else a card has there is left out. */
function readLabels(labels: unknown) {
  if (typeof labels !== 'object' || labels === null) return [];
  return Object.entries(labels).flatMap(([head, names]) =>
    Array.isArray(names) ? [{ head, names: names.map(String) }] : [],
  );
}

function readTime(text: unknown): Date | null {
  const time = new Date(typeof text === 'string' ? text : Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}
