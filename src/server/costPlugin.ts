import type { ApolloServerPlugin } from '@apollo/server';
import { type FragmentDefinitionNode, GraphQLError, Kind } from 'graphql';
import type { Context } from '../context.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import { actualQueryCost, requestedQueryCost } from './queryCost.ts';
import { currentRequest } from './requestScope.ts';

/** Refuses operations over the cost limit; tells the cost and the model runs in `extensions`. */
export function makeCostPlugin(maxCost: number): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      let requested = 0;
      return {
        async didResolveOperation({ schema, operation, document, request }) {
          if (operation === undefined) return;
          const fragments = new Map<string, FragmentDefinitionNode>();
          for (const definition of document.definitions)
            if (definition.kind === Kind.FRAGMENT_DEFINITION)
              fragments.set(definition.name.value, definition);
          requested = requestedQueryCost({
            schema,
            operation,
            fragments,
            variables: request.variables ?? {},
          });
          const scope = currentRequest();
          if (scope !== undefined) scope.operationName = operation.name?.value;
          if (requested > maxCost) throw costError(maxCost, requested);
        },
        async willSendResponse({ response, contextValue }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          const scope = currentRequest();
          if (scope !== undefined) scope.errors += result.errors?.length ?? 0;
          if (result.data === undefined) return;
          result.extensions = {
            ...result.extensions,
            cost: { requestedQueryCost: requested, actualQueryCost: actualQueryCost(result.data) },
            inference: summariseRuns(contextValue.modelRuns),
          };
        },
      };
    },
  };
}

type InferenceSummary = {
  readonly model: string;
  readonly runs: number;
  readonly rows: number;
  readonly durationMs: number;
};

/** One entry a model; durations of runs that went side by side are added up. */
function summariseRuns(runs: readonly ModelRun[]): InferenceSummary[] {
  const byModel = new Map<string, InferenceSummary>();
  for (const { model, rows, durationMs } of runs) {
    const sum = byModel.get(model) ?? { model, runs: 0, rows: 0, durationMs: 0 };
    byModel.set(model, {
      model,
      runs: sum.runs + 1,
      rows: sum.rows + rows,
      durationMs: sum.durationMs + durationMs,
    });
  }
  return [...byModel.values()];
}

function costError(maxCost: number, requested: number): GraphQLError {
  return new GraphQLError(
    `The query must cost at most ${maxCost} objects, but it asks for up to ${requested}; ask for fewer rows or fields.`,
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  );
}
