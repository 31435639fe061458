import { AsyncLocalStorage } from 'node:async_hooks';

/** Number of SQL statements sent on behalf of one request, transaction control left out. */
export type StatementCount = { statements: number };

const storage = new AsyncLocalStorage<StatementCount>();

/** Runs `work` so that every statement it causes, through any driver, adds to `count`. */
export function withStatementCount<Result>(count: StatementCount, work: () => Result): Result {
  return storage.run(count, work);
}

/** Called by the drivers, once a statement. */
export function countStatement(): void {
  const count = storage.getStore();
  if (count !== undefined) count.statements += 1;
}
