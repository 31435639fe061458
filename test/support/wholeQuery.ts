import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/**
 * Writes a query of everything below a root field: every field that needs no argument, objects down to `depth`,
 * connections by their first `rows` rows.
 */
export function wholeQuery(schema: GraphQLSchema, field: string, depth: number, rows = 2): string {
  const root = schema.getQueryType()?.getFields()[field];
  if (root === undefined) throw new Error(`The schema must have the root field, got ${field}.`);
  return `{ ${fieldText(root, depth, rows)} }`;
}

function fieldText(
  { name, args, type }: GraphQLField<unknown, unknown>,
  depth: number,
  rows: number,
): string {
  const size = args.some((argument) => argument.name === 'first') ? `(first: ${rows})` : '';
  return `${name}${size}${selectionText(type, depth, rows)}`;
}

function selectionText(type: GraphQLOutputType, depth: number, rows: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  const fields = Object.values((named as GraphQLObjectType).getFields()) // interfaces have the same method
    .filter((field) => !field.args.some(isRequiredArgument))
    .filter((field) => depth > 1 || !hasFields(field.type));
  const below = named.name.endsWith('Connection') || named.name.endsWith('Edge') ? depth : depth - 1;
  return ` { __typename ${fields.map((field) => fieldText(field, below, rows)).join(' ')} }`;
}

function hasFields(type: GraphQLOutputType): boolean {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named);
}
