import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { DomainError } from '../errors.ts';

/** Told of every error that is masked, with its cause. */
export type ReportError = (error: unknown, requestId: string | undefined) => void;

/**
 * The one formatter of errors: a DomainError keeps its sentence and code, an error of GraphQL itself keeps Apollo's,
 * anything else is masked and reported. No stack trace, SQL or path leaves the server.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { requestId, report }: { readonly requestId: string | undefined; readonly report: ReportError },
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const place = {
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
  };
  if (original instanceof DomainError) {
    const field = original.field === undefined ? {} : { field: original.field };
    return { message: original.message, ...place, extensions: { code: original.code, requestId, ...field } };
  }
  const code = formatted.extensions?.code ?? 'INTERNAL_SERVER_ERROR';
  if (code !== 'INTERNAL_SERVER_ERROR')
    return { message: formatted.message, ...place, extensions: { code, requestId } };
  report(original, requestId);
  return {
    message: `Something went wrong on the server; its log names the cause under request ${requestId ?? 'unknown'}.`,
    ...place,
    extensions: { code, requestId },
  };
}
