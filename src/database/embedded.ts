import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type PGliteOptions, types } from '@electric-sql/pglite';
import { dataDir } from '@electric-sql/pglite-prepopulatedfs';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { PrismaClient } from '../generated/prisma/client.ts';
import { countingAdapter } from './countingAdapter.ts';
import type { Database } from './database.ts';
import { lockFolder } from './folderLock.ts';
import type { Sql } from './sql.ts';
import { countStatement } from './statementMeter.ts';

const parsers = {
  [types.INT8]: Number,
  [types.DATE]: (text: string) => text,
  [types.NUMERIC]: (text: string) => text,
};

type Queryable = Pick<PGlite, 'query' | 'exec'>;

/** Where the embedded database lives: a folder of this process alone, or memory filled from a dump (tests). */
export type EmbeddedPlace = { readonly folder: string } | { readonly dump: Blob | undefined };

/** Opens PGlite, PostgreSQL in this process; throws CONFLICT when another process has the folder open. */
export async function openEmbedded(place: EmbeddedPlace): Promise<Database & { readonly pglite: PGlite }> {
  const unlock = 'folder' in place ? await lockFolder(place.folder) : async () => undefined;
  let pglite: PGlite;
  try {
    pglite = await PGlite.create({ ...(await placeOptions(place)), parsers });
  } catch (error) {
    await unlock();
    throw error;
  }
  const prisma = new PrismaClient({ adapter: countingAdapter(new PrismaPGlite(pglite)) });
  return {
    kind: 'embedded',
    pglite,
    prisma,
    sql: makeSql(pglite, (work) => pglite.transaction(async (tx) => work(makeSql(tx)))),
    async close() {
      await prisma.$disconnect();
      await pglite.close();
      await unlock();
    },
  };
}

/** A new store begins as the ready-made one: running initdb instead takes twice the memory and three times as long. */
async function placeOptions(place: EmbeddedPlace): Promise<PGliteOptions> {
  if ('dump' in place) return { loadDataDir: place.dump ?? (await dataDir()) };
  const folder = join(place.folder, 'postgresql');
  return existsSync(join(folder, 'PG_VERSION'))
    ? { dataDir: folder }
    : { dataDir: folder, loadDataDir: await dataDir() };
}

function makeSql(queryable: Queryable, transaction?: Sql['transaction']): Sql {
  const sql: Sql = {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      countStatement();
      return (await queryable.query<Row>(text, [...parameters])).rows;
    },
    async execute(script) {
      await queryable.exec(script);
    },
    transaction: transaction ?? ((work) => work(sql)),
  };
  return sql;
}
