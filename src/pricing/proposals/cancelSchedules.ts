import type { Sql } from '../../database/sql.ts';
import type { PriceScheduleCancelUserErrorCode as CancelCode } from '../../generated/graphql.ts';
import { notFound } from '../../inputChecks.ts';
import { refuseLine, type StepCommand, type StepParts, type StepResult } from './lockedLines.ts';
import { endSchedules, listScheduledOfRun, lockSchedules } from './scheduleRepository.ts';

/** Calls off what is scheduled of the named recommendations, or of a run; those stay ACCEPTED. */
export async function cancelSchedules(
  tx: Sql,
  { target, actor, reason }: StepCommand,
  { recommendations, now }: Pick<StepParts, 'recommendations' | 'now'>,
): Promise<StepResult<CancelCode>> {
  const ids = [...new Set(target.recommendationIds ?? (await listScheduledOfRun(tx, target.runId)))];
  const known = new Map((await recommendations.lockAll(tx, ids)).map((row) => [row.id, row]));
  const open = new Set((await lockSchedules(tx, ids)).map(({ recommendationId }) => recommendationId));
  const ended = ids.filter((id) => open.has(id));
  const note = `${actor.trim()} called it off${reason === null ? '' : `: ${reason.trim()}`}`;
  await endSchedules(
    tx,
    ended.map((recommendationId) => ({ recommendationId, state: 'CANCELLED', note })),
    now,
  );
  const userErrors = ids.flatMap((recommendationId, index) => {
    if (open.has(recommendationId)) return [];
    const field = ['input', 'recommendationIds', String(index)];
    if (known.get(recommendationId)?.kind !== 'PRICE')
      return { ...notFound('PriceRecommendation', recommendationId, field), recommendationId };
    return refuseLine('NOT_SCHEDULED', 'be scheduled, got one that is not', { recommendationId, field });
  });
  return { ids: ended, userErrors };
}
