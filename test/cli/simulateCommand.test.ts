import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateHelp } from '../../src/cli/help.ts';
import { readSimulateArguments } from '../../src/cli/simulateArguments.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { makeDemoStore } from '../support/testServer.ts';

const run = promisify(execFile);
let store: Awaited<ReturnType<typeof makeDemoStore>>;
let folder: string;

beforeAll(async () => {
  store = await makeDemoStore();
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-simulate-'));
});
afterAll(async () => {
  await store.remove();
  await rm(folder, { recursive: true });
});

/** Runs the command as a user does; a refusal is what it writes to its error output. */
function runCommand(...arguments_: readonly string[]) {
  const command = ['--import', 'tsx', projectFile('src', 'cli.ts'), 'simulate', ...arguments_];
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', ...store.env };
  return run(process.execPath, command, { env, cwd: projectFile() });
}

describe('simulate', () => {
  it('replays the policies on the store, prints them beside each other and writes the curves', async () => {
    const out = join(folder, 'out');
    const { stdout } = await runCommand('--weeks', '4', '--lead-time', '1', '--limit', '12', '--out', out);
    expect(stdout).toContain('22 of 22 replays\n');
    expect(stdout).toMatch(/12 items, last 4 weeks, 1 weeks from order to arrival/);
    expect(stdout).toMatch(/\n {2}replenishmentPlan +\d+ +\d+\.\d % +\d+ +\d+\n/);
    const [head, ...rows] = (await readFile(join(out, 'policies.csv'), 'utf8')).trim().split('\n');
    expect(head).toBe('policy,level,cost,fill_rate,average_stock_units,lost_units');
    const outcomes = rows.map((row) => row.split('",')[1]?.split(',').map(Number) ?? []);
    expect(outcomes).toHaveLength(22);
    for (const [, cost = 0, fillRate = -1, stock = -1, lost = -1] of outcomes) {
      expect(fillRate).toBeGreaterThan(0);
      expect(fillRate).toBeLessThanOrEqual(1);
      // Three weeks are scored: 0.2 a unit left and week, 1 a unit lost.
      expect(cost).toBeCloseTo(0.2 * 3 * stock + lost, 6);
    }
    // A higher service level asks for more stock and loses less.
    const normal = outcomes.slice(4, 10);
    for (const [k, [, , , stock = 0, lost = 0]] of normal.entries()) {
      expect(stock).toBeGreaterThanOrEqual(normal[k - 1]?.[3] ?? 0);
      expect(lost).toBeLessThanOrEqual(normal[k - 1]?.[4] ?? Number.POSITIVE_INFINITY);
    }
    expect(await readFile(join(out, 'stock-curves.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  }, 120_000);

  it('refuses a file whose history is too short', async () => {
    const path = join(folder, 'short.csv');
    await writeFile(path, 'id,2024-01-01,2024-01-08\na,1,2\n');
    await expect(runCommand('--file', path)).rejects.toMatchObject({
      code: 1,
      stderr: 'The history must have 47 weeks: 13 replayed, 8 to warm up and 26 before; got 2.\n',
    });
  }, 60_000);

  it('prints its help', async () => {
    expect((await runCommand('--help')).stdout).toBe(simulateHelp);
  });

  it.each([
    [['--weeks', '53'], "--weeks must be a whole number from 3 to 52, got '53'."],
    [['--weeks', '2'], "--weeks must be a whole number from 3 to 52, got '2'."],
    [['--lead-time', '-1'], 'The options must be those of --help'],
    [['--lead-time', '13'], "--lead-time must be a whole number from 0 to 12, got '13'."],
    [['--limit', '0'], "--limit must be a whole number from 1 to 1000, got '0'."],
    [['--holding-cost', '0'], "--holding-cost must be a number above 0 and at most 1e12, got '0'."],
    [['--shortage-cost', 'x'], "--shortage-cost must be a number above 0 and at most 1e12, got 'x'."],
    [['--nothing'], 'The options must be those of --help'],
  ])('refuses %j in one sentence', (arguments_, sentence) => {
    expect(() => readSimulateArguments(arguments_)).toThrow(sentence);
  });
});
