import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  type InlineFragmentNode,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a cost is computed from. */
export type CostRequest = {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
};
type Costing = CostRequest & {
  /** Costs of fragments by name and page size: fragments that spread others twice would cost time without end. */
  readonly known: Map<string, number>;
};

/** Rows assumed for a connection without `first` and `last`, and for a plain list. */
const defaultPageSize = 20;
const assumedListLength = 10;
const mutationCost = 10;

/**
 * Upper estimate of the objects an operation asks for: 1 an object, times the page size below a connection, times
 * 10 below a plain list; scalars are free; a mutation adds 10.
 */
export function requestedQueryCost(request: CostRequest): number {
  const { schema, operation } = request;
  const root = schema.getRootType(operation.operation);
  if (root === null || root === undefined) return 0;
  const base = operation.operation === 'mutation' ? mutationCost : 0;
  return (
    base + selectionCost({ ...request, known: new Map() }, operation.selectionSet, root, defaultPageSize)
  );
}

/** Number of objects in the answer. */
export function actualQueryCost(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((sum: number, item) => sum + actualQueryCost(item), 0);
  if (typeof data !== 'object' || data === null) return 0;
  let cost = 1;
  for (const key in data) {
    const value = (data as Record<string, unknown>)[key];
    if (typeof value === 'object' && value !== null) cost += actualQueryCost(value);
  }
  return cost;
}

function selectionCost(
  request: Costing,
  { selections }: SelectionSetNode,
  parent: GraphQLNamedType,
  pageSize: number,
): number {
  let cost = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      cost += fieldCost(request, selection, parent, pageSize);
      continue;
    }
    cost +=
      selection.kind === Kind.INLINE_FRAGMENT
        ? fragmentCost(request, selection, parent, pageSize)
        : spreadCost(request, selection.name.value, parent, pageSize);
  }
  return cost;
}

function fragmentCost(
  request: Costing,
  { typeCondition, selectionSet }: InlineFragmentNode | FragmentDefinitionNode,
  parent: GraphQLNamedType,
  pageSize: number,
): number {
  const condition = typeCondition?.name.value;
  const type = condition === undefined ? parent : (request.schema.getType(condition) ?? parent);
  return selectionCost(request, selectionSet, type, pageSize);
}

function spreadCost(request: Costing, name: string, parent: GraphQLNamedType, pageSize: number): number {
  const fragment = request.fragments.get(name);
  if (fragment === undefined) return 0;
  const key = `${name} ${pageSize}`;
  const known = request.known.get(key) ?? fragmentCost(request, fragment, parent, pageSize);
  request.known.set(key, known);
  return known;
}

function fieldCost(request: Costing, node: FieldNode, parent: GraphQLNamedType, pageSize: number): number {
  if (!(isObjectType(parent) || isInterfaceType(parent)) || node.selectionSet === undefined) return 0;
  const field = parent.getFields()[node.name.value];
  if (field === undefined) return 0;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return 0;
  const isPage = parent.name.endsWith('Connection');
  const rows = isListType(getNullableType(field.type)) ? (isPage ? pageSize : assumedListLength) : 1;
  const ownSize = readNumber(request, node, 'first') ?? readNumber(request, node, 'last') ?? defaultPageSize;
  return rows * (1 + selectionCost(request, node.selectionSet, type, ownSize));
}

function readNumber(
  { variables, operation }: CostRequest,
  node: FieldNode,
  name: string,
): number | undefined {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind === Kind.INT) return Math.max(0, Number(value.value));
  if (value?.kind !== Kind.VARIABLE) return undefined;
  const variable = value.name.value;
  const given = variables[variable];
  if (typeof given === 'number') return Math.max(0, given);
  const definition = operation.variableDefinitions?.find((each) => each.variable.name.value === variable);
  const isDefault = given === undefined && definition?.defaultValue?.kind === Kind.INT;
  return isDefault ? Math.max(0, Number(definition.defaultValue.value)) : undefined;
}
