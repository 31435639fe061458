import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Sql } from './database/sql.ts';
import { DomainError } from './errors.ts';
import { makeJobHandlers } from './jobHandlers.ts';
import { jobKinds } from './jobs/jobKinds.ts';
import { startJobWorkers } from './jobs/workers.ts';
import { defaultNightlyRule } from './nightly/service.ts';
import type { Services } from './services.ts';

/**
 * Starts the workers of jobs in this process, as many as the configuration says, and enters the schedule. Yields what
 * stops them once they have done the part they are at.
 */
export async function startWorkers({
  services,
  sql,
  config,
  clock,
  logger,
}: {
  readonly services: Services;
  readonly sql: Sql;
  readonly config: Pick<Config, 'jobWorkers' | 'nightlyCron'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
}): Promise<() => Promise<void>> {
  if (config.jobWorkers === 0) return async () => undefined;
  const { jobs } = services;
  const onError = (error: unknown) => logger.error({ err: error }, 'a part of a job failed');
  const stop = await startJobWorkers({ sql, jobs, clock, onError }, makeJobHandlers(services), {
    count: config.jobWorkers,
  });
  try {
    await enterSchedule(jobs, config.nightlyCron ?? null);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function enterSchedule({ queue, retryRule }: Services['jobs'], cron: string | null): Promise<void> {
  try {
    await queue.schedule(jobKinds.NIGHTLY_PLAN.queue, cron, defaultNightlyRule, retryRule);
  } catch (cause) {
    if (cron === null) throw cause;
    const message = `SUPPLYGRAPH_NIGHTLY_CRON must be a cron line, got '${cron}' (${(cause as Error).message}).`;
    throw new DomainError('BAD_USER_INPUT', message, { cause });
  }
}
