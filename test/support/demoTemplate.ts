import { seedDemoShop } from '../../seed/seedDemoShop.ts';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgresql } from '../../src/database/postgresql.ts';
import { hashOf, storeDump } from './storeDump.ts';
import { createPostgresqlDatabase, onServer } from './testDatabase.ts';

/** Opens a store of its own with the demo shop in it: embedded, or on the server that `TEST_DATABASE_URL` names. */
export async function openDemoDatabase(): Promise<Database> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl === undefined) return openEmbedded({ dump: await storeDump('demo') });
  const { url, drop } = await createPostgresqlDatabase(serverUrl, await demoTemplate(serverUrl));
  const database = await openPostgresql(url, 2);
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** Name of a database on the test server that holds the demo shop, to be copied; made where it is not there yet. */
export async function demoTemplate(serverUrl: string): Promise<string> {
  const name = `demo_${await hashOf(['prisma/migrations', 'seed'])}`;
  if (await exists(serverUrl, name)) return name;
  const { url, drop } = await createPostgresqlDatabase(serverUrl);
  const database = await openPostgresql(url, 2);
  await migrate(database.sql);
  await seedDemoShop(database);
  await database.close();
  try {
    await onServer(serverUrl, `ALTER DATABASE ${new URL(url).pathname.slice(1)} RENAME TO ${name}`);
  } catch (error) {
    await drop();
    if (!(await exists(serverUrl, name))) throw error; // another run was faster
  }
  return name;
}

async function exists(serverUrl: string, name: string): Promise<boolean> {
  return (await onServer(serverUrl, `SELECT 1 FROM pg_database WHERE datname = '${name}'`)).length > 0;
}
