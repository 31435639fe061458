import type { Config } from '../config.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { openEmbedded } from './embedded.ts';
import { openPostgresql } from './postgresql.ts';
import type { Sql } from './sql.ts';

/** The open store: Prisma's client for simple reads and writes, the SQL seam for hot reads, locks and bulk. */
export type Database = {
  readonly kind: 'embedded' | 'postgresql';
  readonly prisma: PrismaClient;
  readonly sql: Sql;
  close(): Promise<void>;
};

/** Opens the store the configuration names: PostgreSQL where it has a URL, the embedded database otherwise. */
export function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'databaseConnections' | 'dataFolder'>,
): Promise<Database> {
  return config.databaseUrl === undefined
    ? openEmbedded({ folder: config.dataFolder })
    : openPostgresql(config.databaseUrl, config.databaseConnections);
}
