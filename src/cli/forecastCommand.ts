import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { badInput } from '../errors.ts';
import { makeServices, type Services } from '../services.ts';
import { startModels } from '../startModels.ts';
import { forecastHelp } from './help.ts';

/** Runs `forecast`: computes and stores the daily forecast of every variant with sales. Throws DomainError. */
export async function runForecast(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (wantsHelp(arguments_)) {
    process.stdout.write(forecastHelp);
    return;
  }
  const config = readConfig(env, 'command');
  const database = await openDatabase(config);
  try {
    await migrate(database.sql);
    const models = await startModels(config);
    try {
      const services = makeServices({ ...models, models: models.cards, database, clock: () => new Date() });
      const start = performance.now();
      const done = await services.forecasting.refreshForecasts((count, total) => {
        process.stdout.write(`${count} of ${total} variants, ${speedSince(start, count)} variants/s\n`);
      });
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      const { name, version } = models.engines.model;
      process.stdout.write(
        `Stored the forecasts of ${done} variants by ${name} ${version} in ${seconds} s.\n`,
      );
      await refreshHierarchy(services);
    } finally {
      await models.close();
    }
  } finally {
    await database.close();
  }
}

/** Makes the forecasts of variants, categories, warehouses and the whole store add up. */
async function refreshHierarchy(services: Services): Promise<void> {
  const start = performance.now();
  const count = await services.hierarchy.refreshHierarchy();
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  process.stdout.write(`Reconciled the forecasts of ${count} variants in ${seconds} s.\n`);
}

function wantsHelp(arguments_: readonly string[]): boolean {
  try {
    return (
      parseArgs({ args: [...arguments_], options: { help: { type: 'boolean', short: 'h' } } }).values.help ===
      true
    );
  } catch (cause) {
    throw badInput(
      `forecast takes no arguments but --help, got '${arguments_.join(' ')}' (${(cause as Error).message}).`,
    );
  }
}

function speedSince(start: number, count: number): number {
  return Math.round(count / Math.max((performance.now() - start) / 1_000, 0.001));
}
