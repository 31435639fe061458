import type { Sql } from '../database/sql.ts';
import type { LedgerEntry } from './ledger.ts';
import { type LevelKey, levelKeyOf, sortLevelKeys } from './levelKey.ts';
import { type LevelRow, levelColumns } from './repository.ts';

/**
 * Creates the levels that do not exist, with zeros, where variant and warehouse do; yields those created.
 * In the order of locking, so that two requests for the same new levels cannot wait for each other in a circle.
 */
export function createMissingLevels(sql: Sql, keys: readonly LevelKey[], now: Date): Promise<LevelKey[]> {
  return sql.query(
    `INSERT INTO inventory_level (variant_id, warehouse_id, updated_at)
     SELECT variant.id, warehouse.id, $3::timestamptz
       FROM unnest($1::int[], $2::int[]) AS wanted(variant_id, warehouse_id)
       JOIN product_variant variant ON variant.id = wanted.variant_id
       JOIN warehouse ON warehouse.id = wanted.warehouse_id
      WHERE NOT EXISTS (SELECT FROM inventory_level level
                         WHERE level.variant_id = wanted.variant_id AND level.warehouse_id = wanted.warehouse_id)
      ORDER BY variant.id, warehouse.id
     ON CONFLICT (variant_id, warehouse_id) DO NOTHING
     RETURNING variant_id AS "variantId", warehouse_id AS "warehouseId"`,
    [...toColumns(sortLevelKeys(keys)), now],
  );
}

/** Locks the levels that exist until the transaction ends, in order of variant and warehouse, and reads them. */
export async function lockLevels(
  sql: Sql,
  keys: readonly LevelKey[],
): Promise<ReadonlyMap<string, LevelRow>> {
  const rows = await sql.query<LevelRow>(
    `SELECT ${levelColumns}
       FROM inventory_level level
       JOIN unnest($1::int[], $2::int[]) AS wanted(variant_id, warehouse_id)
         ON level.variant_id = wanted.variant_id AND level.warehouse_id = wanted.warehouse_id
      ORDER BY level.variant_id, level.warehouse_id FOR UPDATE OF level`,
    toColumns(sortLevelKeys(keys)),
  );
  return new Map(rows.map((row) => [levelKeyOf(row), row]));
}

/** Removes levels that this transaction has created and does not need. */
export async function deleteLevels(sql: Sql, keys: readonly LevelKey[]): Promise<void> {
  await sql.query(
    `DELETE FROM inventory_level level USING unnest($1::int[], $2::int[]) AS unneeded(variant_id, warehouse_id)
      WHERE level.variant_id = unneeded.variant_id AND level.warehouse_id = unneeded.warehouse_id`,
    toColumns(keys),
  );
}

/** Which of these variants and warehouses exist. */
export async function findExisting(
  sql: Sql,
  variantIds: readonly number[],
  warehouseIds: readonly number[],
): Promise<{ readonly variantIds: ReadonlySet<number>; readonly warehouseIds: ReadonlySet<number> }> {
  const rows = await sql.query<{ type: 'variant' | 'warehouse'; id: number }>(
    `SELECT 'variant' AS type, id FROM product_variant WHERE id = ANY($1::int[])
     UNION ALL SELECT 'warehouse', id FROM warehouse WHERE id = ANY($2::int[])`,
    [variantIds, warehouseIds],
  );
  const idsOf = (type: string) => new Set(rows.filter((row) => row.type === type).map((row) => row.id));
  return { variantIds: idsOf('variant'), warehouseIds: idsOf('warehouse') };
}

/**
 * Writes entries into the ledger and changes their levels by the sums of the very same entries, in one statement.
 * The levels must be locked. Yields the changed levels.
 */
export async function writeEntries(
  sql: Sql,
  entries: readonly LedgerEntry[],
  now: Date,
): Promise<LevelRow[]> {
  if (entries.length === 0) return [];
  const levels = await sql.query<LevelRow>(writeEntriesStatement, [
    ...toColumns(entries),
    entries.map((entry) => entry.name),
    entries.map((entry) => entry.type),
    entries.map((entry) => entry.delta),
    entries.map((entry) => entry.balanceAfter),
    entries.map((entry) => entry.reason),
    entries.map((entry) => entry.referenceDocumentUri),
    now,
  ]);
  const expected = new Set(entries.map(levelKeyOf)).size;
  if (levels.length !== expected)
    throw new Error(`The ledger's ${expected} levels must all be changed, but ${levels.length} were.`);
  return levels;
}

const writeEntriesStatement = `
  WITH entry AS (
    SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[])
      WITH ORDINALITY AS entry(variant_id, warehouse_id, name, type, delta, balance_after, reason, uri, position)
  ), written AS (
    INSERT INTO inventory_movement (variant_id, warehouse_id, quantity_name, type, delta, balance_after, reason,
                                    reference_document_uri, created_at)
    SELECT variant_id, warehouse_id, name::inventory_quantity_name, type::inventory_movement_type, delta,
           balance_after, reason, uri, $9::timestamptz
      FROM entry ORDER BY position
  ), change AS (
    SELECT variant_id, warehouse_id,
           coalesce(sum(delta) FILTER (WHERE name = 'ON_HAND'), 0) AS on_hand,
           coalesce(sum(delta) FILTER (WHERE name = 'COMMITTED'), 0) AS committed,
           coalesce(sum(delta) FILTER (WHERE name = 'RESERVED'), 0) AS reserved,
           coalesce(sum(delta) FILTER (WHERE name = 'INCOMING'), 0) AS incoming,
           coalesce(sum(delta) FILTER (WHERE name = 'DAMAGED'), 0) AS damaged,
           coalesce(sum(delta) FILTER (WHERE name = 'SAFETY_STOCK'), 0) AS safety_stock
      FROM entry GROUP BY variant_id, warehouse_id
  )
  UPDATE inventory_level level
     SET on_hand = level.on_hand + change.on_hand, committed = level.committed + change.committed,
         reserved = level.reserved + change.reserved, incoming = level.incoming + change.incoming,
         damaged = level.damaged + change.damaged, safety_stock = level.safety_stock + change.safety_stock,
         updated_at = $9::timestamptz
    FROM change
   WHERE level.variant_id = change.variant_id AND level.warehouse_id = change.warehouse_id
  RETURNING ${levelColumns}`;

function toColumns(keys: readonly LevelKey[]): [number[], number[]] {
  return [keys.map((key) => key.variantId), keys.map((key) => key.warehouseId)];
}
