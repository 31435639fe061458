import { type FieldNode, type GraphQLResolveInfo, getDirectiveValues } from 'graphql';
import type { Idempotency } from './database/idempotency.ts';

/** Reads the `@idempotent(key:)` directive of a mutation field; undefined where the client gave none. */
export function idempotencyOf(info: GraphQLResolveInfo, input: unknown): Idempotency | undefined {
  const directive = info.schema.getDirective('idempotent');
  const node: FieldNode | undefined = info.fieldNodes[0];
  if (directive === null || directive === undefined || node === undefined) return undefined;
  const values = getDirectiveValues(directive, node, info.variableValues);
  return values === undefined
    ? undefined
    : { key: String(values.key), mutation: info.fieldName, arguments: input };
}
