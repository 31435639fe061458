import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBacktestArguments } from '../../src/cli/backtestArguments.ts';
import { runWorker } from '../../src/cli/workerCommand.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { makeDemoStore } from '../support/testServer.ts';

const run = promisify(execFile);
let store: Awaited<ReturnType<typeof makeDemoStore>>;
let folder: string;

beforeAll(async () => {
  store = await makeDemoStore();
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-backtest-'));
});
afterAll(async () => {
  await store.remove();
  await rm(folder, { recursive: true });
});

/** Runs the command as a user does; a refusal is what it writes to its error output. */
function runCommand(...arguments_: readonly string[]) {
  const command = ['--import', 'tsx', projectFile('src', 'cli.ts'), 'backtest', ...arguments_];
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', ...store.env };
  return run(process.execPath, command, { env, cwd: projectFile() });
}

describe('backtest', () => {
  it('prints the scores beside the baseline and writes them with charts', async () => {
    const out = join(folder, 'out');
    const { stdout } = await runCommand(
      ...['--frequency', 'weekly', '--horizon', '4', '--origins', '2', '--chart', 'BED-1001-WHI'],
      ...['--out', out],
    );
    expect(stdout).toMatch(
      /\d+ variants, 2 origins 4 weeks apart from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, 4 weeks ahead/,
    );
    expect(stdout).toMatch(/\n {2}forecasts +0\.\d{4} .* %\n {2}seasonal naive +\d\.\d{4} .* %\n/);
    expect(stdout).toContain('The forecasts beat the baseline');
    expect((await readdir(out)).sort()).toEqual([
      'calibration.csv',
      'calibration.svg',
      'error-by-step.svg',
      'fan-BED-1001-WHI.svg',
      'scores.csv',
    ]);
    const [head, ...rows] = (await readFile(join(out, 'scores.csv'), 'utf8')).trim().split('\n');
    expect(head?.split(',')).toHaveLength(15);
    const levels = rows.map((row) => row.split(',')[0]);
    expect(levels.filter((level) => level === 'overall')).toHaveLength(1);
    expect(levels.filter((level) => level === 'step')).toHaveLength(4);
    expect(levels.filter((level) => level === 'variant').length).toBeGreaterThan(100);
    expect(await readFile(join(out, 'calibration.csv'), 'utf8')).toMatch(/^level,.*\n0\.1,/);
    expect(await readFile(join(out, 'fan-BED-1001-WHI.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  }, 60_000);

  it.each([
    [['--origins', '30'], '--origins must be 1 to 24, got 30.\n'],
    [['--category', 'nothing'], "--category must be the code of a category, got 'nothing'.\n"],
    [['--chart', 'nothing'], "--chart must be the SKU of a variant, got 'nothing'.\n"],
  ])('refuses %o in one sentence', async (arguments_, sentence) => {
    const failure = await runCommand(...arguments_).then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failure).toMatchObject({ code: 1, stderr: sentence });
  });
});

describe('the arguments of backtest', () => {
  it('have defaults', () => {
    expect(readBacktestArguments([])).toEqual({
      frequency: 'DAILY',
      horizon: null,
      origins: 3,
      step: null,
      category: undefined,
      skus: [],
      outFolder: undefined,
    });
    expect(readBacktestArguments(['--help'])).toBe('help');
  });

  it.each([
    [['--frequency', 'yearly'], "--frequency must be DAILY, WEEKLY or MONTHLY, got 'yearly'."],
    [['--step', 'two'], "--step must be a whole number, got 'two'."],
    [['--nothing'], "The options must be those of --help: Unknown option '--nothing'."],
  ])('refuse %o', (arguments_, message) => {
    expect(() => readBacktestArguments(arguments_)).toThrow(message);
  });
});

describe('worker', () => {
  it('needs a PostgreSQL server and at least one worker', async () => {
    await expect(runWorker([], {})).rejects.toThrow(
      'DATABASE_URL must be given: the embedded database belongs to its server, which works itself.',
    );
    await expect(runWorker(['--fast'], {})).rejects.toThrow(
      "worker takes no arguments but --help, got '--fast'.",
    );
  });
});
