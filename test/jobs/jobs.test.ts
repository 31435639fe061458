import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { badInput } from '../../src/errors.ts';
import { toGlobalId } from '../../src/globalId.ts';
import type { AnyJobHandler } from '../../src/jobs/jobHandler.ts';
import { makeJobsService } from '../../src/jobs/service.ts';
import { startJobWorkers } from '../../src/jobs/workers.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { createChunkLog, makeLoggedJob, onlyBacktest } from './fixtures/loggedJob.ts';

let database: Database;
const clock = () => new Date('2026-11-24T02:00:00.000Z');
const errors: unknown[] = [];
const stops: (() => Promise<void>)[] = [];
const makeJobs = () =>
  makeJobsService({
    database,
    clock,
    retryRule: { timeoutSeconds: 60, retryLimit: 2, retryDelaySeconds: 0 },
  });
let jobs: ReturnType<typeof makeJobs>;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql.execute(createChunkLog);
  jobs = makeJobs();
  await jobs.prepare();
});
beforeEach(async () => {
  errors.length = 0;
  await database.sql.execute('TRUNCATE chunk_log');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => database.close());

/** Starts workers on the log's job; `during` happens inside every chunk. */
async function startWorkers(
  during?: (number: number) => Promise<void>,
  count = 1,
): Promise<() => Promise<void>> {
  const handlers = onlyBacktest(makeLoggedJob(database.sql, during));
  const parts = { sql: database.sql, jobs, clock, onError: (error: unknown) => errors.push(error) };
  const stop = await startJobWorkers(parts, handlers, { count, pollMs: 20, superviseSeconds: 60 });
  stops.push(stop);
  return stop;
}

async function startJob(chunks: number): Promise<number> {
  const job = { kind: 'BACKTEST', input: { chunks }, requestedBy: 'Ada' } as const;
  const jobId = await database.sql.transaction((tx) => jobs.createJob(tx, job));
  jobs.wake();
  return jobId;
}

async function read(jobId: number) {
  const [job] = await jobs.findJobs([jobId]);
  if (job === null || job === undefined) throw new Error('The job must exist.');
  return job;
}
const untilEnded = (jobId: number) =>
  expect.poll(async () => (await read(jobId)).finishedAt, { timeout: 20_000 }).not.toBeNull();

/** How often each chunk began and ended. */
async function counts(event: 'begin' | 'end'): Promise<Record<number, number>> {
  const rows = await database.sql.query<{ number: number; count: number }>(
    'SELECT number, count(*)::int AS count FROM chunk_log WHERE event = $1 GROUP BY number ORDER BY number',
    [event],
  );
  return Object.fromEntries(rows.map(({ number, count }) => [number, count]));
}

describe('old jobs', () => {
  it('are removed 400 days after their end with their backtests, ten at a time; open ones never', async () => {
    const { sql } = database;
    const day = (date: string) => new Date(`${date}T00:00:00.000Z`);
    const insert = async (createdOn: string, endedOn: string | null) => {
      const [row] = await sql.query<{ id: number }>(
        `INSERT INTO job (kind, state, input, created_at, finished_at)
         VALUES ('BACKTEST', $1::job_state, '{}', $2, $3) RETURNING id`,
        [endedOn === null ? 'RUNNING' : 'COMPLETED', day(createdOn), endedOn === null ? null : day(endedOn)],
      );
      return row?.id ?? 0;
    };
    const old = [];
    for (let i = 0; i < 11; i += 1) old.push(await insert('2025-10-01', '2025-10-20'));
    const kept = [await insert('2025-10-01', null), await insert('2025-10-01', '2025-10-21')];
    await sql.query(
      `INSERT INTO backtest (job_id, frequency, horizon, origins, step, model_name, model_version)
       VALUES ($1, 'DAILY', 28, 1, 28, 'm', '1')`,
      [old[0]],
    );
    expect([await jobs.deleteOldJobs(), await jobs.deleteOldJobs(), await jobs.deleteOldJobs()]).toEqual([
      10, 1, 0,
    ]);
    expect((await jobs.findJobs(old)).every((job) => job === null)).toBe(true);
    expect((await jobs.findJobs(kept)).map((job) => job?.id)).toEqual(kept);
    expect(await sql.query('SELECT 1 FROM backtest WHERE job_id = $1', [old[0]])).toEqual([]);
    await sql.query('DELETE FROM job WHERE id = ANY($1::int[])', [kept]);
  });
});

describe('a job', () => {
  it('waits until a worker begins it, is done chunk by chunk and keeps what came of it', async () => {
    const jobId = await startJob(3);
    expect(await read(jobId)).toMatchObject({ state: 'PENDING', done: 0, total: null, requestedBy: 'Ada' });
    await startWorkers();
    await untilEnded(jobId);
    expect(await read(jobId)).toMatchObject({
      state: 'COMPLETED',
      done: 30,
      total: 30,
      error: null,
      result: { parts: [{ square: 0 }, { square: 1 }, { square: 4 }] },
      startedAt: clock(),
      finishedAt: clock(),
    });
    expect(await database.sql.query('SELECT 1 FROM job_chunk')).toEqual([]);
  });

  it('moves its progress once a chunk', async () => {
    const seen: number[] = [];
    const jobId = await startJob(4);
    await startWorkers(async () => {
      seen.push((await read(jobId)).done);
    });
    await untilEnded(jobId);
    expect(seen).toEqual([0, 10, 20, 30]);
  });

  it('without chunks is completed at once', async () => {
    const jobId = await startJob(0);
    await startWorkers();
    await untilEnded(jobId);
    expect(await read(jobId)).toMatchObject({ state: 'COMPLETED', total: 0, result: { parts: [] } });
  });

  it('is shared by workers, each chunk done by one of them', async () => {
    const jobId = await startJob(12);
    await startWorkers(undefined, 3);
    await startWorkers(undefined, 2);
    await untilEnded(jobId);
    expect(await counts('begin')).toEqual(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i, 1])));
    expect(errors).toEqual([]);
  });
});

