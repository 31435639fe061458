import * as childProcess from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkerPool, type WorkerPoolOptions } from '../../src/workers/workerPool.ts';
import { workerScript } from '../../src/workers/workerScript.ts';
import type { Act } from './fixtures/actingWorker.ts';

const execFile = promisify(childProcess.execFile);
const script = workerScript(import.meta.url, './fixtures/actingWorker');
const pools: WorkerPool<Act, unknown>[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function makePool(options: Partial<WorkerPoolOptions> = {}): WorkerPool<Act, unknown> {
  const pool = new WorkerPool<Act, unknown>({
    name: 'acting',
    script,
    threads: 1,
    queueLimit: 8,
    ...options,
  });
  pools.push(pool);
  return pool;
}

function makeCounter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

describe('jobs', () => {
  it('answers in the order of the calls and starts by itself', async () => {
    const pool = makePool();
    const finished: unknown[] = [];
    const jobs = [1, 2, 3].map((value) =>
      pool.run({ kind: 'echo', value }).then((answer) => finished.push(answer)),
    );
    await Promise.all(jobs);
    expect(finished).toEqual([1, 2, 3]);
    expect(pool.stats()).toMatchObject({ threads: 1, busy: 0, queued: 0, answered: 3 });
  });

  it('runs as many jobs beside each other as there are threads', async () => {
    const pool = makePool({ threads: 2 });
    await pool.start();
    const jobs = [1, 2, 3].map(() => pool.run({ kind: 'sleep', ms: 20 }));
    expect(pool.stats()).toMatchObject({ busy: 2, queued: 1 });
    await Promise.all(jobs);
  });

  it('brings a thrown DomainError back with its code', async () => {
    const job = makePool().run({ kind: 'throw', as: 'domain' });
    await expect(job).rejects.toMatchObject({
      name: 'DomainError',
      code: 'NOT_FOUND',
      message: 'No such thing.',
    });
  });

  it('brings other thrown values back by name and message, and the thread goes on', async () => {
    const pool = makePool();
    await expect(pool.run({ kind: 'throw', as: 'error' })).rejects.toMatchObject({
      name: 'RangeError',
      message: 'Out of range.',
    });
    await expect(pool.run({ kind: 'throw', as: 'text' })).rejects.toThrow('a text');
    await expect(pool.run({ kind: 'unclonable' })).rejects.toThrow('could not be cloned');
    await expect(pool.run({ kind: 'echo', value: 1 })).resolves.toBe(1);
    expect(pool.stats()).toMatchObject({ failed: 3, answered: 1, crashed: 0 });
  });

  it('rejects a request that cannot cross the thread border and keeps the thread', async () => {
    const pool = makePool();
    await expect(pool.run({ kind: 'echo', value: () => 0 })).rejects.toThrow('could not be cloned');
    await expect(pool.run({ kind: 'echo', value: 1 })).resolves.toBe(1);
  });
});

describe('the queue bound', () => {
  it('refuses the job that would wait beyond the limit, and only that one', async () => {
    const pool = makePool({ queueLimit: 1 });
    await pool.start();
    const accepted = [pool.run({ kind: 'sleep', ms: 20 }), pool.run({ kind: 'echo', value: 1 })];
    await expect(pool.run({ kind: 'echo', value: 2 })).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: 'The acting queue must hold at most 1 waiting requests, and it is full.',
    });
    await expect(Promise.all(accepted)).resolves.toEqual(['slept', 1]);
    expect(pool.stats().refused).toBe(1);
  });
});

