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

/** Milliseconds between two looks for what is due by the calendar. */
const dueIntervalMs = 15_000;

/**
 * Starts the workers of jobs in this process, as many as the configuration says, enters the schedule, and has prices set whose
 * day has come: now, which makes up for the time that no worker ran, and then every few seconds. Yields what stops them once
 * they have done the part they are at.
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
  const stopDueWork = startDueWork(() => services.priceProposals.applyDue(), onError);
  return async () => {
    await Promise.all([stop(), stopDueWork()]);
  };
}

/** Does work now and then again and again, one round at a time; yields what ends it, a round under way included. */
function startDueWork(work: () => Promise<unknown>, onError: (error: unknown) => void): () => Promise<void> {
  let round = Promise.resolve();
  const begin = () => {
    round = round.then(work).then(() => undefined, onError);
  };
  begin();
  const timer = setInterval(begin, dueIntervalMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
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