describe('a job of rounds', () => {
  it('begins the chunks of a round when all of the rounds before it are done', async () => {
    const job = { kind: 'BACKTEST', input: { chunks: 7, roundSize: 3 }, requestedBy: null } as const;
    const jobId = await database.sql.transaction((tx) => jobs.createJob(tx, job));
    await startWorkers(undefined, 3);
    await untilEnded(jobId);
    const events = await database.sql.query<{ round: number; event: string }>(
      'SELECT number / 3 AS round, event FROM chunk_log ORDER BY id',
    );
    const order = events.map(({ round, event }) => `${event} ${round}`);
    for (const round of [1, 2])
      expect(order.indexOf(`begin ${round}`)).toBeGreaterThan(order.lastIndexOf(`end ${round - 1}`));
    expect(await read(jobId)).toMatchObject({ state: 'COMPLETED', done: 70, total: 70 });
    expect(await counts('begin')).toEqual(Object.fromEntries(Array.from({ length: 7 }, (_, i) => [i, 1])));
  });

  it('gives a chunk the time that it asks for, beyond the rule of the queue', async () => {
    const rounds: AnyJobHandler = {
      plan: async () => [
        { size: 1, payload: {}, timeoutSeconds: 500 },
        { size: 1, payload: {}, timeoutSeconds: 5 },
        { size: 1, payload: {} },
      ],
      run: async () => null,
      finish: async () => null,
    };
    const jobId = await startJob(0);
    const parts = { sql: database.sql, jobs, clock, onError: (error: unknown) => errors.push(error) };
    const stop = await startJobWorkers(parts, onlyBacktest(rounds), { count: 1, pollMs: 20 });
    stops.push(stop);
    await untilEnded(jobId);
    const sent = await database.sql.query<{ seconds: number }>(
      `SELECT extract(epoch FROM expire_in)::int AS seconds FROM pgboss.job
        WHERE data->>'step' = 'chunk' AND (data->>'jobId')::int = $1 ORDER BY (data->>'number')::int`,
      [jobId],
    );
    expect(sent.map(({ seconds }) => seconds)).toEqual([500, 60, 60]);
  });
});

describe('a job whose chunk fails', () => {
  it('shows RETRYING, then goes on with that chunk and does no other twice', async () => {
    let failures = 0;
    const states: string[] = [];
    const jobId = await startJob(4);
    await startWorkers(async (number) => {
      if (number !== 2) return;
      if (failures > 0) states.push((await read(jobId)).state);
      failures += 1;
      if (failures === 1) throw new Error('The disk is full at /var/lib.');
    });
    await untilEnded(jobId);
    expect(states).toContain('RETRYING');
    expect(await read(jobId)).toMatchObject({ state: 'COMPLETED', done: 40, error: null });
    expect(await counts('begin')).toEqual({ 0: 1, 1: 1, 2: 2, 3: 1 });
    expect(await counts('end')).toEqual({ 0: 1, 1: 1, 2: 1, 3: 1 });
    expect(errors).toHaveLength(1);
  });

  it('fails after its tries, keeps what is unexpected to the log and leaves the rest undone', async () => {
    const jobId = await startJob(2);
    await startWorkers(async (number) => {
      if (number === 0) throw new Error('The disk is full at /var/lib.');
    });
    await untilEnded(jobId);
    expect(await read(jobId)).toMatchObject({
      state: 'FAILED',
      error: 'The job met an internal error; the log has it.',
      result: null,
    });
    expect((await counts('begin'))[0]).toBe(3);
  });

  it('fails at once where the input is at fault, and says what must hold', async () => {
    const jobId = await startJob(1);
    await startWorkers(() => Promise.reject(badInput('input.horizon must be 1 to 64 periods, got 99.')));
    await untilEnded(jobId);
    expect(await read(jobId)).toMatchObject({
      state: 'FAILED',
      error: 'input.horizon must be 1 to 64 periods, got 99.',
    });
    expect(await counts('begin')).toEqual({ 0: 1 });
  });
});

