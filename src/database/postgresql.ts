import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { DomainError } from '../errors.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { countingAdapter } from './countingAdapter.ts';
import type { Database } from './database.ts';
import type { Sql } from './sql.ts';
import { countStatement } from './statementMeter.ts';

const { INT8, DATE, NUMERIC, TIMESTAMPTZ } = pg.types.builtins;
const FLOAT8_ARRAY = 1022;
const parseTime = pg.types.getTypeParser(TIMESTAMPTZ, 'text');
const parseFloats = pg.types.getTypeParser(FLOAT8_ARRAY as never, 'text'); // pg types only its own numbers
/** Where the engine's own parsers understand the text they are several times faster than pg's. */
const parsers = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [DATE, (text) => text],
  [NUMERIC, (text) => text],
  // '{1,2.5}'; NULL, NaN, Infinity and nested lists are left to pg.
  [
    FLOAT8_ARRAY,
    (text) => (/^\{[^{NI]*$/.test(text) ? JSON.parse(`[${text.slice(1, -1)}]`) : parseFloats(text)),
  ],
  // '2026-10-31 08:15:00.123+00'
  [
    TIMESTAMPTZ,
    (text) =>
      text.endsWith('+00') ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : parseTime(text),
  ],
]);
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format)) as never, // pg types only its own overloads
};

/**
 * Statements that each connection keeps prepared: PostgreSQL parses and plans them once instead of at every call,
 * which is a third of the time of a short read. Bounded, since filters and orders make up ever new texts.
 */
const namedStatements = 200;
type StatementNames = (text: string) => string | undefined;

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
  const nameOf = makeStatementNames();
  return {
    kind: 'postgresql',
    prisma,
    sql: makeSql(pool, nameOf, (work) => inTransaction(pool, nameOf, work)),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Names statements by their text; a text beyond the first `namedStatements` stays without. */
function makeStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return (text) => {
    let name = names.get(text);
    if (name === undefined && names.size < namedStatements) {
      name = `supplygraph_${names.size}`;
      names.set(text, name);
    }
    return name;
  };
}

async function inTransaction<Result>(
  pool: pg.Pool,
  nameOf: StatementNames,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(makeSql(client, nameOf));
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

function makeSql(
  queryable: pg.Pool | pg.PoolClient,
  nameOf: StatementNames,
  transaction?: Sql['transaction'],
): Sql {
  const sql: Sql = {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      countStatement();
      const result = await queryable.query({ name: nameOf(text), text, values: [...parameters] });
      return result.rows as Row[]; // the caller names its row
    },
    async execute(script) {
      await queryable.query(script);
    },
    transaction: transaction ?? ((work) => work(sql)),
  };
  return sql;
}
