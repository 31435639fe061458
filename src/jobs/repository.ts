import { Conditions, type DateFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { JobKind, JobState } from '../generated/graphql.ts';
import type { JobChunk } from './jobHandler.ts';

export type JobRow = PageRow & {
  readonly kind: JobKind;
  readonly state: JobState;
  readonly input: unknown;
  readonly requestedBy: string | null;
  readonly done: number;
  /** Null until the job is cut into chunks. */
  readonly total: number | null;
  readonly result: unknown;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};
export type JobConnection = Connection<JobRow>;
/** What narrows a list of jobs. */
export type JobFilter = {
  readonly states?: readonly JobState[] | null | undefined;
  readonly kinds?: readonly JobKind[] | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};
/** A job before it is stored. */
export type NewJob = {
  readonly kind: JobKind;
  readonly input: object;
  readonly requestedBy: string | null;
  readonly createdAt: Date;
};

/** A chunk that may begin now. */
export type NextChunk = { readonly number: number; readonly timeoutSeconds: number | null };

const columns = `job.id, job.kind, job.state, job.input, job.requested_by AS "requestedBy", job.done, job.total, job.result,
  job.error, job.created_at AS "createdAt", job.started_at AS "startedAt", job.finished_at AS "finishedAt"`;
const open = `state IN ('PENDING', 'RUNNING', 'RETRYING')`;

/** One page of jobs, newest first. */
export function listJobs(sql: Sql, filter: JobFilter, page: PageArguments): Promise<JobConnection> {
  const conditions = new Conditions();
  conditions.anyOf('job.state::text', 'text', filter.states, 'filter.states');
  conditions.anyOf('job.kind', 'text', filter.kinds, 'filter.kinds');
  conditions.date('job.created_at', filter.createdAt);
  const order = {
    scope: 'job',
    column: 'job.id',
    type: 'bigint',
    idColumn: 'job.id',
    direction: 'DESC',
  } as const;
  return listPage(sql, { columns, from: 'job', conditions, order }, page);
}

export function listJobsById(sql: Sql, ids: readonly number[]): Promise<JobRow[]> {
  return sql.query(`SELECT ${columns}, job.id::text AS "sortKey" FROM job WHERE id = ANY($1::int[])`, [ids]);
}

/** Stores a job as PENDING; yields its id. */
export async function insertJob(tx: Sql, job: NewJob): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    'INSERT INTO job (kind, input, requested_by, created_at) VALUES ($1, $2::jsonb, $3, $4) RETURNING id',
    [job.kind, JSON.stringify(job.input), job.requestedBy, job.createdAt],
  );
  return row?.id ?? 0;
}

