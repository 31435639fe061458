/**
 * The query the platform is made for: fifty best sellers with price, stock by warehouse, 28-day forecast with
 * quantiles and reorder proposal with its parts, on PostgreSQL and on the embedded database, before and after the
 * nightly forecasts are stored. `npx tsx bench/headline.ts [--seconds 10] [--database URL]`; with a URL that store is
 * measured instead of the demo shop (remove its stored forecasts first to see them computed).
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dropDatabase, prepareDatabase } from './reads/benchDatabase.ts';
import { build } from './reads/build.ts';
import { connections, load } from './reads/load.ts';
import { describeMachine } from './reads/machine.ts';
import { refreshForecasts, type StorePlace } from './reads/refreshForecasts.ts';
import { ask, ourServer, type ServerProcess, startServer } from './reads/serverProcess.ts';
import { formatTable } from './reads/table.ts';

const query = `query Headline {
  productVariants(first: 50, orderBy: { field: BEST_SELLING, direction: DESC }) {
    nodes {
      sku name price { amount currencyCode } unitsSold
      inventoryLevels { onHand committed reserved incoming available warehouse { code name } }
      forecast(horizon: 28) {
        model { name version } generatedAt
        points { periodStart mean quantiles { level value } }
        accuracy { wape baseline { wape } }
      }
      reorderProposal {
        quantity reorderPoint orderUpTo safetyStock leadTimeDays serviceLevel formula inputs
        demandDuringLeadTime { mean p50 p90 p95 }
        supplierOffer { minimumOrderQuantity packSize unitCost { amount currencyCode } supplier { name } }
      }
    }
  }
}`;

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, database: { type: 'string' } },
});
const seconds = Number(options.seconds);
const folder = mkdtempSync(join(tmpdir(), 'supplygraph-headline-'));
const logFile = join(folder, 'server.log');
const database = 'bench_headline';
const rows: string[][] = [];

const machine = describeMachine();
build('tsconfig.build.json');
if (options.database === undefined) await measureDemoShop();
else await measureStore('PostgreSQL', { databaseUrl: options.database }, { DATABASE_URL: options.database });
rmSync(folder, { recursive: true });
const title = `50 best sellers × 28 days, ${connections} connections, ${seconds} s a line, ${machine}`;
const head = [
  'store',
  'forecasts',
  'SQL statements',
  'model runs',
  'one alone ms',
  'requests/s',
  'p50 ms',
  'p99 ms',
];
process.stdout.write(formatTable(title, head, rows));

async function measureDemoShop(): Promise<void> {
  await dropDatabase(database);
  const databaseUrl = await prepareDatabase(database);
  await measureStore('PostgreSQL', { databaseUrl }, { DATABASE_URL: databaseUrl });
  const dataFolder = join(folder, 'store');
  await measureStore('embedded', { dataFolder }, { SUPPLYGRAPH_DATA_FOLDER: dataFolder });
}

async function measureStore(name: string, place: StorePlace, env: Record<string, string>): Promise<void> {
  const command = { ...ourServer(4104, { ...env, SUPPLYGRAPH_DEMO: 'true' }), logFile };
  const cold = await startServer(command);
  await measure(cold, name, 'computed');
  await cold.stop();
  await refreshForecasts(place);
  const warm = await startServer(command);
  await measure(warm, name, 'stored');
  await warm.stop();
}

/** A lone request tells statements and model runs; the load tells the times. */
async function measure(server: ServerProcess, store: string, forecasts: string): Promise<void> {
  await ask(server.url, { query });
  const begin = performance.now();
  await ask(server.url, { query });
  const alone = performance.now() - begin;
  const { statements, modelRuns } = readLastRequest();
  const { perSecond, p50, p99 } = await load(server, { query }, seconds);
  rows.push([
    store,
    forecasts,
    String(statements),
    String(modelRuns),
    alone.toFixed(0),
    perSecond.toFixed(1),
    p50.toFixed(0),
    p99.toFixed(0),
  ]);
}

function readLastRequest(): { readonly statements: number; readonly modelRuns: number } {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  return JSON.parse(lines.findLast((line) => line.includes('"operationName":"Headline"')) ?? '{}');
}
