import type { Sql } from '../database/sql.ts';
import type { PurchaseOrderStatus } from '../generated/graphql.ts';
import {
  listLinesByOrder,
  offerColumns,
  orderColumns,
  type PurchaseOrderRow,
  type SupplierOfferRow,
} from './repository.ts';

/** A purchase order to be written; its number comes from its id. */
export type NewOrder = Pick<
  PurchaseOrderRow,
  'supplierId' | 'warehouseId' | 'currencyCode' | 'orderedAt' | 'expectedOn'
> & { readonly lines: readonly NewOrderLine[] };
export type NewOrderLine = {
  readonly variantId: number;
  readonly quantity: number;
  readonly unitCost: string;
};

/** A variant as one supplier offers it; `offer` is null where it does not. */
export type OfferedVariant = { readonly variantId: number; readonly offer: SupplierOfferRow | null };

/** Writes an open order with its lines, in the order given; its number is `PO-` and the id, padded to 6 digits. */
export async function insertOrder(sql: Sql, order: NewOrder): Promise<PurchaseOrderRow> {
  const [row] = await sql.query<PurchaseOrderRow>(
    `WITH next AS (
       SELECT nextval(pg_get_serial_sequence('purchase_order', 'id'))::int AS id
     ), orders AS (
       INSERT INTO purchase_order (id, number, supplier_id, warehouse_id, currency_code, ordered_at, expected_on)
       SELECT id, 'PO-' || lpad(id::text, greatest(6, length(id::text)), '0'), $1::int, $2::int, $3,
              $4::timestamptz, $5::text::date
         FROM next RETURNING *
     ), lines AS (
       INSERT INTO purchase_order_line (purchase_order_id, variant_id, quantity, unit_cost)
       SELECT orders.id, line.variant_id, line.quantity, line.unit_cost::numeric
         FROM orders, unnest($6::int[], $7::int[], $8::text[])
              WITH ORDINALITY AS line(variant_id, quantity, unit_cost, position) ORDER BY line.position
     )
     SELECT ${orderColumns} FROM orders`,
    [
      order.supplierId,
      order.warehouseId,
      order.currencyCode,
      order.orderedAt,
      order.expectedOn,
      order.lines.map((line) => line.variantId),
      order.lines.map((line) => line.quantity),
      order.lines.map((line) => line.unitCost),
    ],
  );
  if (row === undefined) throw new Error('INSERT … RETURNING must yield the purchase order.');
  return { ...row, lines: await listLinesByOrder(sql, [row.id]) };
}

/** Locks one order until the transaction ends and reads it with its lines; null where unknown. */
export async function lockOrder(sql: Sql, id: number): Promise<Required<PurchaseOrderRow> | null> {
  const [row] = await sql.query<PurchaseOrderRow>(
    `SELECT ${orderColumns} FROM purchase_order orders WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row === undefined ? null : { ...row, lines: await listLinesByOrder(sql, [id]) };
}

/** Adds to the received units of lines of a locked order. */
export async function addReceived(
  sql: Sql,
  orderId: number,
  lines: readonly { readonly variantId: number; readonly quantity: number }[],
): Promise<void> {
  const changed = await sql.query(
    `UPDATE purchase_order_line line SET received_quantity = line.received_quantity + receipt.quantity
       FROM unnest($2::int[], $3::int[]) AS receipt(variant_id, quantity)
      WHERE line.purchase_order_id = $1 AND line.variant_id = receipt.variant_id RETURNING 1`,
    [orderId, lines.map((line) => line.variantId), lines.map((line) => line.quantity)],
  );
  if (changed.length !== lines.length)
    throw new Error(
      `All ${lines.length} lines of order ${orderId} must be changed, but ${changed.length} were.`,
    );
}

/** Sets the state of a locked order; yields it with its lines as they are now. */
export async function setStatus(
  sql: Sql,
  id: number,
  status: PurchaseOrderStatus,
): Promise<PurchaseOrderRow> {
  const [row] = await sql.query<PurchaseOrderRow>(
    `UPDATE purchase_order orders SET status = $2::text::purchase_order_status WHERE id = $1
     RETURNING ${orderColumns}`,
    [id, status],
  );
  if (row === undefined) throw new Error(`The locked purchase order ${id} must still exist.`);
  return { ...row, lines: await listLinesByOrder(sql, [id]) };
}

/** Writes when the supplier of an order was asked to hurry; null = it is no longer. */
export async function setExpedited(tx: Sql, id: number, expeditedAt: Date | null): Promise<void> {
  await tx.query('UPDATE purchase_order SET expedited_at = $2::timestamptz WHERE id = $1', [id, expeditedAt]);
}

/** Whether a supplier and a warehouse exist. */
export async function findEnds(
  sql: Sql,
  supplierId: number,
  warehouseId: number,
): Promise<{ readonly hasSupplier: boolean; readonly hasWarehouse: boolean }> {
  const [row] = await sql.query<{ hasSupplier: boolean; hasWarehouse: boolean }>(
    `SELECT EXISTS (SELECT FROM supplier WHERE id = $1) AS "hasSupplier",
            EXISTS (SELECT FROM warehouse WHERE id = $2) AS "hasWarehouse"`,
    [supplierId, warehouseId],
  );
  return row ?? { hasSupplier: false, hasWarehouse: false };
}

/** A supplier's offers of those of the variants that exist. */
export async function listOfferedVariants(
  sql: Sql,
  supplierId: number,
  variantIds: readonly number[],
): Promise<OfferedVariant[]> {
  const rows = await sql.query<Omit<SupplierOfferRow, 'id'> & { existingId: number; id: number | null }>(
    `SELECT variant.id AS "existingId", ${offerColumns}
       FROM product_variant variant
       LEFT JOIN supplier_offer offer ON offer.variant_id = variant.id AND offer.supplier_id = $1
      WHERE variant.id = ANY($2::int[])`,
    [supplierId, variantIds],
  );
  return rows.map(({ existingId, id, ...offer }) => ({
    variantId: existingId,
    offer: id === null ? null : { ...offer, id },
  }));
}
