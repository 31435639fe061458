/**
 * Speed of forecasting on series of 200 values, 28 days ahead: the network, the whole ensemble beside statsforecast's
 * AutoTheta, and one series alone. `npm run bench:speed [-- --series 300 --rounds 5 --requests 500]`
 * `--detector` loads the language detector's tables into the main thread first, to see what they would cost there.
 *
 * The build runs with its threads as in the server: one for the network, one for the other members. Rates are series
 * per second of processor time of all threads (how many one core does), and of the wall clock with one caller.
 * Rounds alternate between all of them; medians are shown. AutoTheta's row needs `bench/support/autoThetaPeer.ts`'s
 * Python; it is called with `season_length=7` on the same series, for its means alone and with nine quantiles.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STANDARD_LEVELS } from '../src/forecasting/member.ts';
import type { RunningModels } from '../src/startModels.ts';
import { build, loadBuilt } from './reads/build.ts';
import { describeMachine } from './reads/machine.ts';
import { ask, ourServer, startServer } from './reads/serverProcess.ts';
import { formatTable, median, quantile } from './reads/table.ts';
import { type AutoThetaPeer, type Pass, startAutoTheta } from './support/autoThetaPeer.ts';
import { makeSpeedSeries, SPEED_DAYS, SPEED_HORIZON } from './support/speedSeries.ts';

const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '500' },
    detector: { type: 'boolean', default: false },
  },
});
const series = makeSpeedSeries(Number(options.series));
const rounds = Number(options.rounds);
/** Passes over the series a round of ours, so that it takes about as long as one of the peer's. */
const passes = 4;
/** Passes until the compiler has done its best; AutoTheta's code is compiled ahead. */
const warmUpPasses = 24;
const folder = mkdtempSync(join(tmpdir(), 'supplygraph-speed-'));

if (options.detector) await import('eld/small');
const machine = describeMachine();
build('tsconfig.build.json');
const { startModels, forecastEnsemble } = await loadBuilt();
const models = await startModels({
  modelsFolder: 'models',
  inferenceThreads: 1,
  forecastThreads: 1,
  inferenceQueueLimit: 256,
  inferenceDeadlineMs: 600_000,
});
const network = models.engines.network?.(() => undefined) ?? null;
if (network === null) throw new Error('The models folder must hold a demand network.');
const peer = await startAutoTheta(series, SPEED_HORIZON, join(folder, 'series.json'));

const rates = await measureRates(peer);
await peer?.stop();
const alone = [await measureAlone(models), await measureOverHttp()];
await models.close();
rmSync(folder, { recursive: true });

const title = `${series.length} series of ${SPEED_DAYS} values, ${SPEED_HORIZON} days ahead, ${rounds} rounds, ${machine}`;
const note =
  peer === null
    ? 'AutoTheta was left out: its Python is not installed (see bench/support/autoThetaPeer.ts).'
    : `AutoTheta is statsforecast ${peer.version}'s.`;
process.stdout.write(
  `${formatTable(title, ['what', 'series/s of processor time', 'series/s of wall clock', '× AutoTheta means, processor', '× AutoTheta with quantiles, processor', '× means, wall'], rates)}\n${note}\n\n`,
);
process.stdout.write(
  formatTable(
    `One series alone, ${options.requests} in a row`,
    ['path', 'p50 ms', 'p95 ms', 'p99 ms'],
    alone,
  ),
);

