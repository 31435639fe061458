import type { Sql } from '../../database/sql.ts';
import { toDay } from '../records/today.ts';
import { type Line, lockLines, type StepParts } from './lockedLines.ts';
import { applyLines } from './priceSteps.ts';
import { listTargets } from './proposalRepository.ts';
import { endSchedules, listDueIds, lockSchedules, type ScheduleEnd } from './scheduleRepository.ts';

/** What became of scheduled prices whose day has come: row ids of their recommendations. */
export type DueResult = { readonly appliedIds: readonly number[]; readonly failedIds: readonly number[] };

/** Recommendations a transaction. */
const batchSize = 500;

/**
 * Sets scheduled prices whose day has come, some hundred a transaction, and marks those failed, with the reason, that can no
 * longer be set. Any number of processes may do so at once, and one that dies leaves a batch as it was: the price, the step
 * and the end of the schedule are one transaction, and a schedule counts only while it is open under lock.
 */
export async function applyDueSchedules(sql: Sql, parts: StepParts): Promise<DueResult> {
  const appliedIds: number[] = [];
  const failedIds: number[] = [];
  for (;;) {
    const ids = await listDueIds(sql, toDay(parts.now), batchSize);
    const ends = ids.length === 0 ? [] : await sql.transaction((tx) => applyBatch(tx, ids, parts));
    // Others may have done the batch meanwhile; what they left is found the next time.
    if (ends.length === 0) return { appliedIds, failedIds };
    for (const { recommendationId, state } of ends)
      (state === 'APPLIED' ? appliedIds : failedIds).push(recommendationId);
  }
}

async function applyBatch(tx: Sql, ids: readonly number[], parts: StepParts): Promise<ScheduleEnd[]> {
  const targets = await listTargets(tx, { recommendationIds: ids, runId: null }, 'ACCEPTED');
  const field = ['The recommendation'];
  const named = targets.map(({ id, variantId }) => ({ recommendationId: id, variantId, field }));
  // Variants and recommendations are locked before schedules, as by those who cancel or apply.
  await lockLines(
    tx,
    'APPLY',
    named.map((line) => ({ ...line, actor: '', reason: null })),
    parts,
  );
  const open = new Map((await lockSchedules(tx, ids)).map((row) => [row.recommendationId, row]));
  const lines = named.flatMap((line): Line[] => {
    const schedule = open.get(line.recommendationId);
    return schedule === undefined ? [] : [{ ...line, actor: schedule.actor, reason: schedule.reason }];
  });
  const { ids: appliedIds, userErrors } = await applyLines(tx, lines, parts);
  const failed = new Map(userErrors.map((error) => [error.recommendationId, error.message]));
  const applied = new Set(appliedIds);
  const ends = lines.map(({ recommendationId }): ScheduleEnd => {
    if (applied.has(recommendationId)) return { recommendationId, state: 'APPLIED', note: null };
    const note = failed.get(recommendationId);
    if (note === undefined) throw new Error(`A due price must be set or refused, got ${recommendationId}.`);
    return { recommendationId, state: 'FAILED', note };
  });
  await endSchedules(tx, ends, parts.now);
  return ends;
}
