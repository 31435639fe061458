/**
 * Forecasts every variant with sales, as the nightly run does: `npx tsx bench/batchForecast.ts [--database URL]`
 *
 * Without a URL it makes a database `bench_forecast` with the demo shop on the server of BENCH_DATABASE_URL.
 */

import { parseArgs } from 'node:util';
import { prepareDatabase } from './reads/benchDatabase.ts';
import { build } from './reads/build.ts';
import { describeMachine } from './reads/machine.ts';
import { refreshForecasts } from './reads/refreshForecasts.ts';
import { formatTable } from './reads/table.ts';

const { values: options } = parseArgs({ options: { database: { type: 'string' } } });
build('tsconfig.build.json');
const databaseUrl = options.database ?? (await prepareDatabase('bench_forecast'));
const machine = describeMachine();
const { series, seconds, cpuSeconds, peakMegabytes, model } = await refreshForecasts({ databaseUrl });
const head = ['model', 'series', 'seconds', 'series/s', 'CPU seconds', 'peak RSS MB'];
const row = [
  model,
  String(series),
  seconds.toFixed(1),
  (series / seconds).toFixed(1),
  cpuSeconds.toFixed(1),
  peakMegabytes.toFixed(0),
];
process.stdout.write(
  formatTable(`64 days stored of each, 1 inference and 1 forecast thread, ${machine}`, head, [row]),
);
