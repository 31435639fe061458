/**
 * Keeps inference saturated and measures what the event loop feels: `npx tsx bench/inference.ts [seconds]`.
 *
 * The peer is the same model in the same process without threads: onnxruntime-node called directly.
 * Delays are what `monitorEventLoopDelay` reports at a resolution of 1 ms: an idle loop shows about 1.1 ms.
 * They count samples, and a stall is one sample however long it is; `busy` is the share of time it worked.
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Onnx from 'onnxruntime-node';
import { type DemandSeries, makeDemandFeeds } from '../src/inference/demandFeeds.ts';
import { type DemandNetwork, makeDemandNetwork } from '../src/inference/demandNetwork.ts';
import { makeInference } from '../src/inference/inferenceRuntime.ts';
import { projectFile } from '../src/projectRoot.ts';

const SECONDS = Number(process.argv[2] ?? 5);
const HORIZON = 28;
const DAYS = 400;

type Load = {
  readonly name: string;
  readonly callers: number;
  readonly series: number;
  readonly maxBatchRows: number;
};
type Row = { readonly name: string; readonly cells: readonly string[] };

const LOADS: readonly Load[] = [256, 64].flatMap((maxBatchRows) => [
  { name: `128 callers × 1 series, batch ≤ ${maxBatchRows}`, callers: 128, series: 1, maxBatchRows },
  { name: `16 callers × 50 series, batch ≤ ${maxBatchRows}`, callers: 16, series: 50, maxBatchRows },
  { name: `1 caller × 1,000 series, batch ≤ ${maxBatchRows}`, callers: 1, series: 1_000, maxBatchRows },
]);
const PEER: Load = {
  name: 'peer: session.run on the loop, 16 × 50',
  callers: 16,
  series: 50,
  maxBatchRows: 50,
};
const HEAD = [
  'series/s',
  'runs',
  'rows per run',
  'call p50 ms',
  'call p99 ms',
  'loop p50 ms',
  'loop p99 ms',
  'loop max ms',
  'loop busy %',
];

const shipped = projectFile('models');
const isShipped = existsSync(join(shipped, 'demand', 'card.json'));
const modelsFolder = isShipped ? shipped : projectFile('test/inference/fixtures/heavy');

const rows = [await measureIdle()];
for (const load of LOADS) rows.push(await measurePool(load));
rows.push(await measureDirect(PEER));
printTable(rows);

/** The loop with nothing to do: what the machine and the sampling alone show. */
async function measureIdle(): Promise<Row> {
  const { loop } = await watchLoop(() => sleep(1_000));
  return { name: 'nothing', cells: ['', '', '', '', '', ...loop] };
}

async function measurePool(load: Load): Promise<Row> {
  const runs: number[] = [];
  const inference = await makeInference({
    modelsFolder,
    threads: 1,
    queueLimit: 1_000,
    deadlineMs: 600_000,
    maxBatchRows: load.maxBatchRows,
    observe: (run) => runs.push(run.rows),
  });
  const network = makeDemandNetwork(inference);
  if (network === undefined) throw new Error('The models folder must hold a demand network.');
  const series = makeSeries(load.series);
  const call = (of: DemandNetwork) => of.predict(series, HORIZON);
  await call(network);
  runs.length = 0;
  const row = await saturate(load, () => call(network), runs);
  await inference.close();
  return row;
}

async function measureDirect(load: Load): Promise<Row> {
  // Loaded here only, so that the measurements before it run without onnxruntime in the main thread.
  const onnx: typeof Onnx = createRequire(import.meta.url)('onnxruntime-node');
  const file = join(modelsFolder, 'demand', 'model.onnx');
  const session = await onnx.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const series = makeSeries(load.series);
  const runs: number[] = [];
  const call = async () => {
    const feeds = Object.entries(makeDemandFeeds(series)).map(([name, { data, dims }]) => [
      name,
      new onnx.Tensor('float32', Float32Array.from(data, Number), dims),
    ]);
    await session.run(Object.fromEntries(feeds));
    runs.push(load.series);
  };
  return saturate(load, call, runs);
}

/** Each caller calls again as soon as it is answered, for `SECONDS`. */
async function saturate(load: Load, call: () => Promise<unknown>, runs: number[]): Promise<Row> {
  const callMs: number[] = [];
  const { loop, seconds } = await watchLoop(async () => {
    const end = performance.now() + SECONDS * 1_000;
    const caller = async () => {
      while (performance.now() < end) {
        const begin = performance.now();
        await call();
        callMs.push(performance.now() - begin);
      }
    };
    await Promise.all(Array.from({ length: load.callers }, caller));
  });
  const total = runs.reduce((sum, count) => sum + count, 0);
  callMs.sort((a, b) => a - b);
  const quantile = (level: number) => (callMs[Math.floor(level * (callMs.length - 1))] ?? 0).toFixed(0);
  const perRun = (total / runs.length).toFixed(1);
  const cells = [
    (total / seconds).toFixed(0),
    String(runs.length),
    perRun,
    quantile(0.5),
    quantile(0.99),
    ...loop,
  ];
  return { name: load.name, cells };
}

async function watchLoop(work: () => Promise<unknown>): Promise<{ loop: string[]; seconds: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const begin = performance.now();
  const before = performance.eventLoopUtilization();
  delay.enable();
  await work();
  delay.disable();
  const { utilization } = performance.eventLoopUtilization(before);
  const loop = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) => (ns / 1e6).toFixed(1));
  loop.push((100 * utilization).toFixed(1));
  return { loop, seconds: (performance.now() - begin) / 1_000 };
}

/** Daily sales with a weekday pattern, covariates and some stock-outs. */
function makeSeries(count: number): DemandSeries[] {
  return Array.from({ length: count }, (_, index) => ({
    values: Float64Array.from({ length: DAYS }, (_, day) => ((day * 7 + index * 13) % 17) + (day % 7)),
    inStock: Array.from({ length: DAYS }, (_, day) => (day + index) % 97 > 3),
    period: 7,
    covariates: new Float32Array(4 * (DAYS + HORIZON)),
  }));
}

function printTable(table: readonly Row[]): void {
  const model = isShipped ? 'models/demand' : 'test/inference/fixtures/heavy/demand';
  const lines = [
    `${model}, 1 inference thread, ${SECONDS} s a line, Node ${process.versions.node}`,
    '',
    `| load | ${HEAD.join(' | ')} |`,
    `|---|${HEAD.map(() => '---:').join('|')}|`,
    ...table.map(({ name, cells }) => `| ${name} | ${cells.join(' | ')} |`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
