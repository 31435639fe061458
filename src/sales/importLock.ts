import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import { tryLockFile } from './importRepository.ts';

/** How long to wait for another process to give up the file: the server ends a killed one's session within seconds. */
const patienceMs = 5_000;
const retryMs = 250;

/**
 * Runs `work` while no other process imports the file; throws CONFLICT when one does. PostgreSQL holds the lock in a
 * transaction of its own, which ends with the process even when it is killed. The embedded database needs none: its
 * folder is open in one process only, and it has one connection.
 */
export function withFileLock<Result>(
  { kind, sql }: Pick<Database, 'kind' | 'sql'>,
  fingerprint: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (kind === 'embedded') return work();
  return sql.transaction(async (tx) => {
    for (let waitedMs = 0; !(await tryLockFile(tx, fingerprint)); waitedMs += retryMs) {
      if (waitedMs >= patienceMs)
        throw new DomainError(
          'CONFLICT',
          'The file must be imported by one process at a time, but another one is importing it now.',
        );
      await wait(retryMs);
    }
    return work();
  });
}
