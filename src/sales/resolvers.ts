import type { ProductVariantSalesArgs, Resolvers } from '../generated/graphql.ts';
import { fromGlobalId } from '../globalId.ts';
import type { VariantSalesArguments } from './service.ts';

/** GraphQL fields of the sales domain. */
export const salesResolvers: Pick<Resolvers, 'Query' | 'ProductVariant'> = {
  Query: {
    sales: (_, { categoryId, ...range }, { services }) =>
      services.sales.listStorePeriods({
        ...toArguments(range),
        categoryId: categoryId == null ? null : fromGlobalId('Category', categoryId, ['categoryId']),
      }),
  },
  ProductVariant: {
    sales: ({ id }, range, { loaders }) => loaders.sales.periodsByVariant.load(id, toArguments(range)),
  },
};

function toArguments({ from, to, interval, warehouseId }: ProductVariantSalesArgs): VariantSalesArguments {
  return {
    from: from ?? null,
    to: to ?? null,
    interval,
    warehouseId: warehouseId == null ? null : fromGlobalId('Warehouse', warehouseId, ['warehouseId']),
  };
}
