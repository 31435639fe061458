/** Sends one request over and over on some connections, run by `load.ts`; prints one `LoadResult` as JSON. */

import { createRequire } from 'node:module';
import { quantile } from './table.ts';

export type LoadOrder = {
  readonly url: string;
  readonly apiKey: string;
  readonly connections: number;
  readonly seconds: number;
  readonly body: string;
};
export type LoadResult = {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
};

/** What is used of autocannon, which has no types. */
type Autocannon = (
  options: object,
  done: (error: Error | null, result: { readonly errors: number; readonly non2xx: number }) => void,
) => {
  on(event: 'response', heard: (client: unknown, status: number, bytes: number, ms: number) => void): void;
};

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;
const times: number[] = [];
const begin = performance.now();
autocannon(
  {
    url: order.url,
    method: 'POST',
    connections: order.connections,
    duration: order.seconds,
    timeout: 120,
    headers: { 'content-type': 'application/json', 'x-api-key': order.apiKey },
    body: order.body,
  },
  (error, result) => {
    if (error !== null) throw error;
    const seconds = (performance.now() - begin) / 1_000;
    const answer: LoadResult = {
      requests: times.length,
      perSecond: times.length / seconds,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      failures: result.errors + result.non2xx,
    };
    process.stdout.write(JSON.stringify(answer));
  },
).on('response', (_client, _status, _bytes, ms) => times.push(ms));
