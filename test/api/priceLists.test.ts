import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

describe.each(executors)('under the %s executor', (executor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });
  afterAll(() => server.close());

  it('a price list is made, filled, asked and changed', async () => {
    const { data: page } = await server.ask(
      '{ productVariants(first: 1) { nodes { id price { amount currencyCode } } } }',
    );
    const [{ id, price }] = page.productVariants.nodes;
    const made = await server.ask(
      `mutation { priceListCreate(input: { name: "Trade", currencyCode: "USD", customerGroup: "trade" }) @idempotent(key: "list") {
      priceList { id name currencyCode validFrom validTo customerGroup channel priority } userErrors { code }
    } }`,
    );
    expect(made.errors).toBeUndefined();
    const { priceList, userErrors } = made.data.priceListCreate;
    expect(userErrors).toEqual([]);
    expect(priceList).toEqual({
      id: expect.any(String),
      name: 'Trade',
      currencyCode: 'USD',
      validFrom: null,
      validTo: null,
      customerGroup: 'trade',
      channel: null,
      priority: 0,
    });
    const filled = await server.ask(
      `mutation ($list: ID!, $variant: ID!) {
      priceListEntriesSet(input: { priceListId: $list, currencyCode: "USD", entries: [{ variantId: $variant, price: "7.77" }] }) {
        priceList { id } userErrors { code }
      }
    }`,
      { list: priceList.id, variant: id },
    );
    expect(filled.data.priceListEntriesSet).toEqual({ priceList: { id: priceList.id }, userErrors: [] });
    const ask = async () =>
      (
        await server.ask(
          `query ($variant: ID!, $list: ID!, $own: CurrencyCode!) {
          node(id: $variant) { ... on ProductVariant {
            trade: priceIn(currencyCode: "USD", customerGroup: "trade") { price { amount currencyCode } priceList { id } }
            all: priceIn(currencyCode: "USD") { price { amount } }
            own: priceIn(currencyCode: $own) { price { amount currencyCode } priceList { id } }
          } }
          priceListEntries(first: 5, filter: { priceListIds: [$list] }) { totalCount nodes { variant { id } price { amount } priceList { name } } }
        }`,
          { variant: id, list: priceList.id, own: price.currencyCode },
        )
      ).data;
    expect(await ask()).toEqual({
      node: {
        trade: { price: { amount: '7.77', currencyCode: 'USD' }, priceList: { id: priceList.id } },
        all: null,
        own: { price, priceList: null },
      },
      priceListEntries: {
        totalCount: 1,
        nodes: [{ variant: { id }, price: { amount: '7.77' }, priceList: { name: 'Trade' } }],
      },
    });
    const update = `mutation ($input: PriceListUpdateInput!) {
    priceListUpdate(input: $input) { priceList { name customerGroup priority } userErrors { code field } }
  }`;
    const changed = await server.ask(update, { input: { priceListId: priceList.id, customerGroup: null } });
    expect(changed.data.priceListUpdate).toEqual({
      priceList: { name: 'Trade', customerGroup: null, priority: 0 },
      userErrors: [],
    });
    expect((await ask()).node.all).toEqual({ price: { amount: '7.77' } });
    const refused = await server.ask(update, { input: { priceListId: priceList.id, priority: -1 } });
    expect(refused.data.priceListUpdate).toEqual({
      priceList: null,
      userErrors: [{ code: 'INVALID_PRIORITY', field: ['input', 'priority'] }],
    });
  });
});
