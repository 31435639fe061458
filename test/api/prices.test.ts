import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/testServer.ts';

let server: TestServer;
let variantId: string;
let price: string;
let currencyCode: string;

beforeAll(async () => {
  server = await startTestServer();
  const { data } = await server.ask(
    '{ productVariants(first: 1) { nodes { id price { amount currencyCode } } } }',
  );
  const [variant] = data.productVariants.nodes;
  variantId = variant.id;
  price = variant.price.amount;
  currencyCode = variant.price.currencyCode;
});
afterAll(() => server.close());

const setPrices = `mutation ($input: VariantPriceSetInput!, $key: String!) {
  variantPriceSet(input: $input) @idempotent(key: $key) {
    prices { validFrom price { amount currencyCode } listPrice { amount } isPromotion status source actor reason
             comparePrice { amount } variant { id price { amount } } }
    userErrors { code field message }
  }
}`;
const lineOf = (fields: object = {}) => ({
  variantId,
  price: '1.25',
  comparePrice: price,
  currencyCode,
  ...fields,
});
const set = (key: string, ...prices: object[]) =>
  server.ask(setPrices, { key, input: { actor: 'Ada', reason: 'Clearance', prices } });
const readPrices = async (): Promise<Record<'listPrice' | 'priceHistory' | 'scheduled', object[]>> => {
  const { data } = await server.ask(
    `query ($id: ID!) { node(id: $id) { ... on ProductVariant {
      price { amount } listPrice { amount } priceHistory { price { amount } source }
      scheduled: priceHistory(status: SCHEDULED) { validFrom price { amount } } } } }`,
    { id: variantId },
  );
  return data.node;
};

it.each([
  [
    'COMPARE_PRICE_STALE',
    'comparePrice',
    { comparePrice: '0.01' },
    (): string => `the price that holds before this one, ${price}, got 0.01`,
  ],
  [
    'COMPARE_PRICE_REQUIRED',
    'comparePrice',
    { comparePrice: null },
    (): string => 'given unless ignoreComparePrice is true, got null',
  ],
  [
    'CURRENCY_MISMATCH',
    'currencyCode',
    { currencyCode: 'JPY' },
    (): string => `the currency of its variant, ${currencyCode}, got JPY`,
  ],
  [
    'INVALID_PRICE',
    'price',
    { price: '0' },
    (): string => 'above 0 and below 10,000,000,000, with at most four decimals, got 0',
  ],
  [
    'INVALID_PRICE',
    'price',
    { price: '-1' },
    (): string => 'above 0 and below 10,000,000,000, with at most four decimals, got -1',
  ],
  ['INVALID_PRICE', 'listPrice', { listPrice: '1.00' }, (): string => 'at least the price 1.25, got 1.00'],
  [
    'VALID_FROM_PASSED',
    'validFrom',
    { validFrom: '2020-01-01' },
    (): string => `${new Date().toISOString().slice(0, 10)} (today, UTC) or later, got 2020-01-01`,
  ],
  [
    'NOT_FOUND',
    'variantId',
    { variantId: Buffer.from('ProductVariant:2000000000').toString('base64url') },
    (): string => "the id of an existing ProductVariant, got 'UHJvZHVjdFZhcmlhbnQ6MjAwMDAwMDAwMA'",
  ],
])('refuses with %s in %s, and writes nothing', async (code, name, fields, rule) => {
  const before = await readPrices();
  const { data, errors } = await set(`refused ${JSON.stringify(fields)}`, lineOf(fields));
  expect(errors).toBeUndefined();
  const field = ['input', 'prices', '0', name];
  expect(data.variantPriceSet).toEqual({
    prices: null,
    userErrors: [{ code, field, message: `${field.join('.')} must be ${rule()}.` }],
  });
  expect(await readPrices()).toEqual(before);
});

it('refuses a variant named twice, blank names and more than 250 lines', async () => {
  const blank = { key: 'twice', input: { actor: ' ', reason: 'Clearance', prices: [lineOf(), lineOf()] } };
  expect((await server.ask(setPrices, blank)).data.variantPriceSet.userErrors).toEqual([
    {
      code: 'BLANK',
      field: ['input', 'actor'],
      message: 'input.actor must have at least one character that can be seen, got none.',
    },
    {
      code: 'DUPLICATE_VARIANT',
      field: ['input', 'prices', '1'],
      message: 'input.prices.1 must name a variant of its own, got that of input.prices.0.',
    },
  ]);
  const many = await set('many', ...Array.from({ length: 251 }, () => lineOf()));
  expect(many.data.variantPriceSet.userErrors).toEqual([
    {
      code: 'TOO_MANY_LINES',
      field: ['input', 'prices'],
      message: 'input.prices must have 1 to 250 entries, got 251.',
    },
  ]);
});

it('sets a price once for its key, and schedules another', async () => {
  const before = await readPrices();
  const { data, errors } = await set('set', lineOf());
  expect(errors).toBeUndefined();
  expect(data.variantPriceSet).toEqual({
    prices: [
      {
        validFrom: new Date().toISOString().slice(0, 10),
        price: { amount: '1.25', currencyCode },
        listPrice: before.listPrice,
        isPromotion: true,
        status: 'EFFECTIVE',
        source: 'MANUAL',
        actor: 'Ada',
        reason: 'Clearance',
        comparePrice: { amount: price },
        variant: { id: variantId, price: { amount: '1.25' } },
      },
    ],
    userErrors: [],
  });
  expect((await set('set', lineOf())).data).toEqual(data);
  const later = lineOf({ price: '1.50', comparePrice: '1.25', validFrom: '2999-12-31' });
  expect((await set('later', later)).data.variantPriceSet).toMatchObject({
    prices: [{ status: 'SCHEDULED', variant: { price: { amount: '1.25' } } }],
    userErrors: [],
  });
  const after = await readPrices();
  const { data: scheduled } = await server.ask(
    'query ($id: ID!) { node(id: $id) { ... on ProductVariant { priceHistory(status: SCHEDULED) { id } } } }',
    { id: variantId },
  );
  const cancelled = await server.ask(
    `mutation ($ids: [ID!]!) { variantPriceCancel(input: { actor: "Bo", reason: "Late", priceIds: $ids }) {
      prices { status cancelledBy cancelReason } userErrors { code } } }`,
    { ids: scheduled.node.priceHistory.map(({ id }: { id: string }) => id) },
  );
  expect(cancelled.data.variantPriceCancel).toEqual({
    prices: [{ status: 'CANCELLED', cancelledBy: 'Bo', cancelReason: 'Late' }],
    userErrors: [],
  });
  expect(after.priceHistory).toEqual([
    ...before.priceHistory,
    { price: { amount: '1.25' }, source: 'MANUAL' },
  ]);
  expect(after.scheduled).toEqual([{ validFrom: '2999-12-31', price: { amount: '1.50' } }]);
});
