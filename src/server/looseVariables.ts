import { BREAK, type DocumentNode, Kind, visit } from 'graphql';

/**
 * Whether a document uses a variable that may be absent or null inside a list or object literal. graphql-jit 0.8
 * passes null there, where an absent variable must leave the field out and its default stand (GraphQL specification,
 * October 2021, §3.10).
 */
export function hasLooseVariables(document: DocumentNode): boolean {
  const loose = new Set<string>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION)
      for (const { variable, type } of definition.variableDefinitions ?? [])
        if (type.kind !== Kind.NON_NULL_TYPE) loose.add(variable.name.value);
  if (loose.size === 0) return false;
  let depth = 0;
  let isFound = false;
  const literal = {
    enter: () => {
      depth += 1;
    },
    leave: () => {
      depth -= 1;
    },
  };
  visit(document, {
    ObjectValue: literal,
    ListValue: literal,
    Variable: ({ name }) => {
      if (depth === 0 || !loose.has(name.value)) return;
      isFound = true;
      return BREAK;
    },
  });
  return isFound;
}
