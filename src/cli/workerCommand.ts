import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { describeError } from '../describeError.ts';
import { badInput } from '../errors.ts';
import { startWorkers } from '../startWorkers.ts';
import { workerHelp } from './help.ts';
import { withServices } from './withServices.ts';

/** Runs `worker`: does jobs until SIGTERM or SIGINT. Throws DomainError. */
export async function runWorker(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (wantsHelp(arguments_)) {
    process.stdout.write(workerHelp);
    return;
  }
  if (env.DATABASE_URL === undefined || env.DATABASE_URL === '')
    throw badInput(
      'DATABASE_URL must be given: the embedded database belongs to its server, which works itself.',
    );
  const isTold = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const stop = () => isTold.abort();
  for (const signal of signals) process.once(signal, stop);
  // Two parts at a time: while one waits for the store or for one kind of thread, the other uses the next.
  await withServices({ SUPPLYGRAPH_JOB_WORKERS: '2', ...env }, async ({ config, database, services }) => {
    if (config.jobWorkers === 0)
      throw badInput('SUPPLYGRAPH_JOB_WORKERS must be at least 1 for a worker, got 0.');
    const logger = pino({ level: config.logLevel, serializers: { err: describeError } });
    const clock = () => new Date();
    const stopFollowing = await services.models.follow((error) =>
      logger.error({ err: error }, 'the active version of a model cannot answer here'),
    );
    const stopWorkers = await startWorkers({ services, sql: database.sql, config, clock, logger });
    logger.info({ workers: config.jobWorkers }, 'working');
    if (!isTold.signal.aborted) await once(isTold.signal, 'abort');
    await stopWorkers();
    await stopFollowing();
    logger.info('stopped');
  });
}

function wantsHelp(arguments_: readonly string[]): boolean {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...arguments_], options }).values.help === true;
  } catch {
    throw badInput(`worker takes no arguments but --help, got '${arguments_.join(' ')}'.`);
  }
}
