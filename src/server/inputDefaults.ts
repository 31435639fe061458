import {
  astFromValue,
  type DocumentNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Fills omitted input fields of non-null types with their defaults (`direction: OrderDirection! = ASC`) in the
 * variables of an operation: graphql-jit 0.8 refuses them as not provided. Source: GraphQL specification, October
 * 2021, §3.10, input coercion. Values are left as the client sent them; wrong ones are for the executor to refuse.
 */
export function makeInputDefaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): (variables: Variables) => Variables {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const types = definitions.flatMap((definition): [string, GraphQLInputType][] => {
    const type = typeFromAST(schema, definition.type);
    const isFilled = type !== undefined && isInputType(type) && hasDefaults(type, new Set());
    return isFilled ? [[definition.variable.name.value, type]] : [];
  });
  if (types.length === 0) return (variables) => variables;
  return (variables) => {
    const filled: Record<string, unknown> = { ...variables };
    for (const [name, type] of types) if (name in filled) filled[name] = fill(type, filled[name]);
    return filled;
  };
}

/** Whether a value of this type can lack a field that has to be filled. */
function hasDefaults(type: GraphQLInputType, seen: Set<GraphQLInputObjectType>): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || seen.has(named)) return false;
  seen.add(named);
  return Object.values(named.getFields()).some(
    (field) =>
      (isNonNullType(field.type) && field.defaultValue !== undefined) || hasDefaults(field.type, seen),
  );
}

function fill(type: GraphQLInputType, value: unknown): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const { ofType } = nullable;
    if (!isInputObjectType(getNamedType(ofType))) return value;
    return Array.isArray(value) ? value.map((item) => fill(ofType, item)) : fill(ofType, value);
  }
  if (!isInputObjectType(nullable) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const filled: Record<string, unknown> = { ...value };
  for (const field of Object.values(nullable.getFields())) {
    if (filled[field.name] !== undefined) filled[field.name] = fill(field.type, filled[field.name]);
    else if (isNonNullType(field.type) && field.defaultValue !== undefined)
      filled[field.name] = defaultOf(field.type, field.defaultValue);
  }
  return filled;
}

/** The default as a client would send it: an enum's value by name. */
function defaultOf(type: GraphQLInputType, defaultValue: unknown): unknown {
  const ast = astFromValue(defaultValue, type);
  return ast === null || ast === undefined ? undefined : valueFromASTUntyped(ast);
}
