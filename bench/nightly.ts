/**
 * The nightly plan (forecasts and proposals of the whole catalogue) through the queue, with one and with two worker
 * processes, on a simulated catalogue in PostgreSQL:
 * `npm run bench:nightly [-- --variants 100000] [--workers 1,2] [--chunks 2]`
 *
 * Takes BENCH_DATABASE_URL; the catalogue stays in the database `bench_nightly_<variants>`. `--chunks`: parts of the
 * job that each worker does at a time. Memory is sampled twice a second.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrate } from '../src/database/migrate.ts';
import { openPostgresql } from '../src/database/postgresql.ts';
import { makeJobsService } from '../src/jobs/service.ts';
import { defaultNightlyRule } from '../src/nightly/service.ts';
import { fillCatalogue, forgetRuns } from './nightly/fillCatalogue.ts';
import { startWorkerProcess, type WorkerProcess } from './nightly/workerProcess.ts';
import { createDatabase } from './reads/benchDatabase.ts';
import { build } from './reads/build.ts';
import { describeMachine } from './reads/machine.ts';
import { formatTable } from './reads/table.ts';

const { values: options } = parseArgs({
  options: {
    variants: { type: 'string', default: '100000' },
    workers: { type: 'string', default: '1,2' },
    chunks: { type: 'string', default: '2' },
  },
});
const variants = Number(options.variants);
const quarters = [0.25, 0.5, 0.75, 1] as const;
const rows: string[][] = [];

build('tsconfig.build.json');
const url = await createDatabase(`bench_nightly_${variants}`);
const store = await openPostgresql(url, 4);
await migrate(store.sql);
const { salesRows } = await fillCatalogue(url, variants);
const machine = describeMachine();
for (const count of options.workers.split(',').map(Number)) await measure(count);
await store.close();
const title = `${variants} variants, ${salesRows} rows of daily sales, 64 days stored of each, ${options.chunks} part(s) of the job at a time a worker, ${machine}`;
const head = [
  'worker processes',
  'minutes',
  'of these forecasts / reconciliation / proposals',
  'variants/s',
  'CPU seconds of the workers',
  'proposals',
  'MB of each at 25 / 50 / 75 / 100 %',
  'peak MB of each',
  'peak MB of all',
];
process.stdout.write(formatTable(title, head, rows));

async function measure(count: number): Promise<void> {
  await forgetRuns(url);
  const jobs = makeJobsService({ database: store, clock: () => new Date() });
  await jobs.prepare();
  const workers = await Promise.all(
    Array.from({ length: count }, () => startWorkerProcess(url, Number(options.chunks))),
  );
  const idleCpu = sumCpu(workers);
  const begin = performance.now();
  const { jobId } = await store.sql.transaction((tx) =>
    jobs.createOnlyJob(tx, { kind: 'NIGHTLY_PLAN', input: defaultNightlyRule, requestedBy: 'bench' }),
  );
  const { memory, peak: peakOfAll, minutesOfRounds } = await watch(jobs, jobId, workers);
  const seconds = (performance.now() - begin) / 1_000;
  const cpu = sumCpu(workers) - idleCpu;
  const [job] = await jobs.findJobs([jobId]);
  await Promise.all(workers.map((worker) => worker.stop()));
  if (job?.state !== 'COMPLETED')
    throw new Error(`The job must be completed, but it is ${job?.state}: ${job?.error}`);
  const { proposals } = job.result as { readonly proposals: number }; // the nightly plan's result
  rows.push([
    String(count),
    (seconds / 60).toFixed(1),
    minutesOfRounds.map((minutes) => minutes.toFixed(1)).join(' / '),
    (variants / seconds).toFixed(0),
    cpu.toFixed(0),
    String(proposals),
    memory
      .map(({ atQuarters }) => atQuarters.map((megabytes) => megabytes.toFixed(0)).join(' / '))
      .join('; '),
    memory.map(({ peak }) => peak.toFixed(0)).join('; '),
    peakOfAll.toFixed(0),
  ]);
}

/** Samples the workers' memory until the job has ended; the job's three rounds have equal shares of its progress. */
async function watch(
  jobs: ReturnType<typeof makeJobsService>,
  jobId: number,
  workers: readonly WorkerProcess[],
) {
  const memory = workers.map(() => ({ peak: 0, atQuarters: [] as number[] }));
  const minutesOfRounds: number[] = [];
  let [peak, shown, roundBegan] = [0, performance.now(), performance.now()];
  for (; ; await sleep(500)) {
    const [job] = await jobs.findJobs([jobId]);
    const share =
      job?.state === 'COMPLETED' ? 1 : (job?.done ?? 0) / (job?.total ?? Number.POSITIVE_INFINITY);
    const megabytes = workers.map((worker) => worker.readMegabytes());
    peak = Math.max(
      peak,
      megabytes.reduce((sum, own) => sum + own, 0),
    );
    for (const [index, own] of memory.entries()) {
      own.peak = Math.max(own.peak, megabytes[index] ?? 0);
      const passed = quarters.filter((quarter) => share >= quarter).length;
      while (own.atQuarters.length < passed) own.atQuarters.push(megabytes[index] ?? 0);
    }
    while (minutesOfRounds.length < Math.floor(3 * share + 1e-9)) {
      minutesOfRounds.push((performance.now() - roundBegan) / 60_000);
      roundBegan = performance.now();
    }
    if (job === null || job === undefined || job.finishedAt !== null)
      return { memory, peak, minutesOfRounds };
    if (performance.now() - shown < 30_000) continue;
    shown = performance.now();
    process.stderr.write(`${job.done} of ${job.total} variants, three rounds together\n`);
  }
}

function sumCpu(workers: readonly WorkerProcess[]): number {
  return workers.reduce((sum, worker) => sum + worker.readCpuSeconds(), 0);
}
