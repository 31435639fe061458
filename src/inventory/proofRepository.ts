import type { Sql } from '../database/sql.ts';
import type { InventoryProof, InventoryQuantityName } from '../generated/graphql.ts';
import { type LevelRow, levelColumns } from './repository.ts';

/** A quantity that disagrees with its proof. */
export type DifferenceRow = {
  readonly level: LevelRow;
  readonly quantityName: InventoryQuantityName;
  readonly levelQuantity: number;
  readonly provenQuantity: number;
  readonly proof: InventoryProof;
};

/** How many levels were compared, and the first differences. */
export type Comparison = { readonly checkedLevels: number; readonly differences: readonly DifferenceRow[] };

/**
 * Compares all levels with the ledger, the active reservations and the open purchase orders. One statement, so
 * one snapshot: changes in flight cannot look like differences. Reads the orders' tables itself for that reason.
 * A proof without a level is reported against a level of zeros with the id 0.
 */
export async function compareWithProofs(sql: Sql, limit: number): Promise<Comparison> {
  const rows = await sql.query<
    Omit<DifferenceRow, 'level' | 'proof'> &
      LevelRow & { proof: InventoryProof | null; checkedLevels: number }
  >(comparisonStatement, [limit]);
  const differences = rows.flatMap(
    ({ checkedLevels: _, quantityName, levelQuantity, provenQuantity, proof, ...level }) =>
      proof === null ? [] : [{ level, quantityName, levelQuantity, provenQuantity, proof }],
  );
  return { checkedLevels: rows[0]?.checkedLevels ?? 0, differences };
}

const comparisonStatement = `
  WITH stated AS (
    SELECT level.variant_id, level.warehouse_id, quantity.name::inventory_quantity_name AS name, quantity.units
      FROM inventory_level level
     CROSS JOIN LATERAL (VALUES ('ON_HAND', on_hand), ('COMMITTED', committed), ('RESERVED', reserved),
                                ('INCOMING', incoming), ('DAMAGED', damaged), ('SAFETY_STOCK', safety_stock)
                        ) AS quantity(name, units)
  ), ledger AS (
    SELECT variant_id, warehouse_id, quantity_name AS name, sum(delta) AS units
      FROM inventory_movement GROUP BY variant_id, warehouse_id, quantity_name
  ), held AS (
    SELECT line.variant_id, line.warehouse_id, 'RESERVED'::inventory_quantity_name AS name,
           sum(line.quantity) AS units
      FROM inventory_reservation reservation
      JOIN inventory_reservation_line line ON line.reservation_id = reservation.id
     WHERE reservation.status = 'ACTIVE' GROUP BY line.variant_id, line.warehouse_id
  ), ordered AS (
    SELECT line.variant_id, orders.warehouse_id, 'INCOMING'::inventory_quantity_name AS name,
           sum(line.quantity - line.received_quantity) AS units
      FROM purchase_order orders JOIN purchase_order_line line ON line.purchase_order_id = orders.id
     WHERE orders.status IN ('OPEN', 'PARTIALLY_RECEIVED') GROUP BY line.variant_id, orders.warehouse_id
  ), compared AS (
    SELECT variant_id, warehouse_id, name, stated.units AS stated, ledger.units AS proven, 'LEDGER' AS proof
      FROM stated FULL JOIN ledger USING (variant_id, warehouse_id, name)
    UNION ALL
    SELECT variant_id, warehouse_id, name, stated.units, held.units, 'RESERVATIONS'
      FROM (SELECT * FROM stated WHERE name = 'RESERVED') stated FULL JOIN held USING (variant_id, warehouse_id, name)
    UNION ALL
    SELECT variant_id, warehouse_id, name, stated.units, ordered.units, 'PURCHASE_ORDERS'
      FROM (SELECT * FROM stated WHERE name = 'INCOMING') stated FULL JOIN ordered USING (variant_id, warehouse_id, name)
  ), difference AS (
    SELECT variant_id, warehouse_id, name, coalesce(stated, 0)::int AS stated, coalesce(proven, 0)::int AS proven, proof
      FROM compared WHERE coalesce(stated, 0) <> coalesce(proven, 0)
     ORDER BY variant_id, warehouse_id, name, proof LIMIT $1
  )
  SELECT (SELECT count(*)::int FROM inventory_level) AS "checkedLevels",
         difference.name AS "quantityName", difference.stated AS "levelQuantity",
         difference.proven AS "provenQuantity", difference.proof, level.*
    FROM (VALUES (1)) AS always
    LEFT JOIN difference ON TRUE
    LEFT JOIN LATERAL (
      SELECT ${levelColumns} FROM inventory_level level
       WHERE level.variant_id = difference.variant_id AND level.warehouse_id = difference.warehouse_id
      UNION ALL
      SELECT 0, difference.variant_id, difference.warehouse_id, 0, 0, 0, 0, 0, 0, 'epoch'::timestamptz
       WHERE NOT EXISTS (SELECT FROM inventory_level
                          WHERE variant_id = difference.variant_id AND warehouse_id = difference.warehouse_id)
    ) level ON difference.proof IS NOT NULL
   ORDER BY difference.variant_id, difference.warehouse_id, difference.name, difference.proof`;
