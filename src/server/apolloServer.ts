import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, type GraphQLSchema, type ValidationContext } from 'graphql';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { makeCostPlugin } from './costPlugin.ts';
import { makeGateway } from './executor.ts';
import { formatError, type ReportError } from './formatError.ts';
import { currentRequest } from './requestScope.ts';

/** Has a limit told like any other fault of a document; thrown, it would be masked as a bug. */
const tellRejection = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, { message }: GraphQLError) =>
      context?.reportError(new GraphQLError(message.replace('Syntax Error: ', ''))),
  ],
};

/** Makes the Apollo server: limits, one error formatter, cost extensions, Sandbox as landing page in development. */
export function makeApolloServer(
  schema: GraphQLSchema,
  config: Config,
  report: ReportError,
): ApolloServer<Context> {
  const isProduction = config.environment === 'production';
  return new ApolloServer<Context>({
    gateway: makeGateway(schema, config),
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !config.introspection,
    validationRules: [
      maxDepthRule({ n: config.maxDepth, ignoreIntrospection: true, ...tellRejection }),
      maxAliasesRule({ n: config.maxAliases, ...tellRejection }),
    ],
    formatError: (formatted, error) =>
      formatError(formatted, error, { requestId: currentRequest()?.requestId, report }),
    plugins: [
      makeCostPlugin(config.maxCost),
      // It keeps books on every field, and answers are never cached by HTTP (see ARCHITECTURE.md).
      ApolloServerPluginCacheControlDisabled(),
      isProduction
        ? ApolloServerPluginLandingPageDisabled()
        : ApolloServerPluginLandingPageLocalDefault({ embed: true }),
    ],
  });
}
