import { connectionFields } from '../database/connection.ts';
import type {
  ProductFilter,
  ProductOrderBy,
  ProductVariantFilter,
  ProductVariantOrderBy,
  Resolvers,
} from '../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../globalId.ts';
import type { ProductListFilter, VariantListFilter } from './repository.ts';

/** GraphQL fields of the catalogue. */
export const catalogueResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Category'
  | 'CategoryConnection'
  | 'Product'
  | 'ProductConnection'
  | 'ProductVariant'
  | 'ProductVariantConnection'
> = {
  Query: {
    products: (_, { filter, query, orderBy, ...page }, { services }) =>
      services.catalogue.listProducts({ ...toProductFilter(filter), query }, toOrder(orderBy), page),
    product: (_, { id }, { loaders }) =>
      loaders.catalogue.productById.load(fromGlobalId('Product', id, ['id'])),
    productVariants: (_, { filter, orderBy, ...page }, { services }) =>
      services.catalogue.listVariants(toVariantFilter(filter), toOrder(orderBy), page),
    productVariantBySku: (_, { sku }, { services }) => services.catalogue.findVariantBySku(sku),
    categories: (_, page, { services }) => services.catalogue.listCategories(page),
  },
  Category: { id: ({ id }) => toGlobalId('Category', id) },
  CategoryConnection: connectionFields,
  Product: {
    id: ({ id }) => toGlobalId('Product', id),
    category: ({ categoryId }, _, { loaders }) =>
      categoryId === null ? null : loaders.catalogue.categoryById.load(categoryId),
    variants: ({ id }, page, { loaders }) => loaders.catalogue.variantsByProduct.load(id, page),
  },
  ProductConnection: connectionFields,
  ProductVariant: {
    id: ({ id }) => toGlobalId('ProductVariant', id),
    product: ({ productId }, _, { loaders }) => loaders.catalogue.productById.loadRequired(productId),
    price: ({ price, currencyCode }) => ({ amount: price, currencyCode }),
    listPrice: ({ listPrice, currencyCode }) => ({ amount: listPrice, currencyCode }),
  },
  ProductVariantConnection: connectionFields,
};

function toOrder<Order extends ProductOrderBy | ProductVariantOrderBy>(
  orderBy: Order | null | undefined,
): { field: Order['field'] | 'ID'; direction: 'ASC' | 'DESC' } {
  return orderBy === null || orderBy === undefined
    ? { field: 'ID', direction: 'ASC' }
    : { field: orderBy.field, direction: orderBy.direction };
}

function toProductFilter(filter: ProductFilter | null | undefined): ProductListFilter {
  return { ...filter, categoryIds: toRowIds('Category', filter?.categoryIds, 'categoryIds') };
}

function toVariantFilter(filter: ProductVariantFilter | null | undefined): VariantListFilter {
  return {
    ...filter,
    categoryIds: toRowIds('Category', filter?.categoryIds, 'categoryIds'),
    productIds: toRowIds('Product', filter?.productIds, 'productIds'),
  };
}

function toRowIds(
  type: 'Category' | 'Product',
  ids: readonly string[] | null | undefined,
  field: string,
): number[] | null {
  return ids?.map((id, index) => fromGlobalId(type, id, ['filter', field, String(index)])) ?? null;
}
