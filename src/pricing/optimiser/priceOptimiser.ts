import { WorkerPool } from '../../workers/workerPool.ts';
import { workerScript } from '../../workers/workerScript.ts';
import type { PriceObjective } from '../priceItem.ts';
import type { PriceCase } from './choosePrice.ts';
import type { PriceDecision } from './choosePrices.ts';

/** What the pricing thread is asked. */
export interface PricingTask {
  readonly items: readonly PriceCase[];
  readonly objective: PriceObjective;
}

/** Chooses prices on a worker thread, which starts with the first request. */
export interface PriceOptimiser {
  /** Decisions in item order. */
  choosePrices(task: PricingTask): Promise<readonly PriceDecision[]>;
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
  const pool = new WorkerPool<PricingTask, readonly PriceDecision[]>({
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
