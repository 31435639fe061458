import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../errors.ts';

type Holder = { readonly pid: number; readonly startedAt: string };

/**
 * Takes the lock file of the embedded database's folder: two processes on one folder corrupt it.
 * A lock left behind by a process that is gone (`kill -9`) is taken over.
 * Yields the function that gives the lock back; throws CONFLICT while another process lives.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'supplygraph.lock');
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
  const own = JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid) } satisfies Holder);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      await writeFile(path, own, { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(folder, cause);
    }
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder === undefined && attempt < 5) {
      await sleep(50); // another process may be writing it right now
      continue;
    }
    if (holder !== undefined && (await isAlive(holder)))
      throw new DomainError(
        'CONFLICT',
        `The data folder '${folder}' must be used by one process at a time; process ${holder.pid} has it open.`,
      );
    await removeStale(path, text);
  }
  throw new DomainError(
    'CONFLICT',
    `The data folder '${folder}' must be free, but its lock file keeps coming back.`,
  );
}

function cannotWrite(folder: string, cause: unknown): DomainError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new DomainError('BAD_USER_INPUT', `The data folder '${folder}' must be writable, got ${reason}.`, {
    cause,
  });
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Removes the lock that said `stale`; puts it back where another process took it over since it was read. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // another process removed it first
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid) return holder.startedAt === (await startOf(process.pid));
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.startedAt === (await startOf(holder.pid));
}

/** Start time of a process in clock ticks (field 22 of Linux's proc(5) stat), so that a reused pid is told apart; '' elsewhere. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
