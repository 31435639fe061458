/**
 * Speed of `priceOptimize`: a thousand items in one request, and one item alone, through the service in this process and as
 * GraphQL over HTTP on a server of its own. `npm run bench:pricing-speed [-- --items 1000 --rounds 5 --requests 200]`
 *
 * The build with its threads as a server has them by default, one caller; over HTTP every field of the answer is asked for.
 * Milliseconds of the wall clock; the first request of each kind warms up and is not counted.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/config.ts';
import type { PriceOptimizeInput } from '../../src/generated/graphql.ts';
import { build, loadBuilt } from '../reads/build.ts';
import { describeMachine } from '../reads/machine.ts';
import { ask, ourServer, startServer } from '../reads/serverProcess.ts';
import { formatTable, median, quantile } from '../reads/table.ts';
import { makeSpeedRequest } from './speedItems.ts';

const { values: options } = parseArgs({
  options: {
    items: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '200' },
  },
});
const [items, rounds, requests] = [options.items, options.rounds, options.requests].map(Number) as [
  number,
  number,
  number,
]; // as many as are mapped
const point = '{ price units revenue margin marginLow marginHigh }';
const query = `query Prices($input: PriceOptimizeInput!) {
  priceOptimize(input: $input) {
    model { name version }
    items {
      id recommendedPrice elasticity { value low high identified } current ${point} recommended ${point} curve ${point}
      bindingConstraints drivers { name confidence } reason warnings members { name weight }
      effects { name coefficient standardError }
    }
  }
}`;

const folder = mkdtempSync(join(tmpdir(), 'supplygraph-pricing-'));
const machine = describeMachine();
build('tsconfig.build.json');
const rows = [...(await measureService()), ...(await measureHttp())];
rmSync(folder, { recursive: true });
const head = ['way', 'items', 'requests', 'p50 ms', 'p95 ms'];
console.log(`${machine}\n\n${formatTable('Prices of items in the request', head, rows)}`);

async function measureService(): Promise<string[][]> {
  const { openDatabase, migrate, startModels, makeServices } = await loadBuilt();
  const config = readConfig({ SUPPLYGRAPH_DATA_FOLDER: join(folder, 'own') });
  const database = await openDatabase(config);
  await migrate(database.sql);
  const models = await startModels(config);
  const services = makeServices({ ...models, database, models: models.cards, clock: () => new Date() });
  const measured = await measure('service', (input) =>
    services.pricing.optimizePrices(input, () => undefined),
  );
  await models.close();
  await database.close();
  return measured;
}

async function measureHttp(): Promise<string[][]> {
  const env = { SUPPLYGRAPH_DATA_FOLDER: join(folder, 'store'), SUPPLYGRAPH_DEMO: 'false' };
  const server = await startServer({ ...ourServer(4107, env), isPinned: false });
  const measured = await measure('GraphQL over HTTP', (input) =>
    ask(server.url, { query, variables: { input } }),
  );
  await server.stop();
  return measured;
}

async function measure(
  way: string,
  send: (input: PriceOptimizeInput) => Promise<unknown>,
): Promise<string[][]> {
  const measured: string[][] = [];
  for (const [count, times] of [
    [items, rounds],
    [1, requests],
  ] as const) {
    const taken: number[] = [];
    for (let round = 0; round <= times; round += 1) {
      const input = makeSpeedRequest(count, round + 1);
      const begin = performance.now();
      await send(input);
      if (round > 0) taken.push(performance.now() - begin);
    }
    const shown = [median(taken), quantile(taken, 0.95)].map((value) => value.toFixed(1));
    measured.push([way, String(count), String(times), ...shown]);
  }
  return measured;
}
