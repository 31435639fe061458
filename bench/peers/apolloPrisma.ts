/**
 * The peer of `bench/reads.ts`: the same three reads as a competent developer writes them in an afternoon, with
 * Apollo Server (standalone), DataLoader and Prisma's `findMany`, over the same tables.
 * Started with DATABASE_URL and PORT.
 */

import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from '../../src/generated/prisma/client.ts';
import { type Loaders, makeLoaders, type SalesDay } from './apolloPrismaLoaders.ts';

type Context = { readonly prisma: PrismaClient; readonly loaders: Loaders };
type Variant = { readonly id: number; readonly price: Prisma.Decimal; readonly currencyCode: string };
type Level = Record<'onHand' | 'committed' | 'reserved' | 'damaged' | 'safetyStock' | 'warehouseId', number>;

const typeDefs = `#graphql
  enum ProductVariantOrderField { CREATED_AT NAME PRICE BEST_SELLING }
  enum OrderDirection { ASC DESC }
  scalar Date
  scalar Decimal
  input ProductVariantOrderBy { field: ProductVariantOrderField!, direction: OrderDirection! = ASC }
  type Query {
    productVariants(first: Int = 20, orderBy: ProductVariantOrderBy): ProductVariantConnection!
    productVariantBySku(sku: String!): ProductVariant
  }
  type ProductVariantConnection { nodes: [ProductVariant!]! }
  type ProductVariant {
    id: ID!
    sku: String!
    name: String!
    price: Money!
    unitsSold: Int!
    inventoryLevels: [InventoryLevel!]!
    sales(from: Date!, to: Date!): [SalesPeriod!]!
  }
  type Money { amount: Decimal!, currencyCode: String! }
  type InventoryLevel {
    id: ID!
    onHand: Int!
    committed: Int!
    reserved: Int!
    incoming: Int!
    available: Int!
    warehouse: Warehouse!
  }
  type Warehouse { id: ID!, code: String!, name: String! }
  type SalesPeriod { periodStart: Date!, units: Int!, returns: Int!, revenue: [Money!]!, inStock: Boolean! }
`;

const orderColumns = {
  CREATED_AT: 'createdAt',
  NAME: 'name',
  PRICE: 'price',
  BEST_SELLING: 'unitsSold',
} as const;

const resolvers = {
  Query: {
    productVariants: async (
      _: unknown,
      {
        first,
        orderBy,
      }: { first: number; orderBy?: { field: keyof typeof orderColumns; direction: string } },
      { prisma }: Context,
    ) => {
      const direction = orderBy?.direction === 'DESC' ? 'desc' : 'asc';
      const order = orderBy
        ? [{ [orderColumns[orderBy.field]]: direction }, { id: direction }]
        : { id: direction };
      return { nodes: await prisma.productVariant.findMany({ take: first, orderBy: order as never }) };
    },
    productVariantBySku: (_: unknown, { sku }: { sku: string }, { prisma }: Context) =>
      prisma.productVariant.findUnique({ where: { sku } }),
  },
  ProductVariant: {
    price: ({ price, currencyCode }: Variant) => ({ amount: price, currencyCode }),
    inventoryLevels: ({ id }: Variant, _: unknown, { loaders }: Context) => loaders.levelsByVariant.load(id),
    sales: async (
      { id, currencyCode }: Variant,
      { from, to }: { from: string; to: string },
      { loaders }: Context,
    ) => {
      const days: readonly SalesDay[] = await loaders.salesByVariant(from, to).load(id);
      return days.map((day) => ({
        ...day,
        revenue: [{ amount: day.revenue, currencyCode }],
      }));
    },
  },
  InventoryLevel: {
    available: (level: Level) =>
      level.onHand - level.committed - level.reserved - level.damaged - level.safetyStock,
    warehouse: ({ warehouseId }: Level, _: unknown, { loaders }: Context) =>
      loaders.warehouseById.load(warehouseId),
  },
};

const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? '' }),
});
const server = new ApolloServer<Context>({ typeDefs, resolvers });
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT) },
  context: async () => ({ prisma, loaders: makeLoaders(prisma) }),
});
