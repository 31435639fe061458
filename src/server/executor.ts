import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import { type DocumentNode, type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Config } from '../config.ts';
import { makeInputDefaults } from './inputDefaults.ts';
import { hasLooseVariables } from './looseVariables.ts';

type Execution = {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: unknown;
};
type Compiled = {
  readonly run: CompiledQuery;
  readonly withDefaults: ReturnType<typeof makeInputDefaults>;
};
type Execute = (execution: Execution) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Puts our executor into Apollo's `gateway` seam: the compiled one (graphql-jit) turns a document into a function
 * once; the reference one is graphql-js. The API tests run under both.
 * A request that is not answered in time gets one error with code REQUEST_TIMEOUT and HTTP status 504.
 */
export function makeGateway(
  schema: GraphQLSchema,
  { executor, requestTimeoutMs }: Pick<Config, 'executor' | 'requestTimeoutMs'>,
): GatewayInterface {
  const run = executor === 'compiled' ? makeCompiledExecute(schema) : makeReferenceExecute(schema);
  const gatewayExecutor: GatewayExecutor = ({ document, request, operationName, context }) =>
    answerInTime(
      run({
        document,
        operationName: operationName ?? undefined,
        variables: request.variables ?? {},
        context,
      }),
      requestTimeoutMs,
    ) as ReturnType<GatewayExecutor>; // graphql-js's result with `data: unknown`
  return {
    load: async () => ({ executor: gatewayExecutor }),
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

function makeReferenceExecute(schema: GraphQLSchema): Execute {
  return ({ document, operationName, variables, context }) =>
    execute({
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: context,
    }) as Promise<ExecutionResult>;
}

function makeCompiledExecute(schema: GraphQLSchema): Execute {
  const reference = makeReferenceExecute(schema);
  const compiled = new WeakMap<DocumentNode, Map<string, Compiled | null>>();
  const compile = (document: DocumentNode, operationName: string | undefined): Compiled | null => {
    let byOperation = compiled.get(document);
    if (byOperation === undefined) {
      byOperation = new Map();
      compiled.set(document, byOperation);
    }
    const known = byOperation.get(operationName ?? '');
    if (known !== undefined) return known;
    const result = hasLooseVariables(document)
      ? null
      : compileQuery(schema, document, operationName, { disablingCapturingStackErrors: true });
    const query =
      result !== null && isCompiledQuery(result)
        ? { run: result, withDefaults: makeInputDefaults(schema, document, operationName) }
        : null;
    byOperation.set(operationName ?? '', query);
    return query;
  };
  return (execution) => {
    const query = compile(execution.document, execution.operationName);
    if (query === null) return reference(execution);
    const result = query.run.query(undefined, execution.context, {
      ...query.withDefaults(execution.variables),
    });
    if (result instanceof Promise) return result.then(withGraphqlErrors);
    // Nothing has run where variables do not fit: graphql-js tells so in its own words, which Apollo knows.
    return result.data === undefined ? reference(execution) : withGraphqlErrors(result);
  };
}

/** graphql-jit's errors lack `extensions`, which Apollo reads; remakes them as graphql-js would have. */
function withGraphqlErrors(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined) return result;
  const errors = result.errors.map((error) => {
    const { message, path, originalError, locations } = error;
    const mended = new GraphQLError(message, { path, originalError, extensions: error.extensions });
    Object.defineProperty(mended, 'locations', { value: locations, enumerable: locations !== undefined });
    return mended;
  });
  return { ...result, errors };
}

async function answerInTime(
  result: ExecutionResult | Promise<ExecutionResult>,
  limitMs: number,
): Promise<ExecutionResult> {
  if (!(result instanceof Promise)) return result;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ExecutionResult>((resolve) => {
    timer = setTimeout(() => resolve({ errors: [timeoutError(limitMs)] }), limitMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

function timeoutError(limitMs: number): GraphQLError {
  return new GraphQLError(
    `The request must be answered within ${limitMs} ms; it took longer and was given up.`,
    {
      extensions: { code: 'REQUEST_TIMEOUT', http: { status: 504 } },
    },
  );
}
