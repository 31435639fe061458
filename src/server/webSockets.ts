import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { formatError, type ReportError } from './formatError.ts';
import { requestedQueryCost } from './queryCost.ts';

/** What serves subscriptions; `makeContext` yields a context with fresh loaders. */
export type WebSocketParts = {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly config: Pick<Config, 'maxDepth' | 'maxAliases' | 'maxCost' | 'bodyLimitBytes'>;
  readonly isAllowed: (apiKey: string | undefined) => boolean;
  readonly makeContext: (apiKey: string | undefined, requestId: string) => Context;
  readonly report: ReportError;
};
type Extra = { readonly request: IncomingMessage };

/**
 * Serves subscriptions by the protocol graphql-transport-ws on `/graphql` of an HTTP server, behind the same API keys: the
 * header of the upgrade or `x-api-key` of the connection's parameters. Limits of depth, aliases and cost hold as for
 * requests; queries and mutations are refused. Yields what closes all connections.
 */
export function serveWebSockets(parts: WebSocketParts): () => Promise<void> {
  const { server, schema, config, isAllowed, makeContext, report } = parts;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: config.bodyLimitBytes });
  const requestId = randomUUID();
  const { dispose } = useServer<Record<string, unknown>, Extra>(
    {
      onConnect: ({ connectionParams, extra }) => isAllowed(keyOf(connectionParams, extra)),
      onSubscribe: (_, __, { query, operationName, variables }) =>
        readOperation(schema, config, { query, operationName, variables: variables ?? {} }),
      subscribe: (args) => subscribeAfresh(args),
      context: ({ connectionParams, extra }) => ({
        make: () => makeContext(keyOf(connectionParams, extra), randomUUID()),
      }),
      onNext: (_, __, ___, ____, { data = null, errors }) => ({
        data,
        ...(errors && {
          errors: errors.map((error) => formatError(error.toJSON(), error, { requestId, report })),
        }),
      }),
    },
    sockets,
  );
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== '/graphql') return socket.destroy();
    return sockets.handleUpgrade(request, socket, head, (opened) =>
      sockets.emit('connection', opened, request),
    );
  });
  return async () => {
    await dispose();
  };
}

function keyOf(
  parameters: Readonly<Record<string, unknown>> | undefined,
  { request }: Extra,
): string | undefined {
  const key = parameters?.['x-api-key'] ?? request.headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

/** Checks a document as a request's is; yields what graphql-ws runs, or the errors. */
function readOperation(
  schema: GraphQLSchema,
  { maxDepth, maxAliases, maxCost }: WebSocketParts['config'],
  {
    query,
    operationName,
    variables,
  }: {
    readonly query: string;
    readonly operationName?: string | null | undefined;
    readonly variables: Readonly<Record<string, unknown>>;
  },
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const rules = [...specifiedRules, maxDepthRule({ n: maxDepth }), maxAliasesRule({ n: maxAliases })];
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'subscription')
      return [new GraphQLError('A web socket must carry subscriptions; send queries and mutations by HTTP.')];
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    const cost = requestedQueryCost({ schema, operation, fragments, variables });
    if (cost > maxCost)
      return [
        new GraphQLError(`The subscription must cost at most ${maxCost} objects an event, got ${cost}.`),
      ];
    return { schema, document, operationName: operationName ?? null, variableValues: variables };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Runs each event with a context of its own: loaders keep what they have read. */
async function subscribeAfresh(
  args: ExecutionArgs,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const { make } = args.contextValue as { make(): Context }; // made above
  const source = await createSourceEventStream({ ...args, contextValue: make() });
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const results: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => results,
    async next() {
      const event = await events.next();
      if (event.done) return { done: true, value: undefined };
      return { done: false, value: await execute({ ...args, rootValue: event.value, contextValue: make() }) };
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
  };
  return results;
}
