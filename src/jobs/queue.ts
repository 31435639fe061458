import { randomUUID } from 'node:crypto';
import PgBoss from 'pg-boss';
import type { Sql } from '../database/sql.ts';
import { bossDatabase } from './bossDatabase.ts';
import { jobKinds } from './jobKinds.ts';

/** What a worker is to do for a job; without `jobId` a job of the kind is to be started (by the schedule). */
export type JobStep =
  | { readonly step: 'start'; readonly input: object }
  | { readonly step: 'plan' | 'finish'; readonly jobId: number }
  | {
      readonly step: 'chunk';
      readonly jobId: number;
      readonly number: number;
      /** Absent = the rule's. */
      readonly timeoutSeconds?: number;
    };

/** A claimed step: no other worker has it until it is completed, failed or `timeoutSeconds` old. */
export type Claim = {
  readonly queue: string;
  readonly id: string;
  readonly step: JobStep;
  /** Whether it is given up should it fail now. */
  readonly isLastTry: boolean;
};

/** How steps are tried again. */
export type RetryRule = {
  /** Seconds after which a claimed step counts as lost with its worker. */
  readonly timeoutSeconds: number;
  /** Tries after the first. */
  readonly retryLimit: number;
  /** Seconds before the first retry; doubles with each. */
  readonly retryDelaySeconds: number;
};

export type JobQueue = ReturnType<typeof makeJobQueue>;

/** Steps that were given up because their workers were lost. */
export const deadQueue = 'job-dead';
export const defaultRetryRule: RetryRule = { timeoutSeconds: 300, retryLimit: 3, retryDelaySeconds: 10 };

const schema = 'pgboss';
/** Any fixed number: the key of the advisory lock under which one process installs the queues while others wait. */
const installLock = 7_120_342;

/** Makes the queues of job steps: pg-boss's tables, in its own schema of the same store. */
export function makeJobQueue(sql: Sql) {
  const boss = new PgBoss({ db: bossDatabase(sql), schema });
  let installed: Promise<void> | undefined;
  const wakers = new Set<() => void>();
  return {
    /** Creates the tables and queues where they are missing; must not be called inside a transaction. */
    prepare(): Promise<void> {
      installed ??= install(sql).catch((error: unknown) => {
        installed = undefined;
        throw error;
      });
      return installed;
    },
    /** Adds steps within a transaction; workers see them once it commits. */
    async send(tx: Sql, queue: string, steps: readonly JobStep[], rule: RetryRule): Promise<void> {
      const options = { name: queue, deadLetter: deadQueue };
      await boss.insert(
        steps.map((data, place) => {
          const timeoutSeconds = timeoutOf(data, rule);
          return { ...options, ...toOptions({ ...rule, timeoutSeconds }), id: orderedId(place), data };
        }),
        { db: bossDatabase(tx) },
      );
    },
    /** Takes the oldest waiting step; null where there is none or the store cannot be reached. */
    async claim(queue: string): Promise<Claim | null> {
      const [message] = await boss.fetch<JobStep>(queue, { includeMetadata: true, batchSize: 1 });
      if (message === undefined) return null;
      const { id, data, retryCount, retryLimit } = message;
      return { queue, id, step: data, isLastTry: retryCount >= retryLimit };
    },
    /** Takes a done step off its queue, in the transaction of its effect. */
    async complete(tx: Sql, { queue, id }: Claim): Promise<void> {
      await boss.complete(queue, id, {}, { db: bossDatabase(tx) });
    },
    /** Gives a failed step back to be tried again later, or gives it up. */
    async fail({ queue, id }: Claim, reason: string): Promise<void> {
      await boss.fail(queue, id, { reason });
    },
    /** Starts a job of the queue at the times of a cron line (UTC), or never where it is null. */
    async schedule(queue: string, cron: string | null, input: object, rule: RetryRule): Promise<void> {
      if (cron === null) return boss.unschedule(queue);
      await boss.schedule(queue, cron, { step: 'start', input } satisfies JobStep, {
        tz: 'UTC',
        ...toOptions(rule),
      });
    },
    /**
     * Looks after the queues: lost steps go back, old ones are removed, scheduled jobs are started. Every worker
     * process does it; pg-boss sees to it that one at a time does. Yields what ends it.
     */
    async supervise(
      intervalSeconds: number,
      onError: (error: unknown) => void,
    ): Promise<() => Promise<void>> {
      const pending = new Set<Promise<unknown>>();
      const seam = bossDatabase(sql);
      const supervisor = new PgBoss({
        // pg-boss does not wait for all it sends: the store must stay open until each has ended.
        db: { executeSql: (text, values) => track(pending, seam.executeSql(text, values)) },
        schema,
        migrate: false,
        maintenanceIntervalSeconds: intervalSeconds,
      });
      supervisor.on('error', onError);
      await supervisor.start();
      return async () => {
        await supervisor.stop({ timeout: 1_000 });
        await Promise.allSettled(pending);
      };
    },
    /** Tells the workers of this process that there may be something to do. */
    wake(): void {
      for (const waker of wakers) waker();
    },
    /** Waits until woken or `milliseconds` have passed. */
    wait(milliseconds: number): Promise<void> {
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          wakers.delete(end);
          resolve();
        };
        const timer = setTimeout(end, milliseconds);
        wakers.add(end);
      });
    },
  };
}

/** Seconds after which a claimed step counts as lost with its worker. */
export function timeoutOf(step: JobStep, rule: RetryRule): number {
  return step.step === 'chunk' ? (step.timeoutSeconds ?? rule.timeoutSeconds) : rule.timeoutSeconds;
}

/** One process at a time and all in one transaction: pg-boss's own lock does not span its queues. */
function install(sql: Sql): Promise<void> {
  return sql.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [installLock]);
    const boss = new PgBoss({ db: bossDatabase(tx), schema, supervise: false, schedule: false });
    await boss.start();
    await boss.createQueue(deadQueue);
    for (const { queue } of Object.values(jobKinds)) await boss.createQueue(queue);
    await boss.stop({ graceful: false });
  });
}

/** pg-boss takes the messages of one moment in the order of their ids: theirs begin with their place. */
function orderedId(place: number): string {
  return place.toString(16).padStart(8, '0') + randomUUID().slice(8);
}

function toOptions({ timeoutSeconds, retryLimit, retryDelaySeconds }: RetryRule) {
  return {
    expireInSeconds: timeoutSeconds,
    retryLimit,
    retryDelay: retryDelaySeconds,
    retryBackoff: retryDelaySeconds > 0,
  };
}

function track<Result>(pending: Set<Promise<unknown>>, promise: Promise<Result>): Promise<Result> {
  pending.add(promise);
  const forget = () => {
    pending.delete(promise);
  };
  promise.then(forget, forget);
  return promise;
}
