import type { GatewayExecutor } from '@apollo/server-gateway-interface';
import { parse, validate } from 'graphql';
import { makeCatalogueLoaders } from '../../src/catalogue/loaders.ts';
import { makeCatalogueService } from '../../src/catalogue/service.ts';
import type { Context } from '../../src/context.ts';
import type { Database } from '../../src/database/database.ts';
import { type StatementCount, withStatementCount } from '../../src/database/statementMeter.ts';
import { makeInventoryLoaders } from '../../src/inventory/loaders.ts';
import { makePurchasingLoaders } from '../../src/purchasing/loaders.ts';
import { makeGateway } from '../../src/server/executor.ts';
import { makeSchema } from '../../src/server/schema.ts';
import type { StockFixture } from './stockFixture.ts';

/** The parts of Apollo's request that our executors read. */
type GatewayRequest = Parameters<GatewayExecutor>[0];

/** The answer to a request and the SQL statements it took. */
export type Answer = {
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its own query
  readonly data: any;
  readonly errors: readonly { readonly message: string; readonly originalError?: unknown }[];
  readonly statements: number;
};

/** Sends queries on stock and purchasing straight to an executor, without HTTP; loaders are fresh each time. */
export function makeStockRequests(
  database: Database,
  shop: StockFixture,
  executor: 'compiled' | 'reference',
) {
  const schema = makeSchema();
  const catalogue = makeCatalogueService(database);
  const loaded = makeGateway(schema, { executor, requestTimeoutMs: 20_000 }).load({ apollo: {} });
  return async (query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    const document = parse(query);
    const faults = validate(schema, document);
    if (faults.length > 0) throw new Error(faults.map(String).join('\n'));
    const count: StatementCount = { statements: 0 };
    const context = {
      services: { catalogue, inventory: shop.inventory, purchasing: shop.purchasing },
      loaders: {
        catalogue: makeCatalogueLoaders(catalogue),
        inventory: makeInventoryLoaders(shop.inventory),
        purchasing: makePurchasingLoaders(shop.purchasing),
      },
    } as unknown as Context; // the domains these queries reach
    const result = await withStatementCount(count, async () => {
      const { executor: run } = await loaded;
      if (run === null) throw new Error('The gateway must have an executor.');
      return run({ document, request: { variables }, context } as unknown as GatewayRequest);
    });
    return {
      data: result.data,
      errors: (result.errors ?? []) as Answer['errors'],
      statements: count.statements,
    };
  };
}
