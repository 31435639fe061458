import { type Config, readConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';

/** Opens the store the environment names, migrates it, and closes it after `work`. */
export async function withDatabase<Result>(
  env: Readonly<Record<string, string | undefined>>,
  work: (parts: { readonly config: Config; readonly database: Database }) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(env, 'command');
  const database = await openDatabase(config);
  try {
    await migrate(database.sql);
    return await work({ config, database });
  } finally {
    await database.close();
  }
}

/** Where the refused rows of an imported file are listed unless said otherwise: beside an embedded store, else here. */
export function refusalsFolder({ databaseUrl, dataFolder }: Config): string {
  return databaseUrl === undefined ? dataFolder : '';
}
