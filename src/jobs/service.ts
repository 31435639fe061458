import type { Clock } from '../clock.ts';
import { oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import type { PageArguments } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import { badInput } from '../errors.ts';
import type { JobCancelUserErrorCode } from '../generated/graphql.ts';
import { parseGlobalId, toRowId } from '../globalId.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { jobKinds } from './jobKinds.ts';
import { defaultRetryRule, makeJobQueue, type RetryRule } from './queue.ts';
import * as repository from './repository.ts';

export type { JobChunk, JobContext, JobHandler } from './jobHandler.ts';

export type JobsService = ReturnType<typeof makeJobsService>;

/** A year, so that a season can be compared with the last one, and a month. */
const keptDays = 400;
/** A backtest may hold a row for each variant of the store. */
const deletedAtATime = 10;

/** Makes the use cases of jobs: starting, watching and calling them off; the work itself is the workers'. */
export function makeJobsService({
  database,
  clock,
  retryRule = defaultRetryRule,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly clock: Clock;
  readonly retryRule?: RetryRule;
}) {
  const { sql } = database;
  const queue = makeJobQueue(sql);
  return {
    queue,
    retryRule,
    /** Makes the queues ready; before the transaction in which jobs are created. */
    prepare: () => queue.prepare(),
    /** Stores a job and its first step; it begins once the transaction commits. Call `wake` then. */
    async createJob(tx: Sql, job: Omit<repository.NewJob, 'createdAt'>): Promise<number> {
      const jobId = await repository.insertJob(tx, { ...job, createdAt: clock() });
      await queue.send(tx, jobKinds[job.kind].queue, [{ step: 'plan', jobId }], retryRule);
      return jobId;
    },
    /** The same where no job of the kind is open; else nothing is stored. Yields the id of the open job or the new one. */
    async createOnlyJob(tx: Sql, job: Omit<repository.NewJob, 'createdAt'>) {
      const openId = await repository.lockOpenJob(tx, job.kind);
      return openId === null
        ? { isNew: true, jobId: await this.createJob(tx, job) }
        : { isNew: false, jobId: openId };
    },
    /** Removes jobs that ended more than 400 days ago, with their backtests; a few at a time. Yields how many. */
    deleteOldJobs(): Promise<number> {
      const moment = new Date(clock().getTime() - keptDays * 86_400_000);
      return repository.deleteJobsEndedBefore(sql, moment, deletedAtATime);
    },
    /** Lets the workers of this process look for work now. */
    wake: () => queue.wake(),
    /** One page of jobs, newest first. */
    listJobs: (filter: repository.JobFilter, page: PageArguments) => repository.listJobs(sql, filter, page),
    /** Jobs in key order, null where unknown. */
    findJobs: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listJobsById(sql, ids), (row) => row.id),
    /**
     * Calls a job off; chunks that are being done end first, no other begins. Throws BAD_USER_INPUT where the id is
     * another thing's.
     */
    cancelJob(id: string): Promise<Outcome<number, JobCancelUserErrorCode>> {
      const jobId = toJobId(id);
      return sql.transaction(async (tx) => {
        if (await repository.endJob(tx, jobId, { state: 'CANCELLED', now: clock() })) return done(jobId);
        const [job] = await repository.listJobsById(tx, [jobId]);
        if (job === undefined)
          return refuse('NOT_FOUND', `input.id must be the id of an existing job, got '${id}'.`);
        return refuse(
          'ALREADY_ENDED',
          `input.id must be the id of a job that has not ended, got one in state ${job.state}.`,
        );
      });
    },
  };
}

function refuse(code: JobCancelUserErrorCode, message: string) {
  return refused({ code, field: ['input', 'id'], message });
}

function toJobId(id: string): number {
  const parsed = parseGlobalId(id);
  const isJob = Object.values(jobKinds).some(({ nodeType }) => nodeType === parsed?.type);
  const jobId = isJob ? toRowId(parsed?.key ?? '') : null;
  if (jobId === null)
    throw badInput(`input.id must be the id of a job, got '${id.slice(0, 60)}'.`, ['input', 'id']);
  return jobId;
}
