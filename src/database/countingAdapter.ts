import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { countStatement } from './statementMeter.ts';

/** Wraps Prisma's driver adapter so that its statements are counted like those of the SQL seam. */
export function countingAdapter(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => countAdapter(await factory.connect()),
  };
}

function countAdapter(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const start = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (level): Promise<Transaction> => countQueries(await start(level));
  return countQueries(adapter);
}

function countQueries<Queryable extends SqlQueryable>(queryable: Queryable): Queryable {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => {
    count(query.sql);
    return queryRaw(query);
  };
  queryable.executeRaw = (query) => {
    count(query.sql);
    return executeRaw(query);
  };
  return queryable;
}

/** Prisma ends transactions on PostgreSQL by a statement of its own; the SQL seam's are not counted either. */
function count(sql: string): void {
  if (!/^(BEGIN|COMMIT|ROLLBACK)\b/.test(sql)) countStatement();
}
