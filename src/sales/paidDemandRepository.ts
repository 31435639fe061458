import type { Sql } from '../database/sql.ts';
import { reportedDay } from './repository.ts';

/** Days of sales that are asked for; 'YYYY-MM-DD'. */
export type PaidDemandRange = {
  /** First day; null = `limitDays` up to the last. */
  readonly from: string | null;
  /** Last day; null = the last reported one, which is never passed. */
  readonly through: string | null;
  readonly limitDays: number;
};
/** Sales as the store yields them; lists are comma-separated texts with an entry a day and warehouse, days count from `firstDay`. */
export type PackedPaidDemand = {
  readonly variantId: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly days: string | null;
  readonly units: string | null;
  readonly revenue: string | null;
  /** 0 = unknown. */
  readonly listPrices: string | null;
  readonly emptyDays: string | null;
  readonly promotedDays: string | null;
};

/** Sales of each variant from its first sale on, packed: one statement for all. A variant without sales has no row. */
export function listPaidDemand(
  sql: Sql,
  variantIds: readonly number[],
  { from, through, limitDays }: PaidDemandRange,
): Promise<PackedPaidDemand[]> {
  return sql.query(
    `SELECT wanted.id AS "variantId", start.first_day AS "firstDay", span.last_day AS "lastDay", sold.*
       FROM unnest($1::int[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT ${reportedDay} AS day OFFSET 0) reported
      CROSS JOIN LATERAL (
        SELECT CASE WHEN reported.day IS NOT NULL THEN LEAST(reported.day, $3::date) END AS last_day OFFSET 0
      ) span
      CROSS JOIN LATERAL (
        SELECT GREATEST(date, COALESCE($2::date, span.last_day - ($4::int - 1))) AS first_day FROM daily_sales
         WHERE variant_id = wanted.id AND units > 0 ORDER BY date LIMIT 1
      ) start
      CROSS JOIN LATERAL (
        SELECT string_agg((date - start.first_day)::text, ',') AS days,
               string_agg(units::text, ',') AS units,
               string_agg(revenue::float8::text, ',') AS revenue,
               string_agg(COALESCE(list_price::float8, 0)::text, ',') AS "listPrices",
               string_agg((date - start.first_day)::text, ',') FILTER (WHERE NOT in_stock) AS "emptyDays",
               string_agg((date - start.first_day)::text, ',') FILTER (WHERE promoted) AS "promotedDays"
          FROM daily_sales WHERE variant_id = wanted.id AND date BETWEEN start.first_day AND span.last_day
      ) sold
      WHERE span.last_day >= start.first_day`,
    [variantIds, from, through, limitDays],
  );
}
