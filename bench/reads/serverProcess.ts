import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFile } from '../../src/projectRoot.ts';
import { pinned } from './machine.ts';

/** How to start a server: its command and environment, where its log goes, and whether it gets a core of its own. */
export type ServerCommand = {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  readonly logFile?: string;
  readonly isPinned?: boolean;
};

/** A server that answers; `startMs` from the start of the process to its first answer. */
export type ServerProcess = {
  readonly url: string;
  readonly startMs: number;
  /** Processor time spent since the start, user and system, in milliseconds; NaN where /proc is absent. */
  cpuMs(): number;
  stop(): Promise<void>;
};

export const apiKey = 'bench';
const patienceMs = 300_000;

/** Our build as users start it in production: an API key, a log line a request, every limit on. */
export function ourServer(port: number, env: Readonly<Record<string, string>>): ServerCommand {
  return {
    command: [process.execPath, 'dist/src/main.js'],
    env: {
      NODE_ENV: 'production',
      SUPPLYGRAPH_API_KEYS: apiKey,
      SUPPLYGRAPH_LOG_LEVEL: 'info',
      SUPPLYGRAPH_PORT: String(port),
      ...env,
    },
    url: `http://127.0.0.1:${port}/graphql`,
  };
}

/** Starts a server and waits until it answers. */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const begin = performance.now();
  const [program = '', ...args] =
    server.isPinned === false ? server.command : pinned('server', server.command);
  const child = spawn(program, args, {
    cwd: projectFile(),
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...server.env },
    stdio: ['ignore', openSync(server.logFile ?? '/dev/null', 'w'), 'inherit'],
    detached: true, // its own process group, so that what npm starts ends with it
  });
  const pid = child.pid ?? 0;
  const kill = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, signal);
  };
  const killNow = () => kill('SIGKILL');
  process.on('exit', killNow);
  await untilAnswers(child, server.url, begin);
  return {
    url: server.url,
    startMs: performance.now() - begin,
    cpuMs: () => readCpuMs(pid),
    async stop() {
      const isGone = once(child, 'exit');
      kill('SIGTERM');
      await isGone;
      process.off('exit', killNow);
    },
  };
}

/** Sends one GraphQL request; throws where the answer has errors. */
export async function ask(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { readonly data?: unknown; readonly errors?: unknown };
  if (answer.errors !== undefined || answer.data === undefined)
    throw new Error(`${url} answered ${JSON.stringify(answer).slice(0, 600)}`);
  return answer;
}

/** Fields 14 and 15 of Linux's proc(5) stat, in ticks of 10 ms. */
function readCpuMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return Number.NaN;
  }
}

async function untilAnswers(child: ChildProcess, url: string, begin: number): Promise<void> {
  while (performance.now() - begin < patienceMs) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}.`);
    const isUp = await ask(url, { query: '{ __typename }' }).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(10);
  }
  throw new Error(`${url} must answer within ${patienceMs / 1_000} seconds of its start.`);
}