describe('deadlines', () => {
  it('answers a waiting job when its deadline passes and never runs it', async () => {
    const pool = makePool();
    const counter = makeCounter();
    await pool.start();
    const first = pool.run({ kind: 'sleep', ms: 60 });
    await expect(pool.run({ kind: 'exit', counter, times: 0 }, { deadlineMs: 20 })).rejects.toMatchObject({
      code: 'MODEL_TIMEOUT',
      message: 'The acting request must be answered within 20 ms, and it was still waiting.',
    });
    await first;
    await pool.run({ kind: 'echo', value: 1 });
    expect(counter[0]).toBe(0);
  });

  it('answers a running job when its deadline passes, drops its late result and keeps the thread', async () => {
    const pool = makePool();
    await pool.start();
    await expect(pool.run({ kind: 'spin', ms: 80 }, { deadlineMs: 20 })).rejects.toMatchObject({
      code: 'MODEL_TIMEOUT',
      message: 'The acting request must be answered within 20 ms, and it was still running.',
    });
    await expect(pool.run({ kind: 'echo', value: 'next' })).resolves.toBe('next');
    expect(pool.stats()).toMatchObject({ timedOut: 1, answered: 1, crashed: 0 });
  });
});

describe('crashes', () => {
  it('retries the job of a crashed thread once, on another thread', async () => {
    const pool = makePool({ threads: 2 });
    const counter = makeCounter();
    await expect(pool.run({ kind: 'exit', counter, times: 1 })).resolves.toBe('survived');
    expect(counter[0]).toBe(2);
    expect(pool.stats()).toMatchObject({ crashed: 1, answered: 1 });
  });

  it('fails a job that stopped two threads, and serves the next ones on new threads', async () => {
    const pool = makePool({ restartDelayMs: 1 });
    const counter = makeCounter();
    await expect(pool.run({ kind: 'exit', counter, times: 9 })).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: 'The acting request stopped 2 threads in a row, with exit code 7.',
    });
    await expect(pool.run({ kind: 'echo', value: 1 })).resolves.toBe(1);
    expect(counter[0]).toBe(2);
  });

  it('fails at once when the job moved its buffers to the crashed thread', async () => {
    const pool = makePool();
    const transfer = [new ArrayBuffer(8)];
    const act: Act = { kind: 'exit', counter: makeCounter(), times: 1 };
    await expect(pool.run(act, { transfer })).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: 'The acting request stopped its thread, with exit code 7.',
    });
  });

  it('does not spin when the replacements cannot start', async () => {
    const starts = makeCounter();
    const workerData = { fail: 'Broken since.', failAfter: 1, starts };
    const pool = makePool({ workerData, restartDelayMs: 10_000 });
    await pool.start();
    const job = pool.run({ kind: 'exit', counter: makeCounter(), times: 9 });
    const outcome = expect(job).rejects.toThrow('The acting pool is closed.');
    await vi.waitFor(() => expect(starts[0]).toBe(2), { timeout: 10_000 });
    await sleep(300);
    expect(starts[0]).toBe(2);
    await pool.close();
    await outcome;
  });
});

describe('start and close', () => {
  it('refuses to start with the reason of the thread that cannot', async () => {
    const pool = makePool({ threads: 2, workerData: { fail: 'The file is missing.' } });
    const outcomes = await Promise.allSettled([pool.run({ kind: 'echo', value: 1 }), pool.start()]);
    const reason = {
      code: 'MODEL_UNAVAILABLE',
      message: 'The acting worker cannot start: The file is missing.',
    };
    expect(outcomes).toMatchObject([{ reason }, { reason }]);
  });

  it('answers what waits and runs, takes no more and lets the threads go', async () => {
    const pool = makePool();
    await pool.start();
    const jobs = [pool.run({ kind: 'sleep', ms: 20 }), pool.run({ kind: 'echo', value: 1 })];
    const outcomes = Promise.allSettled(jobs);
    const closed = pool.close();
    const error = { code: 'MODEL_UNAVAILABLE', message: 'The acting pool is closed.' };
    expect(await outcomes).toMatchObject([{ reason: error }, { reason: error }]);
    await closed;
    await expect(pool.run({ kind: 'echo', value: 2 })).rejects.toMatchObject(error);
  });

  it('leaves nothing that keeps the process alive', async () => {
    const program = fileURLToPath(new URL('./fixtures/closingProgram.ts', import.meta.url));
    const { stdout } = await execFile(process.execPath, ['--import', 'tsx', program], { timeout: 20_000 });
    expect(stdout).toBe('closed\n');
  });
});
