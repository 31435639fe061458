import { serveWorker } from '../workers/workerEntry.ts';
import { calculateReorder, protectionDays } from './calculateReorder.ts';
import { DEFAULT_CORRELATION, DEFAULT_PATHS, drawUniformPaths, type UniformPaths } from './demandPaths.ts';
import { type PlanItem, pathPeriods } from './planItem.ts';
import { planItems } from './planItems.ts';
import type { ReplenishmentAnswer, ReplenishmentTask } from './replenishmentTask.ts';

/** Paths by length and correlation; the seed is fixed, so every answer can be computed again. */
const known = new Map<string, UniformPaths>();
const longestKept = 128;
/** Correlations are taken to the nearest of these steps, so that items share their paths. */
const correlationSteps = 20;

/** Worker-thread script: samples demand paths and plans orders off the event loop. */
serveWorker((task: ReplenishmentTask) => ({ response: answer(task) }));

function answer(task: ReplenishmentTask): ReplenishmentAnswer {
  if (task.kind === 'plan') {
    const { items, rule, budget } = task;
    const pathsOf = (item: PlanItem) => uniformPaths(pathPeriods(rule, item), item.correlation);
    return { kind: 'plan', plans: planItems(items, { rule, budget }, pathsOf) };
  }
  return {
    kind: 'reorder',
    parts: task.items.map((item) =>
      calculateReorder(item, task.rule, uniformPaths(protectionDays(item, task.rule))),
    ),
  };
}

function uniformPaths(periods: number, wanted: number = DEFAULT_CORRELATION): UniformPaths {
  const correlation = Math.round(wanted * correlationSteps) / correlationSteps;
  const key = `${periods}/${correlation}`;
  const paths = known.get(key) ?? drawUniformPaths({ paths: DEFAULT_PATHS, periods, correlation, seed: 1 });
  if (periods <= longestKept) known.set(key, paths);
  return paths;
}
