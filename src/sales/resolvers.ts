import type {
  ProductVariantSalesArgs,
  Resolvers,
  SalesImportInput,
  SalesImportPayload,
} from '../generated/graphql.ts';
import { fromGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import type { Outcome } from '../mutationOutcome.ts';
import type { RequestImport, RequestImportCode, RequestImportResult } from './importRequest.ts';
import type { VariantSalesArguments } from './service.ts';

/** GraphQL fields of the sales domain. */
export const salesResolvers: Pick<Resolvers, 'Query' | 'Mutation' | 'ProductVariant'> = {
  Query: {
    sales: (_, { categoryId, ...range }, { services }) =>
      services.sales.listStorePeriods({
        ...toArguments(range),
        categoryId: categoryId == null ? null : fromGlobalId('Category', categoryId, ['categoryId']),
      }),
  },
  Mutation: {
    salesImport: async (_, { input }, { services }, info) =>
      toPayload(await services.sales.importRows(toRequest(input), idempotencyOf(info, input))),
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

function toRequest({ rows, ...input }: SalesImportInput): RequestImport {
  return {
    ...input,
    rows: rows.map((row) => ({
      orderNumber: row.orderNumber,
      sku: row.sku,
      name: row.name ?? '',
      quantity: String(row.quantity),
      soldAt: row.soldAt.toISOString(),
      unitPrice: row.unitPrice,
      customerCode: row.customerCode ?? '',
      country: row.country ?? '',
    })),
  };
}

function toPayload(outcome: Outcome<RequestImportResult, RequestImportCode>): SalesImportPayload {
  if (outcome.kind === 'refused') return { summary: null, refusals: [], userErrors: outcome.userErrors };
  const { summary, refusals, currencyCode } = outcome.result;
  const refused = Object.entries(summary.refused).map(([reason, rows]) => ({ reason, rows }));
  return {
    summary: { ...summary, refused, revenue: { amount: summary.revenue, currencyCode } },
    refusals,
    userErrors: [],
  };
}
