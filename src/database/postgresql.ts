import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { DomainError } from '../errors.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { countingAdapter } from './countingAdapter.ts';
import type { Database } from './database.ts';
import type { Sql } from './sql.ts';
import { countStatement } from './statementMeter.ts';

const { INT8, DATE, NUMERIC } = pg.types.builtins;
const parsers = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [DATE, (text) => text],
  [NUMERIC, (text) => text],
]);
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format)) as never, // pg types only its own overloads
};

/** Opens a pool on a PostgreSQL server (15 or later); throws BAD_USER_INPUT with one sentence when it cannot be reached. */
export async function openPostgresql(url: string, connections: number): Promise<Database> {
  if (!URL.canParse(url))
    throw new DomainError(
      'BAD_USER_INPUT',
      'DATABASE_URL must read postgresql://user:password@host:port/database, but it is no URL.',
    );
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 120_000,
    types: typeParsers,
  });
  pool.on('error', () => undefined); // an idle connection that breaks is replaced at its next use
  try {
    await pool.query('SELECT 1');
  } catch (cause) {
    await pool.end();
    const target = new URL(url);
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new DomainError(
      'BAD_USER_INPUT',
      `DATABASE_URL must name a PostgreSQL server that answers, but ${target.host}${target.pathname} did not: ${reason}.`,
      { cause },
    );
  }
  const prisma = new PrismaClient({ adapter: countingAdapter(new PrismaPg(pool)) });
  return {
    kind: 'postgresql',
    prisma,
    sql: makeSql(pool, (work) => inTransaction(pool, work)),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function inTransaction<Result>(pool: pg.Pool, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(makeSql(client));
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query('ROLLBACK').then(
      () => undefined,
      (cause: Error) => cause,
    );
    client.release(broken);
    throw error;
  }
}

function makeSql(queryable: pg.Pool | pg.PoolClient, transaction?: Sql['transaction']): Sql {
  const sql: Sql = {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      countStatement();
      return (await queryable.query({ text, values: [...parameters] })).rows as Row[]; // the caller names its row
    },
    async execute(script) {
      await queryable.query(script);
    },
    transaction: transaction ?? ((work) => work(sql)),
  };
  return sql;
}
