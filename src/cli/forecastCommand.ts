import { parseArgs } from 'node:util';
import { badInput } from '../errors.ts';
import type { Services } from '../services.ts';
import { forecastHelp } from './help.ts';
import { withServices } from './withServices.ts';

/** Runs `forecast`: computes and stores the daily forecast of every variant with sales. Throws DomainError. */
export async function runForecast(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (wantsHelp(arguments_)) {
    process.stdout.write(forecastHelp);
    return;
  }
  await withServices(env, async ({ services }) => {
    const start = performance.now();
    const done = await services.forecasting.refreshForecasts((count, total) => {
      process.stdout.write(`${count} of ${total} variants, ${speedSince(start, count)} variants/s\n`);
    });
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    const { name, version } = services.forecasting.model;
    process.stdout.write(`Stored the forecasts of ${done} variants by ${name} ${version} in ${seconds} s.\n`);
    await refreshHierarchy(services);
  });
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
