import type { Sql } from '../../../database/sql.ts';
import type { HeldPrice } from '../priceChange.ts';

/** A variant with what groups it; amounts are decimals as text, ids row ids. */
export type GroupedVariantRow = HeldPrice & {
  readonly id: number;
  readonly sku: string;
  readonly currencyCode: string;
  readonly productId: number;
  readonly categoryId: number | null;
};
/** Prices of a variant and the days from which they held; comma-separated texts of the same length, oldest first. */
export type PackedPrices = {
  readonly variantId: number;
  /** Days since 1970-01-01. */
  readonly days: string;
  readonly prices: string;
  readonly listPrices: string;
};
/** What a competitor asked for a variant, oldest first; comma-separated texts of the same length. */
export type PackedObservations = {
  readonly variantId: number;
  readonly competitor: string;
  /** Days since 1970-01-01, UTC. */
  readonly days: string;
  readonly prices: string;
};

/** Variants by row id, in no order. */
export function listGroupedVariants(sql: Sql, variantIds: readonly number[]): Promise<GroupedVariantRow[]> {
  return sql.query(
    `SELECT variant.id, variant.sku, variant.price, variant.list_price AS "listPrice",
            variant.currency_code AS "currencyCode", variant.product_id AS "productId",
            product.category_id AS "categoryId"
       FROM product_variant variant JOIN product ON product.id = variant.product_id
      WHERE variant.id = ANY($1::int[])`,
    [variantIds],
  );
}

/** The prices that held of each variant that has any: one statement. */
export function listPackedPrices(sql: Sql, variantIds: readonly number[]): Promise<PackedPrices[]> {
  return sql.query(
    `SELECT variant_id AS "variantId",
            string_agg((valid_from - DATE '1970-01-01')::text, ',' ORDER BY valid_from, id) AS days,
            string_agg(price::float8::text, ',' ORDER BY valid_from, id) AS prices,
            string_agg(list_price::float8::text, ',' ORDER BY valid_from, id) AS "listPrices"
       FROM variant_price WHERE variant_id = ANY($1::int[]) AND status = 'EFFECTIVE' GROUP BY variant_id`,
    [variantIds],
  );
}

/** What competitors asked for each variant from a day on, by the competitors' names: one statement. */
export function listPackedObservations(
  sql: Sql,
  variantIds: readonly number[],
  from: string,
): Promise<PackedObservations[]> {
  return sql.query(
    `SELECT observed.variant_id AS "variantId", competitor.name AS competitor,
            string_agg(((observed_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01')::text, ',' ORDER BY observed_at) AS days,
            string_agg(price::float8::text, ',' ORDER BY observed_at) AS prices
       FROM competitor_price observed JOIN competitor ON competitor.id = observed.competitor_id
      WHERE observed.variant_id = ANY($1::int[]) AND observed_at >= $2::date::timestamp AT TIME ZONE 'UTC'
      GROUP BY observed.variant_id, competitor.name ORDER BY observed.variant_id, competitor.name`,
    [variantIds, from],
  );
}
