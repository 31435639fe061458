import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

type Page = {
  readonly products: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly id: string; readonly name: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};
type Adjusted = {
  readonly inventoryAdjustQuantities: {
    readonly inventoryLevels: readonly { readonly id: string; readonly onHand: number }[] | null;
    readonly userErrors: readonly unknown[];
  };
};
type Level = {
  readonly id: string;
  readonly onHand: number;
  readonly variant: { readonly id: string };
  readonly warehouse: { readonly id: string };
};
type Send = (text: string, variables: Record<string, unknown>, isMutation?: boolean) => Promise<unknown>;

const pageQuery = `query Page($after: String) {
  products(first: 30, after: $after, orderBy: { field: NAME }) {
    totalCount
    nodes { id name }
    pageInfo { hasNextPage endCursor }
  }
}`;
const levelQuery =
  'query Level { inventoryLevels(first: 1) { nodes { id onHand variant { id } warehouse { id } } } }';
const adjustMutation = `mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryLevels { id onHand }
    userErrors { code message field }
  }
}`;

/** The three clients, each as a function that sends a document; they throw on errors. */
function makeClients(url: string): Record<string, Send> {
  const apollo = new ApolloClient({ link: new HttpLink({ uri: url, fetch }), cache: new InMemoryCache() });
  const urql = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false });
  const request = new GraphQLClient(url);
  return {
    '@apollo/client': async (text, variables, isMutation) => {
      const document = apolloGql(text);
      const { data } =
        isMutation === true
          ? await apollo.mutate({ mutation: document, variables })
          : await apollo.query({ query: document, variables, fetchPolicy: 'no-cache' });
      return data;
    },
    '@urql/core': async (text, variables, isMutation) => {
      const { data, error } = await (isMutation === true
        ? urql.mutation(text, variables)
        : urql.query(text, variables)
      ).toPromise();
      if (error !== undefined) throw error;
      return data;
    },
    'graphql-request': (text, variables) => request.request(text, variables),
  };
}

describe.each(executors)('clients against the server under the %s executor', (executor) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  describe.each(['@apollo/client', '@urql/core', 'graphql-request'])('%s', (name) => {
    const send: Send = (text, variables, isMutation) => {
      const client = makeClients(server.url)[name];
      if (client === undefined) throw new Error(`The client must be known, got ${name}.`);
      return client(text, variables, isMutation);
    };

    it('walks a whole list page by page', async () => {
      const seen: string[] = [];
      let after: string | null = null;
      let total = 0;
      for (let hasNext = true; hasNext; ) {
        const { products } = (await send(pageQuery, { after })) as Page; // the shape of pageQuery
        seen.push(...products.nodes.map(({ id }) => id));
        total = products.totalCount;
        ({ hasNextPage: hasNext, endCursor: after } = products.pageInfo);
      }
      expect(seen).toHaveLength(total);
      expect(new Set(seen).size).toBe(total);
    });

    it('changes stock once, however often it sends the mutation with one key', async () => {
      const { inventoryLevels } = (await send(levelQuery, {})) as { inventoryLevels: { nodes: Level[] } }; // the shape of levelQuery
      const [level] = inventoryLevels.nodes;
      const change = { variantId: level?.variant.id, warehouseId: level?.warehouse.id, delta: 5 };
      const variables = { input: { reason: 'Count', changes: [change] }, key: `${executor} ${name}` };
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const { inventoryAdjustQuantities: payload } = (await send(
          adjustMutation,
          variables,
          true,
        )) as Adjusted; // the shape of adjustMutation
        expect(payload.userErrors).toEqual([]);
        expect(payload.inventoryLevels).toMatchObject([{ id: level?.id, onHand: (level?.onHand ?? 0) + 5 }]);
      }
    });

    it('is told what is wrong', async () => {
      await expect(send('query Bad { products(first: 101) { nodes { id } } }', {})).rejects.toThrow(
        'first must be 0 to 100, got 101.',
      );
    });
  });
});
