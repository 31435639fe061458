import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgresql } from '../../src/database/postgresql.ts';
import { storeDump } from './storeDump.ts';

/**
 * Opens a fresh, migrated store for one test file: embedded by default, or a new database on the server that
 * `TEST_DATABASE_URL` names (the second run of CI). `close` drops it.
 */
export async function openTestDatabase(): Promise<Database> {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) return openEmbedded({ dump: await storeDump('empty') });
  const database = await openFreshPostgresql(url);
  await migrate(database.sql);
  return database;
}

/** URL of a new database on the test server, empty or copied from another, and the function that drops it. */
export async function createPostgresqlDatabase(
  serverUrl: string,
  template = 'template1',
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function openFreshPostgresql(serverUrl: string): Promise<Database> {
  const fresh = await createPostgresqlDatabase(serverUrl);
  const database = await openPostgresql(fresh.url, 20);
  return {
    ...database,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}

/** Runs one statement on the test server itself; yields its rows. */
export async function onServer(serverUrl: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows } = await client.query(statement);
    return rows;
  } finally {
    await client.end();
  }
}
