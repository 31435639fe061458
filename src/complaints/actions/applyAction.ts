import type { Sql } from '../../database/sql.ts';
import type { InventoryService } from '../../inventory/service.ts';
import type { PurchasingService } from '../../purchasing/service.ts';
import type { RecommendationRow, StepContext } from '../../recommendations/service.ts';
import { listComplaintsById, updateComplaint } from '../repository.ts';
import { insertAction, type NewAction } from './actionRepository.ts';
import { termsOf } from './storedDecision.ts';

/** What carrying actions out needs of other domains. */
export type ActionEffects = {
  readonly inventory: Pick<InventoryService, 'reserveWithin' | 'releaseWithin'>;
  readonly purchasing: Pick<PurchasingService, 'setExpedited'>;
};

/** Seconds for which a replacement's units are held: what a reservation may last at most. */
const holdSeconds = 604_800;

/**
 * Does what a recommendation says: records a refund, a recount or a claim, holds units for a replacement by a reservation,
 * marks a purchase order or a shipment as one to be hurried, or hands the complaint to a queue of people. Yields why not
 * where stock has gone meanwhile, else null.
 */
export async function applyAction(
  tx: Sql,
  recommendation: RecommendationRow,
  { actor, now }: StepContext,
  { inventory, purchasing }: ActionEffects,
): Promise<string | null> {
  const { queue, ...terms } = termsOf(recommendation);
  const action: NewAction = {
    ...terms,
    recommendationId: recommendation.id,
    complaintId: recommendation.subjectId,
    kind: recommendation.action as NewAction['kind'], // as a decision wrote it
    reservationId: null,
    assignee: null,
    previousAssignee: null,
    previousStatus: null,
    createdAt: now,
  };
  if (recommendation.action === 'REPLACEMENT') {
    const held = await holdReplacement(tx, action, now, inventory);
    if (typeof held === 'string') return held;
    await insertAction(tx, { ...action, reservationId: held.reservationId });
    return null;
  }
  if (terms.purchaseOrderId !== null) await purchasing.setExpedited(tx, terms.purchaseOrderId, now);
  const taken =
    recommendation.action === 'HUMAN' ? await handOver(tx, action.complaintId, queue ?? actor) : {};
  await insertAction(tx, { ...action, ...taken });
  return null;
}

async function holdReplacement(
  tx: Sql,
  { variantId, warehouseId, quantity, complaintId }: NewAction,
  now: Date,
  inventory: ActionEffects['inventory'],
): Promise<{ readonly reservationId: number } | string> {
  if (variantId === null || warehouseId === null || quantity === null)
    throw new Error('A replacement must name variant, warehouse and units, and it does not.');
  const outcome = await inventory.reserveWithin(
    tx,
    {
      reason: 'Replacement for a complaint',
      referenceDocumentUri: `gid://supplygraph/Complaint/${complaintId}`,
      expiresInSeconds: holdSeconds,
      lines: [{ variantId, warehouseId, quantity }],
    },
    now,
  );
  return outcome.kind === 'done'
    ? { reservationId: outcome.result.id }
    : `have its units in stock: ${outcome.userErrors[0]?.message.replace(/\.$/, '')}`;
}

/** Hands a complaint to a queue unless somebody works on it; yields who had it before. */
async function handOver(tx: Sql, complaintId: number, queue: string) {
  const [complaint] = await listComplaintsById(tx, [complaintId]);
  if (complaint === undefined) throw new Error(`The locked complaint ${complaintId} must still exist.`);
  const assignee = complaint.assignee ?? queue;
  await updateComplaint(tx, complaintId, { ...complaint, assignee, status: 'IN_PROGRESS' });
  return { assignee, previousAssignee: complaint.assignee, previousStatus: complaint.status };
}
