import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { projectFile } from '../../src/projectRoot.ts';

/** A worker in a process of its own. */
export type WorkerProcess = {
  /** Resident memory now, in megabytes; 0 once it has ended. */
  readMegabytes(): number;
  /** Processor time so far, in seconds. */
  readCpuSeconds(): number;
  /** Tells it to stop and waits. */
  stop(): Promise<void>;
};

const ticksPerSecond = 100;

/** Starts `worker` of the build on a database and waits until it works; `chunks` parts at a time. */
export async function startWorkerProcess(databaseUrl: string, chunks: number): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [projectFile('dist', 'src', 'cli.js'), 'worker'], {
    cwd: projectFile(),
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      SUPPLYGRAPH_JOB_WORKERS: String(chunks),
      SUPPLYGRAPH_INFERENCE_DEADLINE_MS: '120000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('"working"')) resolve();
      else if (line.includes('"level":50')) process.stderr.write(`${line}\n`);
    });
    child.once('exit', (code) => reject(new Error(`The worker must run, but it ended with ${code}.`)));
  });
  const read = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    readMegabytes: () =>
      child.exitCode === null ? Number(/VmRSS:\s+(\d+)/.exec(read('status'))?.[1]) / 1_024 : 0,
    readCpuSeconds() {
      const fields = read('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
