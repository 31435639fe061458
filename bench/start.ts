/**
 * From the start of the process to the first answer: an empty store with the demo shop, and later starts, on both
 * stores; `npm start` builds first. `npx tsx bench/start.ts [--rounds 3]`; the median counts.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase, dropDatabase } from './reads/benchDatabase.ts';
import { build } from './reads/build.ts';
import { describeMachine } from './reads/machine.ts';
import { type ServerCommand, startServer } from './reads/serverProcess.ts';
import { formatTable, median } from './reads/table.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Number(options.rounds);
const folder = mkdtempSync(join(tmpdir(), 'supplygraph-start-'));
const store = join(folder, 'store');
const database = 'bench_start';
const built = [process.execPath, 'dist/src/main.js'];
const port = 4105;

/** What is started; `empty` makes its store anew. */
type Start = {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  empty(): Promise<void>;
};

build('tsconfig.build.json');
const embedded = {
  env: { SUPPLYGRAPH_DATA_FOLDER: store },
  empty: async () => rmSync(store, { recursive: true, force: true }),
};
const databaseUrl = await createDatabase(database);
const postgresql = {
  env: { DATABASE_URL: databaseUrl },
  async empty() {
    await dropDatabase(database);
    await createDatabase(database);
  },
};
const starts: readonly Start[] = [
  { name: 'embedded, node dist/src/main.js', command: built, ...embedded },
  { name: 'PostgreSQL, node dist/src/main.js', command: built, ...postgresql },
  { name: 'embedded, npm start with its build', command: ['npm', 'start'], ...embedded },
];
const machine = describeMachine();
const rows: string[][] = [];
for (const start of starts) rows.push(await measure(start));
await dropDatabase(database);
rmSync(folder, { recursive: true });
process.stdout.write(
  formatTable(`Median of ${rounds}, ${machine}`, ['start', 'first s (demo shop)', 'later s'], rows),
);

async function measure({ name, command, env, empty }: Start): Promise<string[]> {
  const first: number[] = [];
  const later: number[] = [];
  const server: ServerCommand = {
    command,
    env: { ...env, SUPPLYGRAPH_PORT: String(port) },
    url: `http://127.0.0.1:${port}/graphql`,
    isPinned: false,
  };
  for (let round = 0; round < rounds; round += 1) {
    await empty();
    for (const times of [first, later]) {
      const running = await startServer(server);
      times.push(running.startMs / 1_000);
      await running.stop();
    }
  }
  return [name, median(first).toFixed(1), median(later).toFixed(1)];
}
