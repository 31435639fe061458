import { afterEach, describe, expect, it } from 'vitest';
import { schemaDiff } from '../../prisma/schemaDiff.ts';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgresql } from '../../src/database/postgresql.ts';
import { storeDump } from '../support/storeDump.ts';
import { createPostgresqlDatabase } from '../support/testDatabase.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Opens an empty store `instances` times: as many pools on one PostgreSQL database, or the one of PGlite. */
async function openEmpty(instances = 1): Promise<Database[]> {
  if (serverUrl === undefined) {
    const database = await openEmbedded({ dump: await storeDump('bare') });
    closing.push(() => database.close());
    return Array.from({ length: instances }, () => database);
  }
  const { url, drop } = await createPostgresqlDatabase(serverUrl);
  const databases = await Promise.all(Array.from({ length: instances }, () => openPostgresql(url, 2)));
  closing.push(...databases.map((database) => () => database.close()), drop);
  return databases;
}

async function openOne(): Promise<Database> {
  const [database] = await openEmpty();
  if (database === undefined) throw new Error('A database must be open.');
  return database;
}

describe('migrating', () => {
  it('fills an empty store and finds nothing to do the second time', async () => {
    const { sql } = await openOne();
    const applied = await migrate(sql);
    expect(applied[0]).toBe('20261123000000_spine');
    expect(await migrate(sql)).toEqual([]);
    expect(await sql.query('SELECT count(*) AS rows FROM product')).toEqual([{ rows: 0 }]);
  });

  it('ends well on five instances at once: one migrates, the others wait', async () => {
    const databases = await openEmpty(5);
    const applied = await Promise.all(databases.map(({ sql }) => migrate(sql)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    const rows = await databases[0]?.sql.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations ORDER BY name',
    );
    expect(rows?.map(({ name }) => name)).toEqual(applied.flat().sort());
  });

  it('refuses a database that is newer than the code', async () => {
    const { sql } = await openOne();
    await migrate(sql);
    await sql.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('1', 'x', '29991231000000_later', now())`,
    );
    await expect(migrate(sql)).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        "The database must not be newer than this version of Supplygraph, but it holds the unknown migration '29991231000000_later'.",
    });
  });

  it('refuses a database that was migrated by another version of a file', async () => {
    const { sql } = await openOne();
    await migrate(sql);
    await sql.query("UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name LIKE '%_spine'");
    await expect(migrate(sql)).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        "The migration '20261123000000_spine' must be the file that the database was migrated with, but its content has changed.",
    });
  });

  it('leaves nothing behind when it fails', async () => {
    const { sql } = await openOne();
    await sql.execute('CREATE TABLE warehouse (id int)');
    await expect(migrate(sql)).rejects.toThrow();
    const tables = await sql.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    expect(tables).toEqual([{ name: 'warehouse' }]);
  });
});

describe('the committed migrations', () => {
  it('make exactly the store that schema.prisma describes', async () => {
    const database = await openEmbedded({ dump: await storeDump('empty') });
    closing.push(() => database.close());
    expect((await schemaDiff(database.pglite)).trim()).toBe('-- This is an empty migration.');
  });
});
