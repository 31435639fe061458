import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import { formatError } from '../../src/server/formatError.ts';

function format(original: Error, code?: string) {
  const reported: unknown[] = [];
  const error = new GraphQLError(original.message, { originalError: original, path: ['products', 0] });
  const formatted = formatError(
    {
      message: error.message,
      path: ['products', 0],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: code ?? 'INTERNAL_SERVER_ERROR', stacktrace: ['at /app/src/secret.ts'] },
    },
    error,
    { requestId: 'r-1', report: (cause, requestId) => reported.push([cause, requestId]) },
  );
  return { formatted, reported };
}

describe('an error that leaves the server', () => {
  it('keeps its sentence, code and field where it is a domain error, and is not reported', () => {
    const { formatted, reported } = format(
      new DomainError('NOT_FOUND', 'The product must exist, got 7.', { field: ['id'] }),
    );
    expect(formatted).toEqual({
      message: 'The product must exist, got 7.',
      path: ['products', 0],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'NOT_FOUND', requestId: 'r-1', field: ['id'] },
    });
    expect(reported).toEqual([]);
  });

  it('is masked and reported with its cause where it is a bug or an outage', () => {
    const cause = new Error('relation "product" does not exist at /app/src/repository.ts: SELECT 1');
    const { formatted, reported } = format(cause);
    expect(formatted).toEqual({
      message: 'Something went wrong on the server; its log names the cause under request r-1.',
      path: ['products', 0],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' },
    });
    expect(reported).toEqual([[cause, 'r-1']]);
    expect(JSON.stringify(formatted)).not.toMatch(/SELECT|relation|\.ts|stack/);
  });

  it("keeps Apollo's sentence and code where GraphQL itself refused", () => {
    const { formatted, reported } = format(new Error('Cannot query field "x".'), 'GRAPHQL_VALIDATION_FAILED');
    expect(formatted).toMatchObject({
      message: 'Cannot query field "x".',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: 'r-1' },
    });
    expect(formatted.extensions).not.toHaveProperty('stacktrace');
    expect(reported).toEqual([]);
  });

  it('says so where it belongs to no request', () => {
    const report = () => undefined;
    const { message } = formatError({ message: 'x' }, new Error('x'), { requestId: undefined, report });
    expect(message).toBe(
      'Something went wrong on the server; its log names the cause under request unknown.',
    );
  });
});
