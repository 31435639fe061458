import type { Sql } from '../../database/sql.ts';
import type { VariantPriceSource, VariantPriceStatus } from '../../generated/graphql.ts';
import type { HeldPrice } from './priceChange.ts';

/** An entry of the price history; amounts are decimals as text. */
export type VariantPriceRow = HeldPrice & {
  readonly id: number;
  readonly variantId: number;
  readonly validFrom: string;
  readonly currencyCode: string;
  readonly status: VariantPriceStatus;
  readonly source: VariantPriceSource;
  readonly reference: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly comparePrice: string | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
  readonly cancelledBy: string | null;
  readonly cancelReason: string | null;
};
/** A locked variant with its prices of today. */
export type PricedVariantRow = HeldPrice & { readonly id: number; readonly currencyCode: string };
/** A price that is to hold from a day on. */
export type ScheduledRow = HeldPrice & {
  readonly id: number;
  readonly variantId: number;
  readonly validFrom: string;
  readonly comparePrice: string | null;
};
/** An entry to be written; see `PriceChange`. */
export type NewPrice = HeldPrice & {
  readonly variantId: number;
  readonly validFrom: string;
  readonly comparePrice: string | null;
  readonly status: 'SCHEDULED' | 'EFFECTIVE';
  readonly source: VariantPriceSource;
  readonly reference: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
};
/** What became of scheduled prices, and the prices that hold in consequence. */
export type Settlement = {
  readonly settled: readonly { readonly id: number; readonly status: VariantPriceStatus }[];
  readonly held: readonly (HeldPrice & { readonly variantId: number })[];
};

const priceColumns = `change.id, change.variant_id AS "variantId", change.valid_from AS "validFrom", change.price,
  change.list_price AS "listPrice", change.currency_code AS "currencyCode", change.status, change.source, change.reference,
  change.actor, change.reason, change.compare_price AS "comparePrice", change.created_at AS "createdAt",
  change.settled_at AS "settledAt", change.cancelled_by AS "cancelledBy", change.cancel_reason AS "cancelReason"`;

/** Entries of one status of each variant, oldest first, at most the latest 1,000. */
export function listPricesByVariant(
  sql: Sql,
  variantIds: readonly number[],
  status: VariantPriceStatus,
): Promise<VariantPriceRow[]> {
  return sql.query(
    `SELECT ${priceColumns}
       FROM unnest($1::int[]) AS wanted(variant_id)
      CROSS JOIN LATERAL (
        SELECT * FROM variant_price WHERE variant_id = wanted.variant_id AND status = $2
         ORDER BY valid_from DESC, id DESC LIMIT 1000
      ) change ORDER BY change.variant_id, change.valid_from, change.id`,
    [variantIds, status],
  );
}

/** Entries by row id, in no order. */
export function listPricesById(sql: Sql, ids: readonly number[]): Promise<VariantPriceRow[]> {
  return sql.query(`SELECT ${priceColumns} FROM variant_price change WHERE change.id = ANY($1::int[])`, [
    ids,
  ]);
}

/** Locks variants until the transaction ends, in the order of their ids, and reads their prices of today. */
export function lockVariants(tx: Sql, variantIds: readonly number[]): Promise<PricedVariantRow[]> {
  return tx.query(
    `SELECT id, price, list_price AS "listPrice", currency_code AS "currencyCode"
       FROM product_variant WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE`,
    [variantIds],
  );
}

/** What is scheduled for variants, in the order in which it begins. */
export function listScheduled(tx: Sql, variantIds: readonly number[]): Promise<ScheduledRow[]> {
  return tx.query(
    `SELECT id, variant_id AS "variantId", valid_from AS "validFrom", price, list_price AS "listPrice",
            compare_price AS "comparePrice"
       FROM variant_price WHERE status = 'SCHEDULED' AND variant_id = ANY($1::int[]) ORDER BY valid_from, id`,
    [variantIds],
  );
}

/** At most `limit` variants for which a scheduled price is due on a day. */
export async function listDueVariants(sql: Sql, day: string, limit: number): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT DISTINCT variant_id AS id FROM variant_price
      WHERE status = 'SCHEDULED' AND valid_from <= $1::date ORDER BY variant_id LIMIT $2`,
    [day, limit],
  );
  return rows.map(({ id }) => id);
}

/** Marks scheduled prices as cancelled; their variants must be locked. */
export async function cancelPrices(
  tx: Sql,
  ids: readonly number[],
  { actor, reason, now }: { readonly actor: string; readonly reason: string; readonly now: Date },
): Promise<void> {
  await tx.query(
    `UPDATE variant_price
        SET status = 'CANCELLED', settled_at = $2::timestamptz, cancelled_by = $3, cancel_reason = $4
      WHERE status = 'SCHEDULED' AND id = ANY($1::int[])`,
    [ids, now, actor, reason],
  );
}

/** Writes what became of scheduled prices, and the prices that hold now, in one statement; the variants must be locked. */
export async function writeSettlement(tx: Sql, { settled, held }: Settlement, now: Date): Promise<void> {
  await tx.query(
    `WITH settled AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS settled(id int, status text)),
          marked AS (
            UPDATE variant_price SET status = settled.status, settled_at = $3::timestamptz
              FROM settled WHERE variant_price.id = settled.id
          )
     UPDATE product_variant SET price = held.price, list_price = held."listPrice"
       FROM jsonb_to_recordset($2::jsonb) AS held("variantId" int, price numeric, "listPrice" numeric)
      WHERE product_variant.id = held."variantId"`,
    [JSON.stringify(settled), JSON.stringify(held), now],
  );
}

/**
 * Writes entries, and the prices of those that hold at once, in one statement; the variants must be locked. Yields their
 * row ids by variant.
 */
export async function insertPrices(
  tx: Sql,
  prices: readonly NewPrice[],
  now: Date,
): Promise<ReadonlyMap<number, number>> {
  const rows = await tx.query<{ id: number; variantId: number }>(
    `WITH change AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS change("variantId" int, price numeric, "listPrice" numeric, "comparePrice" numeric, "validFrom" date,
                   status text, source text, reference text, actor text, reason text)
     ), held AS (
       UPDATE product_variant SET price = change.price, list_price = change."listPrice"
         FROM change WHERE product_variant.id = change."variantId" AND change.status = 'EFFECTIVE'
     )
     INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code, status, source, reference, actor,
                                reason, compare_price, created_at)
     SELECT variant.id, change."validFrom", change.price, change."listPrice", variant.currency_code, change.status,
            change.source, change.reference, change.actor, change.reason, change."comparePrice", $2::timestamptz
       FROM change JOIN product_variant variant ON variant.id = change."variantId" ORDER BY variant.id
     RETURNING id, variant_id AS "variantId"`,
    [JSON.stringify(prices), now],
  );
  return new Map(rows.map(({ id, variantId }) => [variantId, id]));
}
