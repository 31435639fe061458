import { AsyncLocalStorage } from 'node:async_hooks';
import type { StatementCount } from '../database/statementMeter.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';

/** What is known and counted about one HTTP request while it runs. */
export type RequestScope = {
  readonly requestId: string;
  readonly statements: StatementCount;
  readonly modelRuns: ModelRun[];
  operationName: string | undefined;
  errors: number;
};

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs `work` as part of a request. */
export function inRequestScope<Result>(scope: RequestScope, work: () => Result): Result {
  return storage.run(scope, work);
}

/** The running request, undefined outside one. */
export function currentRequest(): RequestScope | undefined {
  return storage.getStore();
}
