import type { Sql } from '../../database/sql.ts';
import type { Frequency } from '../../generated/graphql.ts';

/** What was sold at a recommended price since it was set, over whole periods that were reported. */
export type SalesSinceRow = {
  readonly recommendationId: number;
  readonly frequency: Frequency;
  /** First and last day; null before a period is over. */
  readonly firstDay: string;
  readonly lastDay: string | null;
  readonly periods: number;
  readonly units: number;
  /** Whether sales were limited by stock on a day. */
  readonly wasOutOfStock: boolean;
};

/** Days that a warehouse may lag behind the others before it counts as one that reports no more. */
const mostLagDays = 28;

/**
 * Whole days at the price: from the day after it was set, up to the day before another price, and up to the last day that
 * every warehouse which stocks or sells the variant has reported. Periods beyond the horizon do not count.
 */
const days = `
  JOIN LATERAL (
    SELECT facts.frequency, facts.horizon, price.valid_from + 1 AS first_day, LEAST(
      (SELECT min(later.valid_from) - 1 FROM variant_price later
        WHERE later.variant_id = price.variant_id AND later.status = 'EFFECTIVE'
          AND (later.valid_from, later.id) > (price.valid_from, price.id) AND later.price <> price.price),
      (SELECT min(warehouse.sales_through) FROM warehouse
        WHERE warehouse.sales_through > (SELECT max(sales_through) FROM warehouse) - ${mostLagDays}
          AND (EXISTS (SELECT FROM inventory_level level
                        WHERE level.variant_id = price.variant_id AND level.warehouse_id = warehouse.id)
               OR EXISTS (SELECT FROM daily_sales sale WHERE sale.variant_id = price.variant_id
                             AND sale.warehouse_id = warehouse.id AND sale.date > price.valid_from - ${mostLagDays})))
    ) AS last_day
      FROM jsonb_to_record(recommendation.facts) AS facts(frequency text, horizon int) OFFSET 0
  ) held ON TRUE
  JOIN LATERAL (
    SELECT GREATEST(0, LEAST(held.horizon, CASE held.frequency
      WHEN 'WEEKLY' THEN (held.last_day - held.first_day + 1) / 7
      WHEN 'MONTHLY' THEN (extract(year FROM age(held.last_day + 1, held.first_day)) * 12
                           + extract(month FROM age(held.last_day + 1, held.first_day)))::int
      ELSE held.last_day - held.first_day + 1 END)) AS count OFFSET 0
  ) periods ON TRUE
  JOIN LATERAL (
    SELECT CASE WHEN periods.count > 0 THEN (held.first_day + periods.count * CASE held.frequency
      WHEN 'WEEKLY' THEN interval '7 days' WHEN 'MONTHLY' THEN interval '1 month' ELSE interval '1 day' END)::date - 1
      END AS last_day OFFSET 0
  ) span ON TRUE
  JOIN LATERAL (
    SELECT COALESCE(sum(units), 0)::int AS units, COALESCE(bool_or(NOT in_stock), FALSE) AS was_out
      FROM daily_sales WHERE variant_id = price.variant_id AND date BETWEEN held.first_day AND span.last_day
  ) sold ON TRUE`;
const columns = `proposal.recommendation_id AS "recommendationId", held.frequency, held.first_day AS "firstDay",
  span.last_day AS "lastDay", COALESCE(periods.count, 0) AS periods, sold.units, sold.was_out AS "wasOutOfStock"`;

/** What was sold since each of these recommendations was carried out; none for those that never were. One statement. */
export function listSalesSince(sql: Sql, recommendationIds: readonly number[]): Promise<SalesSinceRow[]> {
  return sql.query(
    `SELECT ${columns} FROM price_proposal proposal
       JOIN recommendation ON recommendation.id = proposal.recommendation_id
       JOIN variant_price price ON price.id = proposal.price_id ${days}
      WHERE proposal.recommendation_id = ANY($1::int[])`,
    [recommendationIds],
  );
}

/** Recommendations that are carried out, the latest first, at most `limit`. */
export async function listAppliedIds(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT recommendation.id FROM recommendation JOIN price_proposal proposal ON proposal.recommendation_id = recommendation.id
      WHERE recommendation.status = 'APPLIED' AND proposal.price_id IS NOT NULL
      ORDER BY recommendation.id DESC LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}
