import { WorkerPool } from '../workers/workerPool.ts';
import { workerScript } from '../workers/workerScript.ts';
import type { ReorderItem, ReorderParts, ReorderRule } from './calculateReorder.ts';
import type { ItemPlan, PlanItem, PlanRule } from './planItem.ts';

/** What a replenishment thread is asked. */
export type ReplenishmentTask =
  | { readonly kind: 'reorder'; readonly items: readonly ReorderItem[]; readonly rule: ReorderRule }
  | ({ readonly kind: 'plan'; readonly items: readonly PlanItem[] } & PlanTerms);

/** What holds for all items of a plan, and the most that their orders may cost together; null = no limit. */
export type PlanTerms = { readonly rule: PlanRule; readonly budget: number | null };

/** What it answers, in item order. */
export type ReplenishmentAnswer =
  | { readonly kind: 'reorder'; readonly parts: readonly ReorderParts[] }
  | { readonly kind: 'plan'; readonly plans: readonly ItemPlan[] };

/** Plans orders on worker threads. */
export type Replenisher = {
  calculateReorders(items: readonly ReorderItem[], rule: ReorderRule): Promise<readonly ReorderParts[]>;
  planItems(items: readonly PlanItem[], terms: PlanTerms): Promise<readonly ItemPlan[]>;
  close(): Promise<void>;
};

/** Starts the threads that plan orders. */
export async function startReplenisher(options: {
  readonly threads: number;
  readonly queueLimit: number;
  readonly deadlineMs: number;
}): Promise<Replenisher> {
  const { threads, queueLimit, deadlineMs } = options;
  const script = workerScript(import.meta.url, './replenishmentWorker');
  const pool = new WorkerPool<ReplenishmentTask, ReplenishmentAnswer>({
    name: 'replenishment',
    script,
    threads,
    queueLimit,
  });
  await pool.start();
  return {
    async calculateReorders(items, rule) {
      if (items.length === 0) return [];
      const answer = await pool.run({ kind: 'reorder', items, rule }, { deadlineMs });
      return answer.kind === 'reorder' ? answer.parts : [];
    },
    async planItems(items, terms) {
      const answer = await pool.run({ kind: 'plan', items, ...terms }, { deadlineMs });
      return answer.kind === 'plan' ? answer.plans : [];
    },
    close: () => pool.close(),
  };
}
