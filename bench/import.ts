/**
 * Times the import of the whole "Online Retail" file into both stores, each in a process of its own:
 * `npx tsx bench/import.ts` (PostgreSQL only where TEST_DATABASE_URL names a server). Prints one table.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '../src/projectRoot.ts';
import { createPostgresqlDatabase } from '../test/support/testDatabase.ts';

type Measure = {
  readonly store: string;
  readonly seconds: number;
  readonly rows: number;
  readonly peakMiB: number;
};

const file = join(process.env.SUPPLYGRAPH_DATA ?? '../shared/data', 'online_retail/online_retail.csv.gz');
const serverUrl = process.env.TEST_DATABASE_URL;

if (!existsSync(file)) process.stdout.write(`Skipped: there is no ${file}; set SUPPLYGRAPH_DATA.\n`);
else {
  const folder = await mkdtemp(join(tmpdir(), 'supplygraph-bench-'));
  const store = { SUPPLYGRAPH_DATA_FOLDER: join(folder, 'store'), DATABASE_URL: '' };
  const empty = join(folder, 'empty.csv');
  await writeFile(
    empty,
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n',
  );
  const measures = [
    await measure('embedded: new store', { env: store, file: empty, folder }),
    await measure('embedded: import', { env: store, file, folder }),
  ];
  if (serverUrl !== undefined) {
    const { url, drop } = await createPostgresqlDatabase(serverUrl);
    measures.push(
      await measure('PostgreSQL: import', { env: { ...store, DATABASE_URL: url }, file, folder }),
    );
    await drop();
  }
  await rm(folder, { recursive: true });
  printTable(measures);
}

async function measure(
  name: string,
  run: { readonly env: Record<string, string>; readonly file: string; readonly folder: string },
): Promise<Measure> {
  const start = performance.now();
  const refused = join(run.folder, 'refused.csv');
  const { stdout, peakMiB } = await runCli(
    run.env,
    ['import', 'online-retail', run.file, '--refused', refused],
    run.folder,
  );
  const rows = Number(/rows read +(\d+)/.exec(stdout)?.[1]);
  return { store: name, seconds: (performance.now() - start) / 1_000, rows, peakMiB };
}

/** Runs the command in a child that writes its own peak memory (getrusage) when it exits. */
async function runCli(env: Record<string, string>, arguments_: readonly string[], folder: string) {
  const peakFile = join(folder, 'peak');
  const report = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS)))`;
  const preload = `data:text/javascript,import { createRequire } from 'node:module'; const require = createRequire('/'); ${report}`;
  const child = spawn(
    process.execPath,
    ['--import', preload, '--import', 'tsx', projectFile('src/cli.ts'), ...arguments_],
    { env: { ...process.env, ...env }, cwd: process.cwd(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let stdout = '';
  for await (const piece of child.stdout) stdout += String(piece);
  return { stdout, peakMiB: Number(await readFile(peakFile, 'utf8')) / 1_024 };
}

function printTable(measures: readonly Measure[]): void {
  const lines = measures.map(({ store, seconds, rows, peakMiB }) =>
    [
      store.padEnd(22),
      String(rows).padStart(8),
      seconds.toFixed(1).padStart(8),
      String(Math.round(rows / seconds)).padStart(8),
      `${Math.round(peakMiB)}`.padStart(10),
    ].join(''),
  );
  const header = `${'store'.padEnd(22)}${'rows'.padStart(8)}${'seconds'.padStart(8)}${'rows/s'.padStart(8)}${'peak MiB'.padStart(10)}`;
  process.stdout.write(`${[header, ...lines].join('\n')}\n`);
}
