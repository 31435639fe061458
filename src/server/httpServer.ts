import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { withStatementCount } from '../database/statementMeter.ts';
import type { Services } from '../services.ts';
import { makeApiKeyCheck, makeKeyCheck } from './apiKeys.ts';
import type { ReportError } from './formatError.ts';
import { makeLoaders } from './loaders.ts';
import type { Metrics } from './metrics.ts';
import { currentRequest, inRequestScope, type RequestScope } from './requestScope.ts';
import { serveWebSockets } from './webSockets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    scope: RequestScope;
  }
}

/** What the HTTP server is made of; `isReady` tells whether the store and the models answer. */
export type HttpServerParts = {
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  readonly apollo: ApolloServer<Context>;
  readonly schema: GraphQLSchema;
  /** Told of the errors of subscriptions that are masked. */
  readonly report: ReportError;
  readonly services: Services;
  readonly metrics: Metrics;
  isReady(): Promise<boolean>;
};

/** Makes the HTTP server: `/graphql`, `/health/live`, `/health/ready`, `/metrics`. Not yet listening. */
export async function makeHttpServer(parts: HttpServerParts): Promise<FastifyInstance> {
  const { config, logger, apollo, schema, report, services, metrics } = parts;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutMs,
    genReqId: ({ headers }) => readRequestId(headers['x-request-id']),
    return503OnClosing: true,
  });
  app.decorateRequest('scope');
  app.addHook('onRequest', (request, reply, done) => {
    const statements = { statements: 0 };
    request.scope = { requestId: request.id, statements, modelRuns: [], operationName: undefined, errors: 0 };
    reply.header('x-request-id', request.id);
    inRequestScope(request.scope, () => withStatementCount(statements, done));
  });
  closeConnectionsOnClosing(app);
  app.addHook('onResponse', async (request, reply) => finishRequest(request, reply, metrics));
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) =>
    sendError(error, request, reply),
  );
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send(
        errorBody(request, 'NOT_FOUND', `The path must be /graphql, got '${request.url.slice(0, 100)}'.`),
      ),
  );

  apollo.addPlugin(fastifyApolloDrainPlugin(app));
  await apollo.start();
  const isPersonalDataKey = makeKeyCheck(config.personalDataKeys);
  const isApiKey = makeApiKeyCheck(config.apiKeys);
  const isAllowed = (key: string | undefined) => isApiKey(key) || isPersonalDataKey(key);
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    onRequest: async (request, reply) => {
      if (isAllowed(headerOf(request, 'x-api-key'))) return;
      await reply
        .code(401)
        .send(errorBody(request, 'UNAUTHENTICATED', 'The header x-api-key must hold a valid key.'));
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request) =>
        makeContext(request.scope, services, isPersonalDataKey(headerOf(request, 'x-api-key'))),
    }),
  });
  const closeWebSockets = serveWebSockets({
    server: app.server,
    schema,
    config,
    isAllowed,
    report,
    makeContext: (apiKey, requestId) => {
      const scope = { requestId, statements: { statements: 0 }, modelRuns: [] };
      return makeContext(scope, services, isPersonalDataKey(apiKey));
    },
  });
  app.addHook('preClose', closeWebSockets);
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    const isReady = await parts.isReady();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
  });
  app.get('/metrics', async (_, reply) => {
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return app;
}

/** Ends the connection of each request that was in flight when closing began; kept alive, it would delay the end by 72 s. */
function closeConnectionsOnClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', (_, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
}

function makeContext(
  scope: Pick<RequestScope, 'requestId' | 'statements' | 'modelRuns'>,
  services: Services,
  canReadPersonalData: boolean,
): Context {
  const { requestId, statements, modelRuns } = scope;
  const loaders = makeLoaders(services, modelRuns);
  return { requestId, services, loaders, canReadPersonalData, statements, modelRuns };
}

function readRequestId(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : randomUUID();
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function finishRequest(request: FastifyRequest, reply: FastifyReply, metrics: Metrics): void {
  if (!request.url.startsWith('/graphql')) return;
  const { operationName, statements, modelRuns, errors } = request.scope;
  metrics.requestSeconds.observe(
    { status: `${Math.floor(reply.statusCode / 100)}xx` },
    reply.elapsedTime / 1000,
  );
  metrics.statements.inc(statements.statements);
  metrics.errors.inc(errors);
  for (const { model, rows } of modelRuns) {
    metrics.modelRuns.inc({ model });
    metrics.modelRows.inc({ model }, rows);
  }
  request.log.info(
    {
      operationName,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      statements: statements.statements,
      modelRuns: modelRuns.length,
      errors,
    },
    'request',
  );
}

function sendError(
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): unknown {
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    request.log.error({ err: error }, 'request failed');
    return reply
      .code(status)
      .send(
        errorBody(
          request,
          'INTERNAL_SERVER_ERROR',
          `Something went wrong on the server; its log names the cause under request ${request.id}.`,
        ),
      );
  }
  const message =
    status === 413
      ? `The body must be at most ${request.routeOptions.bodyLimit ?? request.server.initialConfig.bodyLimit} bytes, got ${headerOf(request, 'content-length') ?? 'more'}.`
      : `The body must be a GraphQL request in JSON: ${error.message.replace(/[\s.]+$/, '')}.`;
  return reply.code(status).send(errorBody(request, 'BAD_USER_INPUT', message));
}

function errorBody(request: FastifyRequest, code: string, message: string) {
  return {
    errors: [{ message, extensions: { code, requestId: currentRequest()?.requestId ?? request.id } }],
  };
}
