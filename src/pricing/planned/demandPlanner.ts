import { WorkerPool } from '../../workers/workerPool.ts';
import { workerScript } from '../../workers/workerScript.ts';
import type { PlannedDemand, PlannedItem } from './planDemand.ts';

/** Expects demand under planned prices on a worker thread, which starts with the first request. */
export interface DemandPlanner {
  readonly model: { readonly name: string; readonly version: string };
  /** Demand in the periods of each item's plan, in order. */
  planDemand(items: readonly PlannedItem[]): Promise<readonly (readonly PlannedDemand[])[]>;
  close(): Promise<void>;
}

/** Makes the planner; `deadlineMs` is for each request. */
export function makeDemandPlanner(options: {
  readonly queueLimit: number;
  readonly deadlineMs: number;
}): DemandPlanner {
  const { queueLimit, deadlineMs } = options;
  const script = workerScript(import.meta.url, './plannedDemandWorker');
  const pool = new WorkerPool<readonly PlannedItem[], readonly (readonly PlannedDemand[])[]>({
    name: 'planned demand',
    script,
    threads: 1,
    queueLimit,
  });
  return {
    model: { name: 'price-panel', version: '1.0' },
    planDemand: (items) => pool.run(items, { deadlineMs }),
    close: () => pool.close(),
  };
}
