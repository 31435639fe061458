import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CatalogueService, makeCatalogueService } from '../../src/catalogue/service.ts';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const byId = { field: 'ID', direction: 'ASC' } as const;
let database: Database;
let catalogue: CatalogueService;

beforeAll(async () => {
  database = await openTestDatabase();
  catalogue = makeCatalogueService(database);
  await database.sql.execute(`
    INSERT INTO category (id, code, name) VALUES (1, 'KITCHEN', 'Kitchen'), (2, 'GARDEN', 'Garden');
    INSERT INTO product (id, handle, name, description, category_id, units_sold, created_at) VALUES
      (1, 'red-holder', 'Red t-light holder', 'Glass, hand-blown', 1, 30, '2026-01-01T00:00:00Z'),
      (2, 'blue-holder', 'Blue t-light holders', 'Glass', 1, 10, '2026-01-02T00:00:00Z'),
      (3, 'spade', 'Garden spade', 'Steel with an ash handle', 2, 20, '2026-01-03T00:00:00Z'),
      (4, 'mystery', 'Mystery box', '', NULL, 0, '2026-01-04T00:00:00Z');
    INSERT INTO product_variant (id, product_id, sku, name, price, list_price, currency_code, units_sold, launched_on) VALUES
      (1, 1, 'RED-S', 'Small', 2.5500, 3.0000, 'GBP', 10, '2025-12-24'), (2, 1, 'RED-L', 'Large', 4.2500, 4.2500, 'GBP', 20, NULL),
      (3, 2, 'BLUE', 'Blue', 2.5500, 2.5500, 'GBP', 10, NULL), (4, 3, 'SPADE', 'Spade', 19.9900, 24.9900, 'GBP', 20, NULL);
    INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code) VALUES
      (1, '2026-02-01', 2.55, 3, 'GBP'), (1, '2026-01-01', 3, 3, 'GBP'), (4, '2026-01-15', 19.99, 24.99, 'GBP');`);
});

afterAll(() => database.close());

type ProductFilter = Parameters<CatalogueService['listProducts']>[0];
type VariantFilter = Parameters<CatalogueService['listVariants']>[0];
const productsOf = async (filter: ProductFilter) =>
  (await catalogue.listProducts(filter, byId, {})).nodes.map(({ id }) => id);
const skusOf = async (filter: VariantFilter) =>
  (await catalogue.listVariants(filter, byId, {})).nodes.map(({ sku }) => sku);

describe('the list of products', () => {
  it.each([
    ['everything', {}, [1, 2, 3, 4]],
    ['part of a name, whatever its case', { name: { contains: 'T-LIGHT' } }, [1, 2]],
    ['categories', { categoryIds: [2] }, [3]],
    ['no category at all', { categoryIds: [] }, []],
    ['units sold', { unitsSold: { gte: 10, lt: 30 } }, [2, 3]],
    [
      'time of entry',
      { createdAt: { after: new Date('2026-01-02T00:00:00Z'), before: new Date('2026-01-04T00:00:00Z') } },
      [2, 3],
    ],
    ['several conditions together', { name: { contains: 'holder' }, unitsSold: { gt: 10 } }, [1]],
    ['words in any form', { query: 'holder' }, [1, 2]],
    ['words of the description', { query: 'ash handle' }, [3]],
    ['words left out', { query: 'holder -blue' }, [1]],
    ['either of two words', { query: 'spade or mystery' }, [3, 4]],
    ['a blank search as no search', { query: '  ' }, [1, 2, 3, 4]],
    ['words that nothing has', { query: 'unicorn' }, []],
  ])('is narrowed by %s', async (_, filter, ids) => {
    expect(await productsOf(filter)).toEqual(ids);
  });

  it('puts the best sellers first', async () => {
    const { nodes } = await catalogue.listProducts({}, { field: 'BEST_SELLING', direction: 'DESC' }, {});
    expect(nodes.map(({ id }) => id)).toEqual([1, 3, 2, 4]);
  });

  it('refuses a search text over 200 characters', () => {
    expect(() => catalogue.listProducts({ query: 'x'.repeat(201) }, byId, {})).toThrow(
      'query must have at most 200 characters, got 201.',
    );
  });
});

describe('the list of variants', () => {
  it.each([
    ['stock-keeping unit', { sku: { in: ['RED-S', 'SPADE', 'none'] } }, ['RED-S', 'SPADE']],
    ['product', { productIds: [1] }, ['RED-S', 'RED-L']],
    ['category, through its product', { categoryIds: [2] }, ['SPADE']],
    ['exact price', { price: { eq: 2.55 } }, ['RED-S', 'BLUE']],
    ['range of price', { price: { gt: 2.55, lte: 4.25 } }, ['RED-L']],
  ])('is narrowed by %s', async (_, filter, skus) => {
    expect(await skusOf(filter)).toEqual(skus);
  });

  it('orders by price, ties by id', async () => {
    const { nodes } = await catalogue.listVariants({}, { field: 'PRICE', direction: 'DESC' }, {});
    expect(nodes.map(({ sku }) => sku)).toEqual(['SPADE', 'RED-L', 'BLUE', 'RED-S']);
  });

  it('keeps prices exact and days days', async () => {
    expect(await catalogue.findVariantBySku('RED-S')).toMatchObject({
      price: '2.5500',
      listPrice: '3.0000',
      currencyCode: 'GBP',
      launchedOn: '2025-12-24',
      weightKg: null,
    });
    expect(await catalogue.findVariantBySku('red-s')).toBeNull();
  });
});

describe('variants of several products', () => {
  it('come with one statement, each product its own page', async () => {
    const count = { statements: 0 };
    const pages = await withStatementCount(count, async () =>
      catalogue.listVariantsOfProducts([3, 1, 4], { first: 1 }),
    );
    expect(count.statements).toBe(1);
    expect(pages.map(({ nodes }) => nodes.map(({ sku }) => sku))).toEqual([['SPADE'], ['RED-S'], []]);
    expect(pages.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([false, true, false]);
    expect(await Promise.all(pages.map((page) => page.countRows()))).toEqual([1, 2, 0]);
  });

  it('are walked on behind a cursor', async () => {
    const [first] = await catalogue.listVariantsOfProducts([1], { first: 1 });
    const [second] = await catalogue.listVariantsOfProducts([1], {
      first: 1,
      after: first?.pageInfo.endCursor,
    });
    expect(second?.nodes.map(({ sku }) => sku)).toEqual(['RED-L']);
    expect(second?.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it.each([
    [{ last: 1 }, 'last must be absent in variants of a product, use first.'],
    [{ before: 'x' }, 'before must be absent in variants of a product, use after.'],
  ])('go forward only: %o', async (page, message) => {
    await expect(catalogue.listVariantsOfProducts([1], page)).rejects.toThrow(message);
  });
});

describe('rows by id', () => {
  it('come in key order, null where unknown', async () => {
    expect((await catalogue.findProducts([3, 99, 1])).map((row) => row?.handle ?? null)).toEqual([
      'spade',
      null,
      'red-holder',
    ]);
    expect((await catalogue.findVariants([4, 99])).map((row) => row?.sku ?? null)).toEqual(['SPADE', null]);
    expect((await catalogue.findCategories([2, 99, 1])).map((row) => row?.code ?? null)).toEqual([
      'GARDEN',
      null,
      'KITCHEN',
    ]);
  });
});
