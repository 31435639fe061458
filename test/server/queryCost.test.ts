import { buildSchema, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { actualQueryCost, requestedQueryCost } from '../../src/server/queryCost.ts';

const schema = buildSchema(`
  type Query { product: Product products(first: Int, last: Int): ProductConnection! tags: [Tag!]! node: Node }
  type Mutation { rename: Product }
  interface Node { id: ID! }
  type Product implements Node { id: ID! name: String tags: [Tag!]! variants(first: Int): VariantConnection! }
  type ProductConnection { nodes: [Product!]! edges: [ProductEdge!]! pageInfo: PageInfo! totalCount: Int! }
  type ProductEdge { node: Product! }
  type VariantConnection { nodes: [Variant!]! }
  type Variant { sku: String! tags: [Tag!]! }
  type PageInfo { hasNextPage: Boolean! }
  type Tag { name: String! values: [Float!]! }
`);

function costOf(text: string, variables: Record<string, unknown> = {}): number {
  const { definitions } = parse(text);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The text must hold an operation.');
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return requestedQueryCost({ schema, operation, fragments, variables });
}

describe('the requested cost', () => {
  it.each([
    ['nothing for scalars and introspection', '{ __typename __schema { types { name } } }', 0],
    ['1 an object', '{ product { id name } }', 1],
    ['10 for a plain list', '{ tags { name values } }', 10],
    ['a connection and its page', '{ products(first: 50) { nodes { id } } }', 1 + 50],
    ['the page backward', '{ products(last: 7) { nodes { id } } }', 1 + 7],
    ['20 rows where no size is given', '{ products { nodes { id } } }', 1 + 20],
    [
      'edges and nodes each, two objects an edge',
      '{ products(first: 5) { edges { node { id } } } }',
      1 + 5 * 2,
    ],
    ['the page information', '{ products(first: 5) { pageInfo { hasNextPage } totalCount } }', 2],
    [
      'lists in lists, multiplied',
      '{ products(first: 50) { nodes { variants(first: 10) { nodes { sku tags { name } } } } } }',
      1 + 50 * (1 + 1 + 10 * (1 + 10)),
    ],
    ['every alias', '{ a: product { id } b: product { id } c: tags { name } }', 12],
    ['10 more for a mutation', 'mutation { rename { id } }', 11],
    ['nothing for a negative size', '{ products(first: -5) { nodes { id } } }', 1],
  ])('counts %s', (_, text, cost) => {
    expect(costOf(text)).toBe(cost);
  });

  it('reads page sizes from variables, then from their defaults', () => {
    const text = 'query ($n: Int = 100) { products(first: $n) { nodes { id } } }';
    expect(costOf(text, { n: 3 })).toBe(4);
    expect(costOf(text)).toBe(101);
    expect(costOf(text, { n: null })).toBe(21);
    expect(costOf(text, { n: 'seven' })).toBe(21);
  });

  it('counts named and inline fragments wherever they are spread', () => {
    const text = `
      query { node { ...Wares ... on Product { tags { name } } } products(first: 3) { nodes { ...Wares } } }
      fragment Wares on Product { variants(first: 4) { nodes { sku } } }`;
    expect(costOf(text)).toBe(1 + (1 + 4) + 10 + 1 + 3 * (1 + 1 + 4));
  });

  it('takes the page size of the connection for a fragment on it', () => {
    const text = `
      query { a: products(first: 2) { ...Rows } b: products(first: 30) { ...Rows } }
      fragment Rows on ProductConnection { nodes { id } }`;
    expect(costOf(text)).toBe(1 + 2 + 1 + 30);
  });

  it('is known at once for fragments that double forty times', () => {
    const doubling = Array.from(
      { length: 40 },
      (_, level) => `fragment F${level} on Product { ...F${level + 1} ...F${level + 1} }`,
    );
    const text = `{ product { ...F0 } } ${doubling.join(' ')} fragment F40 on Product { tags { name } }`;
    const start = performance.now();
    expect(costOf(text)).toBe(1 + 10 * 2 ** 40);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('leaves fields, fragments and types out that the schema does not have', () => {
    expect(costOf('{ nothing { id } ...Missing ... on Nobody { tags { name } } }')).toBe(10);
  });
});

describe('the actual cost', () => {
  it.each([
    [null, 0],
    [{}, 1],
    [{ product: { id: '1', tags: [{ name: 'a' }, { name: 'b' }] } }, 4],
    [{ products: { nodes: [{ id: '1' }, null, { id: '2' }], values: [1, 2, 3] } }, 4],
  ])('is the number of objects in %o', (data, cost) => {
    expect(actualQueryCost(data)).toBe(cost);
  });
});
