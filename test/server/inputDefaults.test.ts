import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makeInputDefaults } from '../../src/server/inputDefaults.ts';

const schema = buildSchema(`
  enum Direction { ASC DESC }
  input Order { field: String! direction: Direction! = ASC nested: [Order!] limit: Int! = 3 note: String = "kept" }
  type Query { list(order: Order, orders: [Order!], text: String! = "x"): Int }
`);

function fill(query: string, variables: Readonly<Record<string, unknown>>) {
  return makeInputDefaults(schema, parse(query), undefined)(variables);
}

describe('defaults of input fields', () => {
  it('are filled in at every depth, single values of lists included', () => {
    const query = 'query ($order: Order, $orders: [Order!]) { list(order: $order, orders: $orders) }';
    const order = { field: 'a', nested: [{ field: 'b', direction: 'DESC' }] };
    expect(fill(query, { order, orders: { field: 'c' } })).toEqual({
      order: {
        field: 'a',
        direction: 'ASC',
        limit: 3,
        nested: [{ field: 'b', direction: 'DESC', limit: 3 }],
      },
      orders: { field: 'c', direction: 'ASC', limit: 3 },
    });
  });

  it('leave null, wrong and absent values to the executor', () => {
    const query = 'query ($order: Order, $orders: [Order!]) { list(order: $order, orders: $orders) }';
    expect(fill(query, { order: null, orders: [4, null, { direction: null }] })).toEqual({
      order: null,
      orders: [4, null, { direction: null, limit: 3 }],
    });
    expect(fill(query, {})).toEqual({});
  });

  it('cost nothing where no variable can lack one', () => {
    const variables = { text: 'a' };
    expect(fill('query ($text: String!) { list(text: $text) }', variables)).toBe(variables);
  });
});
