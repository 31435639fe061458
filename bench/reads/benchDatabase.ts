import pg from 'pg';
import { seedDemoShop } from '../../seed/seedDemoShop.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgresql } from '../../src/database/postgresql.ts';
import { DomainError } from '../../src/errors.ts';

/** URL of the PostgreSQL server to measure on: `BENCH_DATABASE_URL`, an account that may create databases. */
export function benchServerUrl(): string {
  return process.env.BENCH_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
}

/** The database `name` on the bench server, with the demo shop; made where it is absent or of another schema. */
export async function prepareDatabase(name: string): Promise<string> {
  const url = await createDatabase(name);
  const database = await openPostgresql(url, 2);
  try {
    await migrate(database.sql);
    const { variants } = await seedDemoShop(database);
    if (variants > 0) await database.sql.execute('VACUUM ANALYZE');
    return url;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error;
  } finally {
    await database.close();
  }
  await dropDatabase(name); // the schema's files have changed since
  return prepareDatabase(name);
}

/** Makes the database `name` where it is absent, yields its URL. */
export async function createDatabase(name: string): Promise<string> {
  await onServer(async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  });
  const url = new URL(benchServerUrl());
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops the database `name`, whoever is connected. */
export function dropDatabase(name: string): Promise<void> {
  return onServer(async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

async function onServer(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: benchServerUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
