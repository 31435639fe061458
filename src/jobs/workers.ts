import type { JobKind } from '../generated/graphql.ts';
import type { JobHandlers } from './jobHandler.ts';
import { jobKinds } from './jobKinds.ts';
import { deadQueue } from './queue.ts';
import { buryStep, runStep, type StepParts } from './runStep.ts';

/** How the workers of a process work. */
export type WorkerOptions = {
  /** Steps at a time, ≥ 1. */
  readonly count: number;
  /** Milliseconds between two looks into an empty queue. */
  readonly pollMs?: number;
  /** Seconds between two rounds that give the steps of lost workers back. */
  readonly superviseSeconds?: number;
};

/**
 * Starts the workers of this process, for the kinds of jobs that have a handler here. Each takes one step at a time,
 * the kinds in turn, so that a long job does not keep others waiting. Yields what stops them: steps under way are done, no other is taken.
 */
export async function startJobWorkers(
  parts: StepParts,
  handlers: Partial<JobHandlers>,
  { count, pollMs = 2_000, superviseSeconds = 15 }: WorkerOptions,
): Promise<() => Promise<void>> {
  const { jobs, onError } = parts;
  const { queue } = jobs;
  await queue.prepare();
  const endSupervision = await queue.supervise(superviseSeconds, onError);
  let isStopping = false;
  const kinds = Object.entries(handlers).map(([name, handler]) => {
    const kind = name as JobKind; // the keys of `JobHandlers`
    return { kind, handler, queue: jobKinds[kind].queue };
  });
  /** Does at most one step of each kind; whether there was any. */
  const runRound = async () => {
    let isBusy = false;
    for (const kind of kinds) {
      const claim = isStopping ? null : await queue.claim(kind.queue);
      if (claim === null) continue;
      isBusy = true;
      await runStep(parts, kind, claim);
    }
    const dead = isBusy || isStopping ? null : await queue.claim(deadQueue);
    if (dead !== null) await buryStep(parts, dead);
    return isBusy;
  };
  const work = async () => {
    while (!isStopping) {
      const isBusy = await runRound().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (!isBusy && !isStopping) await queue.wait(pollMs);
    }
  };
  const loops = Array.from({ length: count }, work);
  return async () => {
    isStopping = true;
    queue.wake();
    await Promise.all(loops);
    await endSupervision();
  };
}