async function measureRates(theta: AutoThetaPeer | null): Promise<string[][]> {
  const histories = [...series];
  const candidates: readonly (readonly [string, () => Promise<Pass>])[] = [
    ['network, one row a series', () => timePasses(() => network?.(histories, SPEED_HORIZON))],
    ['whole ensemble', () => timePasses(runEnsemble)],
    ...(theta === null
      ? []
      : ([
          ['AutoTheta, means', () => theta.run('points')],
          ['AutoTheta, nine quantiles', () => theta.run('intervals')],
        ] as const)),
  ];
  const taken = candidates.map(() => [] as Pass[]);
  for (let i = 0; i < warmUpPasses; i += 1) await runEnsemble();
  for (let round = 0; round < rounds; round += 1)
    for (const [i, [, run]] of candidates.entries()) taken[i]?.push(await run());
  const ratio = (own: readonly Pass[], other: readonly Pass[] | undefined, clock: keyof Pass) =>
    other === undefined
      ? ''
      : median(own.map((pass, round) => (other[round]?.[clock] ?? Number.NaN) / pass[clock])).toFixed(1);
  return candidates.map(([name], i) => {
    const own = taken[i] ?? [];
    const rate = (clock: keyof Pass) => median(own.map((pass) => series.length / pass[clock])).toFixed(0);
    const ratios = [ratio(own, taken[2], 'cpu'), ratio(own, taken[3], 'cpu'), ratio(own, taken[2], 'wall')];
    return [name, rate('cpu'), rate('wall'), ...ratios];
  });
}

/** The ensemble as the service asks for it, in one call for all series. */
function runEnsemble(): Promise<unknown> {
  const { finish, neutralise } = models.engines;
  const request = {
    series: series.map((one) => ({ ...one })),
    horizon: SPEED_HORIZON,
    levels: STANDARD_LEVELS,
    windowLength: SPEED_HORIZON,
    isPooled: false,
  };
  return forecastEnsemble(request, { network, finish, neutralise });
}

/** What one pass takes, on average over some. */
async function timePasses(run: () => Promise<unknown> | undefined): Promise<Pass> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  for (let pass = 0; pass < passes; pass += 1) await run();
  const wall = (performance.now() - begin) / 1_000 / passes;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1e6 / passes };
}

/** One series after the other through the service of forecasting and its threads. */
async function measureAlone({ engines }: RunningModels): Promise<string[]> {
  const { makeForecastingService } = await loadBuilt();
  const none = () => Promise.reject(new Error('A series of a request must not be looked up in the store.'));
  const service = makeForecastingService({
    database: { sql: { query: none, execute: none, transaction: none } },
    sales: { listDemandHistories: none },
    signals: { listSignals: none },
    engines,
    clock: () => new Date(),
  });
  return ['service', ...(await timeRequests((input) => service.forecastSeries(input, () => undefined)))];
}

/** The same as GraphQL over HTTP, on a server of its own with an empty embedded store. */
async function measureOverHttp(): Promise<string[]> {
  const env = { SUPPLYGRAPH_DATA_FOLDER: join(folder, 'store'), SUPPLYGRAPH_DEMO: 'false' };
  const server = await startServer({ ...ourServer(4106, env), isPinned: false });
  const query = `query One($input: ForecastSeriesInput!) {
    forecastSeries(input: $input) { series { points { periodStart mean quantiles { level value } } } }
  }`;
  const times = await timeRequests((input) => ask(server.url, { query, variables: { input } }));
  await server.stop();
  return ['GraphQL over HTTP', ...times];
}

async function timeRequests(send: (input: SeriesRequest) => Promise<unknown>): Promise<string[]> {
  const times: number[] = [];
  const warmUp = 100;
  for (let i = -warmUp; i < Number(options.requests); i += 1) {
    const values = Array.from(series[(i + warmUp) % series.length]?.values ?? []);
    const begin = performance.now();
    await send({ frequency: 'DAILY', horizon: SPEED_HORIZON, series: [{ values, start: '2026-01-01' }] });
    if (i >= 0) times.push(performance.now() - begin);
  }
  return [0.5, 0.95, 0.99].map((level) => quantile(times, level).toFixed(1));
}

type SeriesRequest = {
  readonly frequency: 'DAILY';
  readonly horizon: number;
  readonly series: { readonly values: number[]; readonly start: string }[];
};
