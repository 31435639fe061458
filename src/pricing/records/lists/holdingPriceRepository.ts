import type { Sql } from '../../../database/sql.ts';
import { toDay } from '../today.ts';

/** For whom, when and in which currency a price is asked for. */
export type PriceQuestion = {
  readonly currencyCode: string;
  /** ISO 8601; null = now. */
  readonly at: string | null;
  readonly customerGroup: string | null;
  readonly channel: string | null;
};
/** The price that holds; the amount is a decimal as text. */
export type HoldingPriceRow = {
  readonly variantId: number;
  readonly price: string;
  readonly currencyCode: string;
  /** Row id of the list that it stands in; null = the variant's own price. */
  readonly priceListId: number | null;
};

/**
 * The price that holds of each variant at a moment in a currency, by one statement; no row where there is none.
 *
 * Of the lists in this currency that hold at the moment, are for this customer group and channel or for all, and name the
 * variant: the one of the highest priority; then one for a customer group before one for all; then one for a channel before
 * one for all; then the one that began to hold last; then the newest. Where no list names it, and only in the variant's own
 * currency: the price that it has today, had on that day, or is planned to have.
 */
export function listHoldingPrices(
  sql: Sql,
  variantIds: readonly number[],
  { currencyCode, at, customerGroup, channel }: PriceQuestion,
  now: Date,
): Promise<HoldingPriceRow[]> {
  return sql.query(
    `SELECT variant.id AS "variantId", COALESCE(listed.price, own.price) AS price, $2::text AS "currencyCode",
            listed.id AS "priceListId"
       FROM product_variant variant
       LEFT JOIN LATERAL (
         SELECT list.id, entry.price
           FROM price_list_entry entry JOIN price_list list ON list.id = entry.price_list_id
          WHERE entry.variant_id = variant.id AND list.currency_code = $2::text
            AND (list.valid_from IS NULL OR list.valid_from <= $3::timestamptz)
            AND (list.valid_to IS NULL OR list.valid_to > $3::timestamptz)
            AND (list.customer_group IS NULL OR list.customer_group = $4::text)
            AND (list.channel IS NULL OR list.channel = $5::text)
          ORDER BY list.priority DESC, list.customer_group IS NULL, list.channel IS NULL,
                   list.valid_from DESC NULLS LAST, list.id DESC LIMIT 1
       ) listed ON TRUE
       LEFT JOIN LATERAL (
         SELECT CASE WHEN day.wanted = $6::date THEN variant.price
                     WHEN day.wanted > $6::date THEN COALESCE(known.price, variant.price) ELSE known.price END AS price
           FROM (SELECT ($3::timestamptz AT TIME ZONE 'UTC')::date AS wanted) day
           LEFT JOIN LATERAL (
             SELECT price FROM variant_price
              WHERE variant_id = variant.id AND valid_from <= day.wanted
                AND (day.wanted < $6::date AND status = 'EFFECTIVE' OR day.wanted > $6::date AND status = 'SCHEDULED')
              ORDER BY valid_from DESC, id DESC LIMIT 1
           ) known ON TRUE
          WHERE variant.currency_code = $2::text
       ) own ON TRUE
      WHERE variant.id = ANY($1::int[]) AND COALESCE(listed.price, own.price) IS NOT NULL`,
    [variantIds, currencyCode, at ?? now.toISOString(), customerGroup, channel, toDay(now)],
  );
}
