import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { SeriesHistory } from '../../src/forecasting/member.ts';
import { projectFile } from '../../src/projectRoot.ts';

/** What one pass over all series took, in seconds. */
export type Pass = { readonly wall: number; readonly cpu: number };

/** statsforecast's AutoTheta in a process of its own. */
export type AutoThetaPeer = {
  /** Version of statsforecast. */
  readonly version: string;
  /** Forecasts every series once: the means alone, or with the quantiles 0.1 … 0.9. */
  run(kind: 'points' | 'intervals'): Promise<Pass>;
  stop(): Promise<void>;
};

/** Python that has statsforecast: `python3 -m venv .cache/statsforecast`, then its `pip install statsforecast==2.1.1`. */
const python =
  process.env.SUPPLYGRAPH_STATSFORECAST ?? projectFile('.cache', 'statsforecast', 'bin', 'python');
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Starts the peer on these series, which travel in a file at `path`, and warms it; null where it is not installed. */
export async function startAutoTheta(
  series: readonly SeriesHistory[],
  horizon: number,
  path: string,
): Promise<AutoThetaPeer | null> {
  const probe = spawnSync(python, ['-c', 'import statsforecast; print(statsforecast.__version__)']);
  if (probe.status !== 0) return null;
  const values = series.map((one) => Array.from(one.values));
  writeFileSync(
    path,
    JSON.stringify({ horizon, seasonLength: series[0]?.seasonLength ?? 1, series: values }),
  );
  const child = spawn(python, [projectFile('bench', 'peers', 'autoTheta.py'), path], {
    env: { ...process.env, ...oneThread },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const nextLine = readLines(child);
  await nextLine();
  return {
    version: probe.stdout.toString().trim(),
    async run(kind) {
      child.stdin.write(`${kind}\n`);
      return JSON.parse(await nextLine()) as Pass; // the script's answer
    },
    async stop() {
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
    },
  };
}

/** Yields what waits for the child's next line; throws where it ends instead. */
function readLines(child: ChildProcessByStdio<Writable, Readable, null>): () => Promise<string> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error('AutoTheta must answer, but its process has ended.');
    return value;
  };
}
