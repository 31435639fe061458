import type { Sql } from '../../database/sql.ts';
import { availableSql } from '../../inventory/available.ts';
import type { ComplaintFacts } from './facts.ts';
import { countedDays } from './policy.ts';

const day = (count: number) => `interval '${count} days'`;
const recent = `other.submitted_at > complaint.submitted_at - ${day(countedDays.recent)}
  AND other.submitted_at <= complaint.submitted_at`;
const earlier = `other.submitted_at > complaint.submitted_at - ${day(countedDays.recent + countedDays.earlier)}
  AND other.submitted_at <= complaint.submitted_at - ${day(countedDays.recent)}`;

/** The line of imported sales that a complaint names by its order, and its variant where the order has several. */
const line = `SELECT line.*, orders.currency_code, orders.placed_at FROM (
    SELECT line.id, line.order_id, line.variant_id, line.warehouse_id, line.quantity, line.unit_price,
           min(line.order_id) OVER () = max(line.order_id) OVER ()
             AND min(line.variant_id) OVER () = max(line.variant_id) OVER () AS is_one
      FROM sales_order orders JOIN sales_order_line line ON line.order_id = orders.id AND line.kind = 'SALE'
     WHERE orders.number = complaint.sales_order_number
       AND (complaint.variant_id IS NULL OR line.variant_id = complaint.variant_id)
     ORDER BY line.id LIMIT 1
  ) line JOIN sales_order orders ON orders.id = line.order_id WHERE is_one`;
/** What was done about the line before. */
const before = `SELECT COALESCE(sum(amount) FILTER (WHERE kind = 'REFUND'), 0) AS refunded,
    COALESCE(bool_or(kind = 'REPLACEMENT'), FALSE) AS is_replaced
  FROM complaint_action WHERE sales_order_line_id = line.id AND cancelled_at IS NULL`;
/** Stock that covers the line: in the warehouse it came from, else in the one with the most. */
const stock = `SELECT level.warehouse_id, ${availableSql('level')} AS available FROM inventory_level level
   WHERE level.variant_id = subject.variant_id
   ORDER BY ${availableSql('level')} >= COALESCE(line.quantity, 1) DESC,
            level.warehouse_id IS NOT DISTINCT FROM subject.warehouse_id DESC, ${availableSql('level')} DESC,
            level.warehouse_id LIMIT 1`;
const incoming = `SELECT orders.id, orders.expected_on::text AS expected_on, orders.expedited_at IS NOT NULL AS is_expedited
    FROM purchase_order orders JOIN purchase_order_line item ON item.purchase_order_id = orders.id
   WHERE item.variant_id = subject.variant_id AND item.received_quantity < item.quantity
     AND orders.status IN ('OPEN', 'PARTIALLY_RECEIVED')
   ORDER BY orders.expected_on, orders.id LIMIT 1`;
const counts = `SELECT count(*) FILTER (WHERE other.is_complaint AND ${recent})::int AS recent,
    count(*) FILTER (WHERE other.is_complaint AND ${earlier})::int AS earlier,
    count(*) FILTER (WHERE other.intent IN ('track_order', 'delivery_period') AND ${recent}
      AND other.warehouse_id = subject.warehouse_id)::int AS missed
  FROM complaint other WHERE other.variant_id = subject.variant_id
   AND other.submitted_at > complaint.submitted_at - ${day(countedDays.recent + countedDays.earlier)}
   AND other.submitted_at <= complaint.submitted_at`;

/** What recommendations about complaints with a known intent rest on, by one statement; by complaint. */
export function listFacts(tx: Sql, complaintIds: readonly number[]): Promise<ComplaintFacts[]> {
  return tx.query(
    `SELECT complaint.id AS "complaintId", complaint.status,
            to_char(complaint.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "submittedAt",
            triage.model_name AS "modelName", triage.model_version AS "modelVersion", complaint.intent,
            EXISTS (SELECT FROM complaint_override WHERE complaint_id = complaint.id AND intent IS NOT NULL)
              AS "isCorrected",
            complaint.intent_confidence::float8 AS confidence, (triage.result->>'intentAccept')::float8 AS "intentAccept",
            triage.result->>'abstainReason' AS "abstainReason", triage.result->'category'->>'name' AS category,
            complaint.severity, complaint.is_complaint AS "isComplaint",
            complaint.sales_order_number AS "salesOrderNumber", complaint.shipment_reference AS "shipmentReference",
            complaint.carrier,
            EXISTS (SELECT FROM complaint_action WHERE shipment_reference = complaint.shipment_reference
                      AND kind = 'EXPEDITE' AND cancelled_at IS NULL) AS "isShipmentExpedited",
            subject.variant_id AS "variantId", complaint.supplier_id AS "supplierId",
            (offer.unit_cost * COALESCE(line.quantity, 1))::numeric(14, 4) AS "claimAmount",
            offer.currency_code AS "claimCurrencyCode",
            line.id AS "salesOrderLineId", line.quantity AS "orderQuantity", line.unit_price AS "unitPrice",
            line.currency_code AS "currencyCode",
            floor(extract(epoch FROM complaint.submitted_at - line.placed_at) / 86400)::int AS "orderAgeDays",
            (line.unit_price * line.quantity - done.refunded)::numeric(14, 4) AS refundable,
            done.is_replaced AS "isReplaced", stock.warehouse_id AS "stockWarehouseId", stock.available,
            subject.warehouse_id AS "homeWarehouseId", home.on_hand AS "onHand",
            EXISTS (SELECT FROM complaint_action action WHERE action.variant_id = subject.variant_id
                      AND action.warehouse_id = subject.warehouse_id AND action.kind = 'RECOUNT'
                      AND action.cancelled_at IS NULL
                      AND action.created_at > complaint.submitted_at - ${day(countedDays.recent)}) AS "isRecounted",
            incoming.id AS "purchaseOrderId", incoming.expected_on AS "expectedOn",
            COALESCE(incoming.is_expedited, FALSE) AS "isOrderExpedited",
            counts.recent AS "recentComplaints", counts.earlier AS "earlierComplaints", counts.missed AS "missedOrders"
       FROM complaint
       LEFT JOIN complaint_triage triage ON triage.complaint_id = complaint.id
       LEFT JOIN LATERAL (${line}) line ON TRUE
       CROSS JOIN LATERAL (SELECT COALESCE(complaint.variant_id, line.variant_id) AS variant_id,
                                  COALESCE(complaint.warehouse_id, line.warehouse_id) AS warehouse_id) subject
       CROSS JOIN LATERAL (${before}) done
       LEFT JOIN LATERAL (${stock}) stock ON TRUE
       LEFT JOIN inventory_level home
              ON home.variant_id = subject.variant_id AND home.warehouse_id = subject.warehouse_id
       LEFT JOIN LATERAL (${incoming}) incoming ON TRUE
       LEFT JOIN supplier_offer offer
              ON offer.variant_id = subject.variant_id AND offer.supplier_id = complaint.supplier_id
       CROSS JOIN LATERAL (${counts}) counts
      WHERE complaint.id = ANY($1::int[]) AND complaint.intent IS NOT NULL ORDER BY complaint.id`,
    [complaintIds],
  );
}