describe('a job whose workers are lost again and again', () => {
  it('fails once its tries are used up', async () => {
    const retryRule = { timeoutSeconds: 1, retryLimit: 0, retryDelaySeconds: 0 };
    const lost = makeJobsService({ database, clock, retryRule });
    const job = { kind: 'BACKTEST', input: { chunks: 1 }, requestedBy: null } as const;
    const jobId = await database.sql.transaction((tx) => lost.createJob(tx, job));
    expect((await lost.queue.claim('backtest'))?.step).toEqual({ step: 'plan', jobId }); // and never comes back
    const handlers = onlyBacktest(makeLoggedJob(database.sql));
    const parts = { sql: database.sql, jobs: lost, clock, onError: (error: unknown) => errors.push(error) };
    stops.push(await startJobWorkers(parts, handlers, { count: 1, pollMs: 50, superviseSeconds: 1 }));
    await untilEnded(jobId);
    expect(await read(jobId)).toMatchObject({
      state: 'FAILED',
      error:
        'Each part of the job must be done within 1 s, but 1 workers in a row were lost over one of them.',
    });
  });
});

describe('calling a job off', () => {
  it('ends the chunk under way and begins no other', async () => {
    const jobId = await startJob(5);
    await startWorkers(async (number) => {
      if (number !== 1) return;
      const id = toGlobalId('BacktestJob', jobId);
      expect(await jobs.cancelJob(id)).toEqual({ kind: 'done', result: jobId });
    });
    await untilEnded(jobId);
    const last = await startJob(1);
    await untilEnded(last); // the queue is worked off in order, so the cancelled chunks have been passed over
    expect(await read(jobId)).toMatchObject({ state: 'CANCELLED', done: 10, total: 50, result: null });
    expect(await counts('end')).toEqual({ 0: 2, 1: 1 });
  });

  it('is refused where the job has ended or does not exist', async () => {
    const jobId = await startJob(0);
    await startWorkers();
    await untilEnded(jobId);
    expect(await jobs.cancelJob(toGlobalId('BacktestJob', jobId))).toMatchObject({
      userErrors: [
        {
          code: 'ALREADY_ENDED',
          message: 'input.id must be the id of a job that has not ended, got one in state COMPLETED.',
        },
      ],
    });
    const unknown = toGlobalId('NightlyPlanJob', 2_000_000);
    expect(await jobs.cancelJob(unknown)).toMatchObject({
      userErrors: [
        { code: 'NOT_FOUND', message: `input.id must be the id of an existing job, got '${unknown}'.` },
      ],
    });
    const other = toGlobalId('Product', 1);
    expect(() => jobs.cancelJob(other)).toThrow(`input.id must be the id of a job, got '${other}'.`);
  });
});

describe('stopping the workers', () => {
  it('waits for the chunk under way; the job goes on with the next one when workers are back', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const jobId = await startJob(3);
    const stop = await startWorkers((number) => (number === 1 ? held : Promise.resolve()));
    await expect.poll(() => counts('begin')).toEqual({ 0: 1, 1: 1 });
    const stopped = stop();
    release();
    await stopped;
    expect(await counts('end')).toEqual({ 0: 1, 1: 1 });
    expect(await read(jobId)).toMatchObject({ state: 'RUNNING', done: 20 });
    await startWorkers();
    await untilEnded(jobId);
    expect(await counts('end')).toEqual({ 0: 1, 1: 1, 2: 1 });
  });
});

describe('the schedule', () => {
  it('starts one job, and none while one of the kind is open', async () => {
    const { queue, retryRule } = makeJobs();
    const start = { step: 'start', input: { chunks: 2 } } as const;
    await queue.send(database.sql, 'backtest', [start, start], retryRule);
    await startWorkers();
    await expect
      .poll(async () => (await jobs.listJobs({ states: ['COMPLETED'] }, { first: 1 })).nodes[0]?.requestedBy)
      .toBe('schedule');
    expect(await counts('end')).toEqual({ 0: 1, 1: 1 });
  });

  it('is entered and removed again', async () => {
    const lines = () => database.sql.query('SELECT name, cron, timezone FROM pgboss.schedule');
    await jobs.queue.schedule('nightly-plan', '0 2 * * *', { reviewDays: 7 }, jobs.retryRule);
    expect(await lines()).toEqual([{ name: 'nightly-plan', cron: '0 2 * * *', timezone: 'UTC' }]);
    await jobs.queue.schedule('nightly-plan', null, {}, jobs.retryRule);
    expect(await lines()).toEqual([]);
  });
});

describe('the list of jobs', () => {
  it('is newest first and filtered by state and kind', async () => {
    const [first, second] = [await startJob(1), await startJob(1)];
    const pending = await jobs.listJobs({ states: ['PENDING'], kinds: ['BACKTEST'] }, { first: 2 });
    expect(pending.nodes.map(({ id }) => id)).toEqual([second, first]);
    expect((await jobs.listJobs({ kinds: ['NIGHTLY_PLAN'] }, {})).nodes).toEqual([]);
    expect(await pending.countRows()).toBe(2);
  });
});
