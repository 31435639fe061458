import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFile } from '../../src/projectRoot.ts';
import type { LoadOrder, LoadResult } from './loadGenerator.ts';
import { pinned } from './machine.ts';
import { apiKey, type ServerProcess } from './serverProcess.ts';

const run = promisify(execFile);

/** Connections of every load in these figures. */
export const connections = 10;

/** What a load showed, and the server's processor time a request, which other work on the machine hardly moves. */
export type ServerLoad = LoadResult & { readonly cpuMs: number };

/** Loads a server from a process on a core of its own; throws where an answer was no success. */
export async function load(server: ServerProcess, body: object, seconds: number): Promise<ServerLoad> {
  const order: LoadOrder = { url: server.url, apiKey, connections, seconds, body: JSON.stringify(body) };
  const [program = '', ...args] = pinned('load', [
    process.execPath,
    '--import',
    'tsx',
    projectFile('bench/reads/loadGenerator.ts'),
    JSON.stringify(order),
  ]);
  const cpuBefore = server.cpuMs();
  const { stdout } = await run(program, args, { cwd: projectFile() });
  const result = JSON.parse(stdout) as LoadResult;
  if (result.failures > 0) throw new Error(`${server.url} failed ${result.failures} requests.`);
  return { ...result, cpuMs: (server.cpuMs() - cpuBefore) / result.requests };
}
