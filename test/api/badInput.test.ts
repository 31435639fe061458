import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../../src/globalId.ts';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

const adjust = `mutation ($input: InventoryAdjustQuantitiesInput!) {
  inventoryAdjustQuantities(input: $input) { inventoryLevels { id } userErrors { code field message } }
}`;
const deep = (levels: number): string =>
  levels === 0 ? '{ id }' : `{ variants(first: 1) { nodes { product ${deep(levels - 1)} } } }`;

describe.each(executors)('bad input under the %s executor', (executor) => {
  let server: TestServer;
  let variantId: string;
  let warehouseId: string;
  let before: unknown;

  /** What a mutation may have changed: the ledger's length and whether everything still agrees with it. */
  const stateOf = async () =>
    (
      await server.ask(
        '{ inventoryMovements(first: 0) { totalCount } inventoryConsistency { isConsistent checkedLevels } }',
      )
    ).data;
  const refusalOf = async (query: string, variables?: unknown) => {
    const { errors, data, status } = await server.ask(query, variables);
    expect((errors ?? []).map(({ extensions }) => extensions.code)).not.toContain('INTERNAL_SERVER_ERROR');
    return { message: errors?.[0]?.message, code: errors?.[0]?.extensions.code, data: data ?? null, status };
  };

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
    const { data } = await server.ask(
      '{ inventoryLevels(first: 1) { nodes { variant { id } warehouse { id } } } }',
    );
    variantId = data.inventoryLevels.nodes[0].variant.id;
    warehouseId = data.inventoryLevels.nodes[0].warehouse.id;
    before = await stateOf();
  });

  afterAll(async () => {
    await server.close();
  });

  it.each([
    [
      -2_000_000,
      'input.changes.0.delta must be −1,000,000 to 1,000,000 and not 0, got −2,000,000.',
      'INVALID_QUANTITY',
    ],
    [
      2_147_483_647,
      'input.changes.0.delta must be −1,000,000 to 1,000,000 and not 0, got 2,147,483,647.',
      'INVALID_QUANTITY',
    ],
    [-999_999, undefined, 'NEGATIVE_RESULT'],
  ])('refuses to adjust stock by %i and writes nothing', async (delta, message, code) => {
    const { data, errors } = await server.ask(adjust, {
      input: { reason: 'Count', changes: [{ variantId, warehouseId, delta }] },
    });
    expect(errors).toBeUndefined();
    expect(data.inventoryAdjustQuantities.inventoryLevels).toBeNull();
    const [error] = data.inventoryAdjustQuantities.userErrors;
    expect(error.code).toBe(code);
    expect(error.field.slice(0, 3)).toEqual(['input', 'changes', '0']);
    if (message !== undefined) expect(error.message).toBe(message);
    expect(await stateOf()).toEqual(before);
  });

  it('refuses all changes where one is bad, and writes none', async () => {
    const good = { variantId, warehouseId, delta: 1 };
    const bad = { ...good, variantId: toGlobalId('ProductVariant', 2_000_000_000) };
    const { data } = await server.ask(adjust, { input: { reason: 'Count', changes: [good, bad] } });
    expect(data.inventoryAdjustQuantities).toEqual({
      inventoryLevels: null,
      userErrors: [
        {
          code: 'NOT_FOUND',
          field: ['input', 'changes', '1', 'variantId'],
          message: `input.changes.1.variantId must be the id of an existing ProductVariant, got '${bad.variantId}'.`,
        },
      ],
    });
    expect(await stateOf()).toEqual(before);
  });

  it.each(['garbage', '', '7', toGlobalId('Warehouse', 1)])(
    'refuses the id %o for a variant and writes nothing',
    async (id) => {
      const input = { reason: 'Count', changes: [{ variantId: id, warehouseId, delta: 1 }] };
      expect(await refusalOf(adjust, { input })).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: `input.changes.0.variantId must be the id of a ProductVariant, got '${id}'.`,
      });
      expect(await stateOf()).toEqual(before);
    },
  );

  it.each([
    ['{ products(first: -1) { nodes { id } } }', 'first must be 0 to 100, got -1.'],
    ['{ products(first: 101) { nodes { id } } }', 'first must be 0 to 100, got 101.'],
    ['{ products(first: 1, last: 1) { nodes { id } } }', 'Either first or last must be given, got both.'],
    [
      '{ products(first: 1) { nodes { forecast(horizon: 0) { horizon } } } }',
      'horizon must be 1 to 64 periods, got 0.',
    ],
    [
      '{ products(first: 1) { nodes { forecast(horizon: 10000) { horizon } } } }',
      'horizon must be 1 to 64 periods, got 10000.',
    ],
    [
      '{ products(first: 1) { nodes { forecast(frequency: HOURLY) { horizon } } } }',
      'frequency must be DAILY, WEEKLY or MONTHLY, got HOURLY.',
    ],
    [
      '{ productVariants(first: 1) { nodes { reorderProposal(serviceLevel: 1) { quantity } } } }',
      'serviceLevel must be above 0 and below 1, got 1.',
    ],
    [
      '{ productVariants(first: 1) { nodes { reorderProposal(reviewDays: 31) { quantity } } } }',
      'reviewDays must be 1 to 30 days, got 31.',
    ],
    [
      '{ sales(from: "2026-02-02", to: "2026-02-01") { units } }',
      'from must not be later than to, got 2026-02-02 and 2026-02-01.',
    ],
    ['{ sales(from: "0001-01-01") { units } }', undefined],
    ['{ sales(to: "9999-12-31", interval: MONTH) { units } }', undefined],
    [
      `{ products(query: "${'x'.repeat(201)}") { nodes { id } } }`,
      'query must have at most 200 characters, got 201.',
    ],
    ['{ products(query: "\\u0000") { nodes { id } } }', 'query must not contain the character U+0000.'],
    [
      '{ products(filter: { name: { contains: "\\u0000" } }) { nodes { id } } }',
      'filter.name.contains must not contain the character U+0000.',
    ],
  ])('is refused in one sentence: %s', async (query, message) => {
    const refusal = await refusalOf(query);
    if (message !== undefined) expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', message });
  });

  it('refuses the cursor of another list and of another order', async () => {
    const { data } = await server.ask(
      '{ products(first: 1, orderBy: { field: NAME }) { pageInfo { endCursor } } }',
    );
    const after = data.products.pageInfo.endCursor;
    const message = `after must be a cursor of this list in this order, got '${after.slice(0, 60)}'.`;
    const lists = [
      'products(after: $after)',
      'products(after: $after, orderBy: { field: BEST_SELLING })',
      'warehouses(after: $after)',
      'inventoryMovements(after: $after)',
    ];
    for (const list of lists)
      expect(
        await refusalOf(`query ($after: String!) { ${list} { nodes { id } } }`, { after }),
      ).toMatchObject({ code: 'BAD_USER_INPUT', message });
  });

  it('takes a search text as it is, whatever it holds', async () => {
    for (const query of [
      "'",
      '"',
      '\\',
      '%',
      '& | !',
      ':*',
      '(((',
      "x'; DROP TABLE product; --",
      '🙂',
      ' ',
      '<->',
    ]) {
      const { errors } = await server.ask(
        'query ($query: String!) { products(query: $query) { nodes { id } } productVariantBySku(sku: $query) { id } }',
        { query },
      );
      expect(errors).toBeUndefined();
    }
  });

  it('refuses texts that PostgreSQL cannot hold, wherever they are sent', async () => {
    const nul = 'a\0b';
    const changes = [{ variantId, warehouseId, delta: 1 }];
    expect(await refusalOf(adjust, { input: { reason: nul, changes } })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(
      (await server.ask('query ($sku: String!) { productVariantBySku(sku: $sku) { id } }', { sku: nul }))
        .data,
    ).toEqual({ productVariantBySku: null });
    await refusalOf(
      'mutation ($i: ReorderProposalDecideInput!) { reorderProposalDecide(input: $i) { userErrors { message } } }',
      {
        i: { proposalIds: [toGlobalId('ReorderProposal', 1)], decision: 'REJECT', actor: nul, reason: nul },
      },
    );
    const row = {
      orderNumber: nul,
      sku: nul,
      name: nul,
      quantity: 1,
      soldAt: '2026-10-01T00:00:00Z',
      unitPrice: '1',
      customerCode: nul,
      country: nul,
    };
    await refusalOf(
      'mutation ($i: SalesImportInput!) { salesImport(input: $i) { userErrors { message } refusals { message } } }',
      {
        i: { warehouseCode: nul, currencyCode: 'EUR', channel: nul, rows: [row] },
      },
    );
    await refusalOf(
      'mutation ($i: SalesImportInput!) { salesImport(input: $i) { userErrors { message } refusals { message } } }',
      {
        i: { warehouseCode: 'RTM', currencyCode: 'EUR', rows: [row] },
      },
    );
    expect(await stateOf()).toEqual(before);
  });
});

describe('limits of a query', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(() => server.close());

  it.each([
    [
      '1,000 aliases',
      `{ ${Array.from({ length: 1_000 }, (_, n) => `a${n}: models { id }`).join(' ')} }`,
      /^Aliases limit of 50 exceeded, found 1000\.$/,
    ],
    ['a depth of 30', `{ product(id: "x") ${deep(10)} }`, /^Query depth limit of 12 exceeded, found 32\.$/],
    [
      'a million rows',
      '{ products(first: 100) { nodes { variants(first: 100) { nodes { product { variants(first: 100) { nodes { id } } } } } } } }',
      /^The query must cost at most 250000 objects, but it asks for up to \d+; ask for fewer rows or fields\.$/,
    ],
  ])('refuse %s in one sentence', async (_, query, message) => {
    const { errors, data } = await server.ask(query);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it('let what is under them pass, and tell its cost', async () => {
    const { extensions, errors } = await server.ask(
      '{ products(first: 100) { nodes { id category { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(extensions.cost.requestedQueryCost).toBe(1 + 100 * 2);
    expect(extensions.cost.actualQueryCost).toBeLessThanOrEqual(1 + 1 + 100 * 2);
  });
});
