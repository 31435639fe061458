import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { lockFolder } from '../../src/database/folderLock.ts';
import { storeDump } from '../support/storeDump.ts';

const holderScript = fileURLToPath(new URL('support/lockHolder.ts', import.meta.url));
const children: ChildProcess[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-lock-'));
});

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  await rm(folder, { recursive: true, force: true });
});

/** Starts a process that locks the folder; yields its first line of output. */
async function startHolder(): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', holderScript, folder], { stdio: 'pipe' });
  children.push(child);
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data) => resolve(String(data).trim()));
    child.stderr?.once('data', (data) => reject(new Error(String(data))));
  });
  return { child, said };
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

describe('a data folder', () => {
  it('is refused while another process has it open, and free once that process was killed', async () => {
    const { child, said } = await startHolder();
    expect(said).toBe('locked');
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `The data folder '${folder}' must be used by one process at a time; process ${child.pid} has it open.`,
    });
    await kill(child);
    const unlock = await lockFolder(folder);
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a dead process whose number is in use again', async () => {
    await writeFile(join(folder, 'supplygraph.lock'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
    const unlock = await lockFolder(folder);
    await unlock();
  });

  it('is taken over from a process that died while it wrote the lock', async () => {
    await writeFile(join(folder, 'supplygraph.lock'), '{"pid":');
    const unlock = await lockFolder(folder);
    expect(JSON.parse(await readFile(join(folder, 'supplygraph.lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await unlock();
  });

  it('with a stale lock goes to exactly one of several processes that start at once', async () => {
    await writeFile(join(folder, 'supplygraph.lock'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
    const holders = await Promise.all([1, 2, 3, 4].map(startHolder));
    expect(holders.filter(({ said }) => said === 'locked')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['supplygraph.lock']);
  });

  it('below a file is refused with one sentence', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(lockFolder(join(file, 'store'))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: `The data folder '${join(file, 'store')}' must be writable, got ENOTDIR.`,
    });
  });

  it('keeps its rows from one opening to the next, and has one at a time', async () => {
    const filled = await PGlite.create(join(folder, 'postgresql'), { loadDataDir: await storeDump('bare') });
    await filled.close();
    const first = await openEmbedded({ folder });
    await first.sql.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')");
    await expect(openEmbedded({ folder })).rejects.toThrow(`process ${process.pid} has it open.`);
    await first.close();
    const second = await openEmbedded({ folder });
    expect(await second.sql.query('SELECT word FROM kept')).toEqual([{ word: 'still here' }]);
    await second.close();
  });
});
