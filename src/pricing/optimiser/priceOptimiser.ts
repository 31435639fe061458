import { WorkerPool } from '../../workers/workerPool.ts';
import { workerScript } from '../../workers/workerScript.ts';
import type { PricingAnswer, PricingTask } from './choosePrices.ts';

/** Chooses prices on a worker thread, which starts with the first request. */
export interface PriceOptimiser {
  choosePrices(task: PricingTask): Promise<PricingAnswer>;
  close(): Promise<void>;
}

/** Makes what chooses prices; `deadlineMs` is for each request. */
export function makePriceOptimiser({
  queueLimit,
  deadlineMs,
}: {
  readonly queueLimit: number;
  readonly deadlineMs: number;
}): PriceOptimiser {
  const pool = new WorkerPool<PricingTask, PricingAnswer>({
    name: 'pricing',
    script: workerScript(import.meta.url, './pricingWorker'),
    threads: 1,
    queueLimit,
  });
  return {
    choosePrices: (task) => pool.run(task, { deadlineMs }),
    close: () => pool.close(),
  };
}
