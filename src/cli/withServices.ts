import { type Config, readConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { makeServices, type Services } from '../services.ts';
import { startModels } from '../startModels.ts';

/** What a command of the shell works with. */
export type CommandParts = {
  readonly config: Config;
  readonly database: Database;
  readonly services: Services;
};

/** Opens the store the environment names, migrates it, starts the models, and closes all of it after `work`. */
export async function withServices<Result>(
  env: Readonly<Record<string, string | undefined>>,
  work: (parts: CommandParts) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(env, 'command');
  const database = await openDatabase(config);
  try {
    await migrate(database.sql);
    const models = await startModels(config);
    try {
      const { jobTimeoutSeconds, complaintPolicy, pricePolicy } = config;
      const clock = () => new Date();
      const services = makeServices({
        ...models,
        models: models.cards,
        database,
        clock,
        complaintPolicy,
        pricePolicy,
        jobTimeoutSeconds,
      });
      return await work({ config, database, services });
    } finally {
      await models.close();
    }
  } finally {
    await database.close();
  }
}
