import type { Sql } from '../../database/sql.ts';
import type {
  ComplaintActionKind,
  ComplaintStatus,
  InventoryReservationStatus,
} from '../../generated/graphql.ts';
import type { ActionTerms } from './decideActions.ts';

/** What was done about a complaint; ids are row ids. */
export type ActionRow = {
  readonly id: number;
  readonly recommendationId: number;
  readonly complaintId: number;
  readonly kind: ComplaintActionKind;
  readonly salesOrderLineId: number | null;
  readonly variantId: number | null;
  readonly warehouseId: number | null;
  readonly supplierId: number | null;
  readonly purchaseOrderId: number | null;
  readonly reservationId: number | null;
  readonly shipmentReference: string | null;
  readonly quantity: number | null;
  /** Exact decimal as text. */
  readonly amount: string | null;
  readonly currencyCode: string | null;
  readonly assignee: string | null;
  readonly previousAssignee: string | null;
  readonly previousStatus: ComplaintStatus | null;
  readonly createdAt: Date;
  /** Null while it holds. */
  readonly cancelledAt: Date | null;
};
export type NewAction = Omit<ActionRow, 'id' | 'cancelledAt'>;

const columns = `id, recommendation_id AS "recommendationId", complaint_id AS "complaintId", kind,
  sales_order_line_id AS "salesOrderLineId", variant_id AS "variantId", warehouse_id AS "warehouseId",
  supplier_id AS "supplierId", purchase_order_id AS "purchaseOrderId", reservation_id AS "reservationId",
  shipment_reference AS "shipmentReference", quantity, amount, currency_code AS "currencyCode", assignee,
  previous_assignee AS "previousAssignee", previous_status AS "previousStatus", created_at AS "createdAt",
  cancelled_at AS "cancelledAt"`;

/** What was done because of recommendations. */
export function listActions(sql: Sql, recommendationIds: readonly number[]): Promise<ActionRow[]> {
  return sql.query(`SELECT ${columns} FROM complaint_action WHERE recommendation_id = ANY($1::int[])`, [
    recommendationIds,
  ]);
}

/** Writes what is done. */
export async function insertAction(tx: Sql, action: NewAction): Promise<void> {
  await tx.query(
    `INSERT INTO complaint_action (recommendation_id, complaint_id, kind, sales_order_line_id, variant_id, warehouse_id,
       supplier_id, purchase_order_id, reservation_id, shipment_reference, quantity, amount, currency_code, assignee,
       previous_assignee, previous_status, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::numeric, $13, $14, $15, $16, $17)`,
    [
      action.recommendationId,
      action.complaintId,
      action.kind,
      action.salesOrderLineId,
      action.variantId,
      action.warehouseId,
      action.supplierId,
      action.purchaseOrderId,
      action.reservationId,
      action.shipmentReference,
      action.quantity,
      action.amount,
      action.currencyCode,
      action.assignee,
      action.previousAssignee,
      action.previousStatus,
      action.createdAt,
    ],
  );
}

/** Ends what was done because of a recommendation; yields it as it is now, null where nothing holds. */
export async function cancelAction(tx: Sql, recommendationId: number, now: Date): Promise<ActionRow | null> {
  const [row] = await tx.query<ActionRow>(
    `UPDATE complaint_action SET cancelled_at = $2 WHERE recommendation_id = $1 AND cancelled_at IS NULL
     RETURNING ${columns}`,
    [recommendationId, now],
  );
  return row ?? null;
}

/** State of the reservation behind a recommendation's action, locked until the transaction ends; null without one. */
export async function lockReservationStatus(
  tx: Sql,
  recommendationId: number,
): Promise<InventoryReservationStatus | null> {
  const [row] = await tx.query<{ status: InventoryReservationStatus }>(
    `SELECT status FROM inventory_reservation reservation
       JOIN complaint_action action ON action.reservation_id = reservation.id
      WHERE action.recommendation_id = $1 FOR UPDATE OF reservation`,
    [recommendationId],
  );
  return row?.status ?? null;
}

/** Whether an action that holds hurries a purchase order. */
export async function isOrderHurried(tx: Sql, purchaseOrderId: number): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM complaint_action WHERE purchase_order_id = $1 AND kind = 'EXPEDITE' AND cancelled_at IS NULL LIMIT 1`,
    [purchaseOrderId],
  );
  return rows.length > 0;
}

/**
 * Locks what actions of several complaints may share, until the transaction ends, so that no two refund one order line, hurry
 * one order or shipment, or recount one variant at once.
 */
export async function lockShared(
  tx: Sql,
  { salesOrderLineId, purchaseOrderId, variantId, shipmentReference }: ActionTerms,
): Promise<void> {
  const names = Object.entries({ salesOrderLineId, purchaseOrderId, variantId, shipmentReference })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `complaint action:${name}:${value}`)
    .sort();
  await tx.query(
    `SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest($1::text[]) WITH ORDINALITY AS given(name, place)
      ORDER BY place`,
    [names],
  );
}
