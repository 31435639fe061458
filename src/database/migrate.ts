import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../errors.ts';
import { projectFile } from '../projectRoot.ts';
import type { Sql } from './sql.ts';

type Migration = { readonly name: string; readonly script: string; readonly checksum: string };
type Applied = { readonly name: string; readonly checksum: string };

/** Any fixed number: the key of the advisory lock under which one instance migrates while others wait. */
const migrationLock = 7_120_341;

/**
 * Applies the migrations that the store lacks, in one transaction under an advisory lock, and records them as
 * `prisma migrate deploy` does. Yields the names applied; throws CONFLICT when the store is newer than the code
 * or was migrated by an edited file.
 */
export async function migrate(sql: Sql): Promise<string[]> {
  const migrations = await readMigrations(projectFile('prisma', 'migrations'));
  return sql.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await tx.execute(migrationTable);
    const applied = await tx.query<Applied>(
      `SELECT migration_name AS name, checksum FROM _prisma_migrations
        WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
    );
    const pending = findPending(migrations, applied);
    for (const migration of pending) {
      await tx.execute(migration.script);
      await tx.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
         VALUES ($1, $2, $3, now(), 1)`,
        [randomUUID(), migration.checksum, migration.name],
      );
    }
    return pending.map((migration) => migration.name);
  });
}

/** Prisma's own bookkeeping table, so that its tools can take over. */
const migrationTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const script = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    }),
  );
}

function findPending(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum } of applied) {
    const migration = known.get(name);
    if (migration === undefined)
      throw new DomainError(
        'CONFLICT',
        `The database must not be newer than this version of Supplygraph, but it holds the unknown migration '${name}'.`,
      );
    if (migration.checksum !== checksum)
      throw new DomainError(
        'CONFLICT',
        `The migration '${name}' must be the file that the database was migrated with, but its content has changed.`,
      );
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter((migration) => !done.has(migration.name));
}
