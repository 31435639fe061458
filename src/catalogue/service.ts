import { manyByKey, oneByKey } from '../database/byKey.ts';
import { type Connection, toConnection } from '../database/connection.ts';
import type { Database } from '../database/database.ts';
import { type PageArguments, planPage } from '../database/page.ts';
import { badInput } from '../errors.ts';
import * as repository from './repository.ts';

const maximumQueryLength = 200;

export type CatalogueService = ReturnType<typeof makeCatalogueService>;

/** Makes the catalogue's use cases: categories, products and variants. */
export function makeCatalogueService({ sql, prisma }: Pick<Database, 'sql' | 'prisma'>) {
  return {
    /** One page of products; throws BAD_USER_INPUT for a search text over 200 characters. */
    listProducts(
      filter: repository.ProductListFilter,
      order: repository.ProductOrder,
      page: PageArguments,
    ): Promise<repository.ProductConnection> {
      const length = filter.query?.length ?? 0;
      if (length > maximumQueryLength)
        throw badInput(`query must have at most ${maximumQueryLength} characters, got ${length}.`, ['query']);
      if (filter.query?.includes('\0') === true)
        throw badInput('query must not contain the character U+0000.', ['query']);
      return repository.listProducts(sql, filter, order, page);
    },
    /** One page of variants. */
    listVariants: (
      filter: repository.VariantListFilter,
      order: repository.VariantOrder,
      page: PageArguments,
    ) => repository.listVariants(sql, filter, order, page),
    /** One page of categories, by id. */
    listCategories: (page: PageArguments) => repository.listCategories(sql, page),
    /** The variant with this stock-keeping unit, or null. */
    findVariantBySku: async (sku: string) =>
      sku.includes('\0') ? null : repository.findVariantBySku(sql, sku),
    /** Those of these stock-keeping units, without U+0000, that variants have, in upper case: one statement. */
    listKnownSkus: async (skus: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set(skus.length === 0 ? [] : await repository.listKnownSkus(sql, skus)),
    /** Products in key order, null where unknown. */
    findProducts: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listProductsById(sql, ids), (row) => row.id),
    /** Variants in key order, null where unknown. */
    findVariants: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listVariantsById(sql, ids), (row) => row.id),
    /** Categories in key order, null where unknown. */
    findCategories: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listCategoriesById(prisma, ids), (row) => row.id),
    /** The first page of variants of each product, by id, in key order; all products share `page`, which goes forward only. */
    async listVariantsOfProducts(
      productIds: readonly number[],
      page: PageArguments,
    ): Promise<Connection<repository.VariantRow>[]> {
      if (page.last !== null && page.last !== undefined)
        throw badInput('last must be absent in variants of a product, use first.', ['last']);
      if (page.before !== null && page.before !== undefined)
        throw badInput('before must be absent in variants of a product, use after.', ['before']);
      const plan = planPage(page, variantsOfProduct, 0);
      const window = { afterId: Number(plan.parameters[1] ?? 0), limit: plan.limit };
      const rows = await repository.listVariantsByProduct(sql, productIds, window);
      return manyByKey(productIds, rows, (row) => row.productId).map((group, index) =>
        toConnection(plan.toPage(group), () => this.countVariants(productIds[index] ?? 0)),
      );
    },
    /** Number of variants of a product. */
    countVariants: (productId: number) => repository.countVariants(prisma, productId),
  };
}

const variantsOfProduct = {
  scope: 'variantsOfProduct',
  column: 'variant.id',
  type: 'bigint',
  idColumn: 'variant.id',
  direction: 'ASC',
} as const;
