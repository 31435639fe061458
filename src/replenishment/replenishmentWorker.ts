import { serveWorker } from '../workers/workerEntry.ts';
import { calculateReorder, protectionDays } from './calculateReorder.ts';
import { DEFAULT_CORRELATION, DEFAULT_PATHS, drawUniformPaths, type UniformPaths } from './demandPaths.ts';
import { planItem, protectionPeriods } from './planItem.ts';
import type { ReplenishmentAnswer, ReplenishmentTask } from './replenishmentTask.ts';

/** Paths by length; the seed is fixed, so every answer can be computed again. */
const pathsByLength = new Map<number, UniformPaths>();
const longestKept = 128;

/** Worker-thread script: samples demand paths and plans orders off the event loop. */
serveWorker((task: ReplenishmentTask) => ({ response: answer(task) }));

function answer(task: ReplenishmentTask): ReplenishmentAnswer {
  if (task.kind === 'plan') {
    const uniform = uniformPaths(protectionPeriods(task.rule));
    return { kind: 'plan', plans: task.items.map((item) => planItem(item, task.rule, uniform)) };
  }
  return {
    kind: 'reorder',
    parts: task.items.map((item) =>
      calculateReorder(item, task.rule, uniformPaths(protectionDays(item, task.rule))),
    ),
  };
}

function uniformPaths(periods: number): UniformPaths {
  const known = pathsByLength.get(periods);
  if (known !== undefined) return known;
  const paths = drawUniformPaths({
    paths: DEFAULT_PATHS,
    periods,
    correlation: DEFAULT_CORRELATION,
    seed: 1,
  });
  if (periods <= longestKept) pathsByLength.set(periods, paths);
  return paths;
}
