import { Conditions, type DateFilter, type NumberFilter, type StringFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageOrder, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

export type CategoryRow = PageRow & { readonly code: string; readonly name: string };
export type ProductRow = PageRow & {
  readonly handle: string;
  readonly name: string;
  readonly description: string;
  readonly categoryId: number | null;
  readonly unitsSold: number;
  readonly createdAt: Date;
};
export type VariantRow = PageRow & {
  readonly productId: number;
  readonly sku: string;
  readonly name: string;
  /** Amounts in the currency's main unit, exact decimals as text. */
  readonly price: string;
  readonly listPrice: string;
  readonly currencyCode: string;
  readonly weightKg: number | null;
  readonly unitsSold: number;
  readonly launchedOn: string | null;
  readonly createdAt: Date;
};
export type CategoryConnection = Connection<CategoryRow>;
export type ProductConnection = Connection<ProductRow>;
export type ProductVariantConnection = Connection<VariantRow>;

export type Direction = 'ASC' | 'DESC';
export type ProductOrder = {
  readonly field: 'ID' | 'CREATED_AT' | 'NAME' | 'BEST_SELLING';
  readonly direction: Direction;
};
export type VariantOrder = { readonly field: ProductOrder['field'] | 'PRICE'; readonly direction: Direction };

/** What narrows a list of products; ids are row ids. */
export type ProductListFilter = {
  readonly name?: StringFilter | null | undefined;
  readonly categoryIds?: readonly number[] | null | undefined;
  readonly unitsSold?: NumberFilter | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
  /** Full-text search in the syntax of web search engines. */
  readonly query?: string | null | undefined;
};
export type VariantListFilter = Omit<ProductListFilter, 'query'> & {
  readonly sku?: StringFilter | null | undefined;
  readonly productIds?: readonly number[] | null | undefined;
  readonly price?: NumberFilter | null | undefined;
};

const categoryColumns = 'category.id, code, name';
const productColumns = `product.id, product.handle, product.name, product.description,
  product.category_id AS "categoryId", product.units_sold AS "unitsSold", product.created_at AS "createdAt"`;
const variantColumns = `variant.id, variant.product_id AS "productId", variant.sku, variant.name, variant.price,
  variant.list_price AS "listPrice", variant.currency_code AS "currencyCode", variant.weight_kg AS "weightKg",
  variant.units_sold AS "unitsSold", variant.launched_on AS "launchedOn", variant.created_at AS "createdAt"`;

/** Same text as the expression index in the migration. */
const searchDocument = `to_tsvector('english', product.name || ' ' || product.description)`;

/** One page of products. */
export function listProducts(
  sql: Sql,
  filter: ProductListFilter,
  order: ProductOrder,
  page: PageArguments,
): Promise<ProductConnection> {
  const conditions = new Conditions();
  conditions.string('product.name', filter.name, 'filter.name');
  conditions.anyOf('product.category_id', 'int', filter.categoryIds, 'filter.categoryIds');
  conditions.number('product.units_sold', filter.unitsSold);
  conditions.date('product.created_at', filter.createdAt);
  if (filter.query !== null && filter.query !== undefined && filter.query.trim() !== '')
    conditions.add(filter.query, (p) => `${searchDocument} @@ websearch_to_tsquery('english', ${p})`);
  return listPage(
    sql,
    { columns: productColumns, from: 'product', conditions, order: orderOf('product', order) },
    page,
  );
}

/** One page of variants. */
export function listVariants(
  sql: Sql,
  filter: VariantListFilter,
  order: VariantOrder,
  page: PageArguments,
): Promise<ProductVariantConnection> {
  const conditions = new Conditions();
  conditions.string('variant.name', filter.name, 'filter.name');
  conditions.string('variant.sku', filter.sku, 'filter.sku');
  conditions.anyOf('variant.product_id', 'int', filter.productIds, 'filter.productIds');
  conditions.anyOf('product.category_id', 'int', filter.categoryIds, 'filter.categoryIds');
  conditions.number('variant.price', filter.price);
  conditions.number('variant.units_sold', filter.unitsSold);
  conditions.date('variant.created_at', filter.createdAt);
  const needsProduct = filter.categoryIds !== null && filter.categoryIds !== undefined;
  const from = `product_variant variant${needsProduct ? ' JOIN product ON product.id = variant.product_id' : ''}`;
  return listPage(sql, { columns: variantColumns, from, conditions, order: orderOf('variant', order) }, page);
}

/** One page of categories, by id. */
export function listCategories(sql: Sql, page: PageArguments): Promise<CategoryConnection> {
  const order: PageOrder = {
    scope: 'category',
    column: 'category.id',
    type: 'bigint',
    idColumn: 'category.id',
    direction: 'ASC',
  };
  return listPage(
    sql,
    { columns: categoryColumns, from: 'category', conditions: new Conditions(), order },
    page,
  );
}

/** The first `limit` variants behind `afterId` of each product, by id. */
export function listVariantsByProduct(
  sql: Sql,
  productIds: readonly number[],
  window: { readonly afterId: number; readonly limit: number },
): Promise<VariantRow[]> {
  return sql.query<VariantRow>(
    `SELECT ${variantColumns}, variant.id::text AS "sortKey"
       FROM unnest($1::int[]) AS wanted(product_id)
      CROSS JOIN LATERAL (
        SELECT * FROM product_variant WHERE product_id = wanted.product_id AND id > $2 ORDER BY id LIMIT $3
      ) variant ORDER BY variant.product_id, variant.id`,
    [productIds, window.afterId, window.limit],
  );
}

export function listProductsById(sql: Sql, ids: readonly number[]): Promise<ProductRow[]> {
  return sql.query(
    `SELECT ${productColumns}, product.id::text AS "sortKey" FROM product WHERE id = ANY($1::int[])`,
    [ids],
  );
}

export function listVariantsById(sql: Sql, ids: readonly number[]): Promise<VariantRow[]> {
  return sql.query(
    `SELECT ${variantColumns}, variant.id::text AS "sortKey" FROM product_variant variant WHERE id = ANY($1::int[])`,
    [ids],
  );
}

export async function findVariantBySku(sql: Sql, sku: string): Promise<VariantRow | null> {
  const [row] = await sql.query<VariantRow>(
    `SELECT ${variantColumns}, variant.id::text AS "sortKey" FROM product_variant variant WHERE sku = $1`,
    [sku],
  );
  return row ?? null;
}

/** Those of these stock-keeping units that variants have; compared in upper case, and given so. */
export async function listKnownSkus(sql: Sql, skus: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ sku: string }>(
    'SELECT DISTINCT upper(sku) AS sku FROM product_variant WHERE sku = ANY($1::text[])',
    [skus],
  );
  return rows.map(({ sku }) => sku);
}

/** Categories by id, in no order. */
export async function listCategoriesById(
  prisma: PrismaClient,
  ids: readonly number[],
): Promise<CategoryRow[]> {
  const rows = await prisma.category.findMany({ where: { id: { in: [...ids] } } });
  return rows.map((row) => ({ ...row, sortKey: String(row.id) }));
}

/** Number of variants of one product. */
export function countVariants(prisma: PrismaClient, productId: number): Promise<number> {
  return prisma.productVariant.count({ where: { productId } });
}

const sortColumns = {
  ID: { column: 'id', type: 'bigint' },
  CREATED_AT: { column: 'created_at', type: 'timestamptz' },
  NAME: { column: 'name', type: 'text' },
  PRICE: { column: 'price', type: 'numeric' },
  BEST_SELLING: { column: 'units_sold', type: 'int' },
} as const satisfies Record<VariantOrder['field'], Pick<PageOrder, 'column' | 'type'>>;

function orderOf(table: 'product' | 'variant', { field, direction }: VariantOrder): PageOrder {
  const { column, type } = sortColumns[field];
  return {
    scope: `${table}.${field}.${direction}`,
    column: `${table}.${column}`,
    type,
    idColumn: `${table}.id`,
    direction,
  };
}
