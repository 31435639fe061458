import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { schemaDiff } from '../../prisma/schemaDiff.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgresql } from '../../src/database/postgresql.ts';
import { makeJobQueue } from '../../src/jobs/queue.ts';
import { makeJobsService } from '../../src/jobs/service.ts';
import { startJobWorkers } from '../../src/jobs/workers.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { storeDump } from '../support/storeDump.ts';
import { createPostgresqlDatabase } from '../support/testDatabase.ts';
import { createChunkLog, makeLoggedJob, onlyBacktest } from './fixtures/loggedJob.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

it('the queue lives beside the schema of Prisma, which does not see it', async () => {
  const database = await openEmbedded({ dump: await storeDump('empty') });
  closing.push(() => database.close());
  await makeJobQueue(database.sql).prepare();
  expect((await schemaDiff(database.pglite)).trim()).toBe('-- This is an empty migration.');
  const queues = await database.sql.query<{ name: string }>('SELECT name FROM pgboss.queue ORDER BY name');
  expect(queues.map(({ name }) => name)).toEqual([
    'backtest',
    'complaint-triage',
    'job-dead',
    'nightly-plan',
    'price-recommendations',
  ]);
});

// Several processes need a PostgreSQL server: the embedded store belongs to one. CI runs both.
describe.skipIf(serverUrl === undefined)('several processes on one PostgreSQL', () => {
  let url: string;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ url, drop } = await createPostgresqlDatabase(serverUrl ?? ''));
    const database = await openPostgresql(url, 2);
    await migrate(database.sql);
    await database.sql.execute(createChunkLog);
    await database.close();
  });
  afterAll(() => drop());

  async function open() {
    const database = await openPostgresql(url, 6);
    closing.push(() => database.close());
    return database;
  }

  it('install the queue at the same moment without a collision', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, open));
    await Promise.all(stores.map(({ sql }) => makeJobQueue(sql).prepare()));
    expect(await stores[0]?.sql.query('SELECT count(*) AS queues FROM pgboss.queue')).toEqual([
      { queues: 5 },
    ]);
  });

  it('include one that only works, and ends when it is told to', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', projectFile('src', 'cli.ts'), 'worker'], {
      cwd: projectFile(),
      env: { PATH: process.env.PATH, NODE_ENV: 'test', DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: { msg: string; workers?: number }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    await expect.poll(() => lines, { timeout: 20_000 }).toMatchObject([{ msg: 'working', workers: 2 }]);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(lines.at(-1)?.msg).toBe('stopped');
  });

  it('share a job: what one that was killed left behind goes on at its checkpoint in another', async () => {
    const database = await open();
    const { sql } = database;
    const clock = () => new Date();
    const retryRule = { timeoutSeconds: 2, retryLimit: 2, retryDelaySeconds: 0 };
    const jobs = makeJobsService({ database, clock, retryRule });
    await jobs.prepare();
    const jobId = await sql.transaction((tx) =>
      jobs.createJob(tx, { kind: 'BACKTEST', input: { chunks: 5 }, requestedBy: null }),
    );
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', projectFile('test', 'jobs', 'fixtures', 'killedWorker.ts'), url],
      { cwd: projectFile(), stdio: 'inherit' },
    );
    const exit = once(child, 'exit');
    const events = async () =>
      (
        await sql.query<{ line: string }>(`SELECT number || ' ' || event AS line FROM chunk_log ORDER BY id`)
      ).map(({ line }) => line);
    await expect
      .poll(events, { timeout: 20_000 })
      .toEqual(['0 begin', '0 end', '1 begin', '1 end', '2 begin']);
    child.kill('SIGKILL');
    await exit;
    expect((await jobs.findJobs([jobId]))[0]).toMatchObject({ state: 'RUNNING', done: 20, total: 50 });
    const parts = { sql, jobs, clock, onError: () => undefined };
    const options = { count: 1, pollMs: 50, superviseSeconds: 1 };
    closing.push(await startJobWorkers(parts, onlyBacktest(makeLoggedJob(sql)), options));
    await expect
      .poll(async () => (await jobs.findJobs([jobId]))[0]?.state, { timeout: 25_000 })
      .toBe('COMPLETED');
    const ends = (await events()).filter((line) => line.endsWith('end')).sort();
    expect(ends).toEqual(['0 end', '1 end', '2 end', '3 end', '4 end']);
    const begins = (await events()).filter((line) => line.endsWith('begin')).sort();
    expect(begins).toEqual(['0 begin', '1 begin', '2 begin', '2 begin', '3 begin', '4 begin']);
  });
});
