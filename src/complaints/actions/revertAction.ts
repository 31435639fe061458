import type { Sql } from '../../database/sql.ts';
import type { RecommendationRow, StepContext } from '../../recommendations/service.ts';
import { listComplaintsById, updateComplaint } from '../repository.ts';
import { type ActionRow, cancelAction, isOrderHurried, lockReservationStatus } from './actionRepository.ts';
import type { ActionEffects } from './applyAction.ts';

/**
 * Undoes what a recommendation did: the record is ended, never deleted, held units are given back by the ledger, a purchase
 * order that no other complaint hurries is no longer hurried, and the complaint goes back to who had it. Yields why not where
 * a replacement has been sent, else null.
 */
export async function revertAction(
  tx: Sql,
  recommendation: RecommendationRow,
  { actor, now }: StepContext,
  { inventory, purchasing }: ActionEffects,
): Promise<string | null> {
  const reservation = await lockReservationStatus(tx, recommendation.id);
  if (reservation === 'CONFIRMED')
    return 'be about units that have not been sent, got a replacement whose reservation is CONFIRMED';
  const action = await cancelAction(tx, recommendation.id, now);
  if (action === null)
    throw new Error(`The applied recommendation ${recommendation.id} must have an action.`);
  if (action.reservationId !== null && reservation === 'ACTIVE') {
    const reason = `Replacement called off by ${actor}`;
    const released = await inventory.releaseWithin(tx, { reservationId: action.reservationId, reason }, now);
    if (released.kind === 'refused')
      throw new Error(`The locked reservation ${action.reservationId} must be released, and it was not.`);
  }
  if (action.purchaseOrderId !== null && !(await isOrderHurried(tx, action.purchaseOrderId)))
    await purchasing.setExpedited(tx, action.purchaseOrderId, null);
  if (action.kind === 'HUMAN') await handBack(tx, action);
  return null;
}

/** What people changed since then stays. */
async function handBack(
  tx: Sql,
  { complaintId, assignee, previousAssignee, previousStatus }: ActionRow,
): Promise<void> {
  const [complaint] = await listComplaintsById(tx, [complaintId]);
  if (complaint === undefined || previousStatus === null) return;
  await updateComplaint(tx, complaintId, {
    ...complaint,
    assignee: complaint.assignee === assignee ? previousAssignee : complaint.assignee,
    status: complaint.status === 'IN_PROGRESS' ? previousStatus : complaint.status,
  });
}
