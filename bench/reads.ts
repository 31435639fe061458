/**
 * Three plain reads on PostgreSQL beside two peers over the same tables: requests per second and latency at 10
 * connections, each server on one core. `npx tsx bench/reads.ts [--seconds 10] [--rounds 3] [--only ours,apollo]`
 *
 * BENCH_DATABASE_URL names a server where a database `bench_reads` may be made. Rounds alternate between the
 * servers and the median counts, so that other work on the machine meets all of them.
 */

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { projectFile } from '../src/projectRoot.ts';
import { prepareDatabase } from './reads/benchDatabase.ts';
import { build } from './reads/build.ts';
import { connections, load, type ServerLoad } from './reads/load.ts';
import { describeMachine } from './reads/machine.ts';
import { makePostgraphileFunctions } from './reads/postgraphileFunctions.ts';
import { makeReads, normalise, type Read } from './reads/readQueries.ts';
import {
  ask,
  ourServer,
  type ServerCommand,
  type ServerProcess,
  startServer,
} from './reads/serverProcess.ts';
import { formatTable, median } from './reads/table.ts';

type Contender = {
  readonly key: string;
  readonly name: string;
  readonly command: ServerCommand;
  bodyOf(read: Read): { readonly query: string; readonly variables: Read['variables'] };
};

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'ours,apollo,postgraphile' },
  },
});
const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
const warmUpSeconds = Math.max(2, seconds / 2);

const machine = describeMachine();
build('tsconfig.build.json', 'bench/peers');
const databaseUrl = await prepareDatabase('bench_reads');
const reads = await makeReads(databaseUrl);
const hasPostgraphile = existsSync(projectFile('.cache/peers/node_modules/postgraphile'));
if (hasPostgraphile) await makePostgraphileFunctions(databaseUrl);
const contenders = makeContenders();
const rows: string[][] = [];
for (const read of reads) rows.push(...(await compare(read)));
const title = `PostgreSQL, ${connections} connections, ${rounds} × ${seconds} s a figure, ${machine}`;
const head = [
  'read',
  'server',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'CPU ms a request',
  'ours ÷ it',
  'same answer',
];
if (!hasPostgraphile) rows.push(['all', 'PostGraphile 5 is not installed: see bench/peers/postgraphile.mjs']);
process.stdout.write(formatTable(title, head, rows));

/** Starts all servers, compares their answers, then loads them in turns. */
async function compare(read: Read): Promise<string[][]> {
  const running: (Contender & { server: ServerProcess; answer: string; results: ServerLoad[] })[] = [];
  for (const contender of contenders) {
    const server = await startServer(contender.command);
    const answer = normalise(await ask(server.url, contender.bodyOf(read)));
    running.push({ ...contender, server, answer, results: [] });
  }
  for (const { server, bodyOf } of running) await load(server, bodyOf(read), warmUpSeconds);
  for (let round = 0; round < rounds; round += 1)
    for (const { server, bodyOf, results } of running)
      results.push(await load(server, bodyOf(read), seconds));
  for (const { server } of running) await server.stop();
  const middle = (results: readonly ServerLoad[], key: 'perSecond' | 'p50' | 'p99' | 'cpuMs') =>
    median(results.map((result) => result[key]));
  const [ours] = running;
  return running.map(({ name, answer, results }) => [
    read.name,
    name,
    middle(results, 'perSecond').toFixed(0),
    middle(results, 'p50').toFixed(1),
    middle(results, 'p99').toFixed(1),
    middle(results, 'cpuMs').toFixed(2),
    (middle(ours?.results ?? [], 'perSecond') / middle(results, 'perSecond')).toFixed(1),
    answer === ours?.answer ? 'yes' : 'no',
  ]);
}

function makeContenders(): Contender[] {
  const bodyOf: Contender['bodyOf'] = ({ query, variables }) => ({ query, variables });
  const peer = (file: string, port: number): ServerCommand => ({
    command: [process.execPath, file],
    env: { NODE_ENV: 'production', DATABASE_URL: databaseUrl, PORT: String(port) },
    url: `http://127.0.0.1:${port}/graphql`,
  });
  const all: Contender[] = [
    { key: 'ours', name: 'Supplygraph', command: ourServer(4101, { DATABASE_URL: databaseUrl }), bodyOf },
    {
      key: 'apollo',
      name: 'Apollo + DataLoader + Prisma',
      command: peer('dist/bench/peers/apolloPrisma.js', 4102),
      bodyOf,
    },
    {
      key: 'postgraphile',
      name: 'PostGraphile 5',
      command: peer('bench/peers/postgraphile.mjs', 4103),
      bodyOf: ({ postgraphileQuery, variables }) => ({ query: postgraphileQuery, variables }),
    },
  ];
  const wanted = options.only.split(',');
  return all.filter(({ key }) => wanted.includes(key) && (key !== 'postgraphile' || hasPostgraphile));
}
