import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { makeServices, type Services } from '../services.ts';
import { startModels } from '../startModels.ts';
import { withDatabase } from './withDatabase.ts';

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
  return withDatabase(env, async ({ config, database }) => {
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
  });
}