/** Makes transactions that ask for the open job of a kind wait for each other; yields its id, null where none is open. */
export async function lockOpenJob(tx: Sql, kind: JobKind): Promise<number | null> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('job:' || $1, 0))`, [kind]);
  const [row] = await tx.query<{ id: number }>(`SELECT id FROM job WHERE kind = $1 AND ${open} LIMIT 1`, [
    kind,
  ]);
  return row?.id ?? null;
}

/** Stores the chunks of a job and sets it RUNNING; yields the first round, null where that was done before or the job has ended. */
export async function beginJob(
  tx: Sql,
  jobId: number,
  chunks: readonly JobChunk<unknown>[],
  now: Date,
): Promise<NextChunk[] | null> {
  const total = chunks.reduce((sum, { size }) => sum + size, 0);
  const begun = await tx.query(
    `UPDATE job SET state = 'RUNNING', error = NULL, started_at = $2, total = $3, chunk_count = $4
      WHERE id = $1 AND ${open} AND chunk_count IS NULL RETURNING 1`,
    [jobId, now, total, chunks.length],
  );
  if (begun.length === 0) return null;
  await tx.query(
    `INSERT INTO job_chunk (job_id, number, round, size, timeout_seconds, payload)
     SELECT $1, number, COALESCE(round, 0), size, "timeoutSeconds", payload
       FROM jsonb_to_recordset($2::jsonb)
            AS chunk(number int, round int, size int, "timeoutSeconds" int, payload jsonb)`,
    [jobId, JSON.stringify(chunks.map((chunk, number) => ({ number, ...chunk })))],
  );
  return listFirstOpenRound(tx, jobId);
}

/** A job that has not ended; null otherwise. */
export async function findOpenJob(
  sql: Sql,
  jobId: number,
): Promise<{ readonly input: unknown; readonly isBegun: boolean } | null> {
  const rows = await sql.query<{ input: unknown; isBegun: boolean }>(
    `SELECT input, chunk_count IS NOT NULL AS "isBegun" FROM job WHERE id = $1 AND ${open}`,
    [jobId],
  );
  return rows[0] ?? null;
}

/** A chunk that is still to be done, with its job's input; null where it is done or the job has ended. */
export async function findOpenChunk(
  sql: Sql,
  jobId: number,
  number: number,
): Promise<{ readonly input: unknown; readonly payload: unknown } | null> {
  const rows = await sql.query<{ input: unknown; payload: unknown }>(
    `SELECT job.input, chunk.payload FROM job_chunk chunk JOIN job ON job.id = chunk.job_id
      WHERE chunk.job_id = $1 AND chunk.number = $2 AND chunk.finished_at IS NULL AND ${open}`,
    [jobId, number],
  );
  return rows[0] ?? null;
}

/**
 * Marks a chunk done and moves the job's progress; yields the chunks that may begin for it, none where the job is to be
 * finished. Null while its round is not done, and where it was done before.
 */
export async function finishChunk(
  tx: Sql,
  chunk: { readonly jobId: number; readonly number: number; readonly part: unknown },
  now: Date,
): Promise<NextChunk[] | null> {
  // The row of the job is locked from here on: of two chunks that end together, the later sees the round done.
  const rows = await tx.query(
    `WITH finished AS (
       UPDATE job_chunk SET finished_at = $3, part = $4::jsonb
        WHERE job_id = $1 AND number = $2 AND finished_at IS NULL RETURNING size
     )
     UPDATE job SET state = 'RUNNING', error = NULL, done = done + finished.size
       FROM finished WHERE job.id = $1 AND ${open}
     RETURNING 1`,
    [chunk.jobId, chunk.number, now, JSON.stringify(chunk.part ?? null)],
  );
  if (rows.length === 0) return null;
  const unfinished = await tx.query(
    `SELECT 1 FROM job_chunk WHERE job_id = $1 AND finished_at IS NULL
        AND round = (SELECT round FROM job_chunk WHERE job_id = $1 AND number = $2) LIMIT 1`,
    [chunk.jobId, chunk.number],
  );
  return unfinished.length > 0 ? null : listFirstOpenRound(tx, chunk.jobId);
}

function listFirstOpenRound(tx: Sql, jobId: number): Promise<NextChunk[]> {
  return tx.query(
    `SELECT number, timeout_seconds AS "timeoutSeconds" FROM job_chunk
      WHERE job_id = $1 AND round = (SELECT min(round) FROM job_chunk WHERE job_id = $1 AND finished_at IS NULL)
      ORDER BY number`,
    [jobId],
  );
}

/** What the chunks of a job yielded, in chunk order. */
export async function listParts(sql: Sql, jobId: number): Promise<unknown[]> {
  const rows = await sql.query<{ part: unknown }>(
    'SELECT part FROM job_chunk WHERE job_id = $1 ORDER BY number',
    [jobId],
  );
  return rows.map(({ part }) => part);
}

/** Shows that a part of the job failed and will be tried again. */
export async function noteRetry(sql: Sql, jobId: number, error: string): Promise<void> {
  await sql.query(`UPDATE job SET state = 'RETRYING', error = $2 WHERE id = $1 AND ${open}`, [jobId, error]);
}

/** Ends a job that has not ended, and removes its chunks; false where it had ended. */
export async function endJob(
  tx: Sql,
  jobId: number,
  end: {
    readonly state: 'COMPLETED' | 'FAILED' | 'CANCELLED';
    readonly result?: unknown;
    readonly error?: string;
    readonly now: Date;
  },
): Promise<boolean> {
  const ended = await tx.query(
    `UPDATE job SET state = $2::job_state, result = $3::jsonb, error = $4, finished_at = $5
      WHERE id = $1 AND ${open} RETURNING 1`,
    [jobId, end.state, JSON.stringify(end.result ?? null), end.error ?? null, end.now],
  );
  if (ended.length === 0) return false;
  await tx.query('DELETE FROM job_chunk WHERE job_id = $1', [jobId]);
  return true;
}

/** Removes at most `limit` jobs that ended before a moment, oldest first, with all that hangs on them; yields how many. */
export async function deleteJobsEndedBefore(sql: Sql, moment: Date, limit: number): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM job WHERE id IN (
       SELECT id FROM job WHERE created_at < $1 AND finished_at < $1 ORDER BY created_at, id LIMIT $2
     ) RETURNING 1`,
    [moment, limit],
  );
  return rows.length;
}
