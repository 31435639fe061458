import type { Sql } from '../database/sql.ts';
import type { ComplaintGroup } from '../generated/graphql.ts';
import type { WeeklySignal } from '../signals/service.ts';

/** Complaints of a group in a week; `key` is a row id or a carrier's name, the week a Monday. */
export type GroupWeek = {
  readonly key: string;
  readonly weekStartsOn: string;
  readonly complaints: number;
  /** Units sold in the week; 0 where none are known. */
  readonly units: number;
};
/** Which weeks of which groups; days are Mondays 'YYYY-MM-DD'. */
export type GroupWeeksWindow = {
  readonly group: ComplaintGroup;
  /** The first week read, the first shown, and the last of both. */
  readonly from: string;
  readonly shownFrom: string;
  readonly to: string;
  /** Groups with the most complaints in the weeks shown. */
  readonly groups: number;
};

const keyColumns = {
  VARIANT: 'variant_id',
  WAREHOUSE: 'warehouse_id',
  SUPPLIER: 'supplier_id',
  CARRIER: 'carrier',
} as const satisfies Record<ComplaintGroup, string>;
/** Units sold by group and day; a variant counts for the supplier that its orders would go to. */
const sales = {
  VARIANT: 'SELECT variant_id::text AS key, date, units FROM daily_sales',
  WAREHOUSE: 'SELECT warehouse_id::text AS key, date, units FROM daily_sales',
  SUPPLIER: `SELECT offer.supplier_id::text AS key, date, units FROM daily_sales JOIN (
      SELECT DISTINCT ON (variant_id) variant_id, supplier_id FROM supplier_offer
       ORDER BY variant_id, is_preferred DESC, unit_cost, id) offer USING (variant_id)`,
  CARRIER: 'SELECT NULL::text AS key, NULL::date AS date, 0 AS units WHERE FALSE',
} as const satisfies Record<ComplaintGroup, string>;
const monday = `date_trunc('week', complaint.submitted_at AT TIME ZONE 'UTC')::date`;

/** Every week of the groups with the most complaints, the most first, weeks oldest first: one statement. */
export function listGroupWeeks(sql: Sql, window: GroupWeeksWindow): Promise<GroupWeek[]> {
  const key = `complaint.${keyColumns[window.group]}::text`;
  return sql.query(
    `WITH counted AS (
       SELECT ${key} AS key, ${monday} AS week, count(*)::int AS complaints FROM complaint
        WHERE ${key} IS NOT NULL AND is_complaint IS NOT FALSE
          AND submitted_at >= $1::date::timestamp AT TIME ZONE 'UTC'
          AND submitted_at < ($3::date + 7)::timestamp AT TIME ZONE 'UTC'
        GROUP BY 1, 2
     ), wanted AS (
       SELECT key, sum(complaints) AS total FROM counted WHERE week >= $2::date
        GROUP BY key ORDER BY total DESC, key LIMIT $4
     ), sold AS (
       SELECT key, date_trunc('week', date::timestamp)::date AS week, sum(units)::int AS units
         FROM (${sales[window.group]}) day
        WHERE key IN (SELECT key FROM wanted) AND date BETWEEN $1::date AND $3::date + 6 GROUP BY 1, 2
     )
     SELECT wanted.key, weeks.week::date::text AS "weekStartsOn", COALESCE(complaints, 0) AS complaints,
            COALESCE(units, 0) AS units
       FROM wanted CROSS JOIN generate_series($1::date::timestamp, $3::date::timestamp, interval '7 days') AS weeks(week)
       LEFT JOIN counted ON counted.key = wanted.key AND counted.week = weeks.week::date
       LEFT JOIN sold ON sold.key = wanted.key AND sold.week = weeks.week::date
      ORDER BY wanted.total DESC, wanted.key, weeks.week`,
    [window.from, window.shownFrom, window.to, window.groups],
  );
}

/** What the triaged complaints of weeks say about each variant that has any; Mondays, both ends included. */
export function listVariantSignals(
  sql: Sql,
  range: { readonly from: string; readonly to: string },
): Promise<WeeklySignal[]> {
  return sql.query(
    `SELECT variant_id AS "variantId", ${monday}::text AS "weekStartsOn", ${signalColumns} FROM complaint
      WHERE variant_id IS NOT NULL AND sentiment > 0
        AND submitted_at >= $1::date::timestamp AT TIME ZONE 'UTC'
        AND submitted_at < ($2::date + 7)::timestamp AT TIME ZONE 'UTC'
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [range.from, range.to],
  );
}

/** The same for one week of some variants, those without complaints included. */
export function listSignalsOfWeek(
  sql: Sql,
  variantIds: readonly number[],
  weekStartsOn: string,
): Promise<WeeklySignal[]> {
  return sql.query(
    `SELECT wanted.id AS "variantId", $2::text AS "weekStartsOn", ${signalColumns}
       FROM unnest($1::int[]) AS wanted(id)
       LEFT JOIN complaint ON complaint.variant_id = wanted.id AND sentiment > 0 AND ${monday} = $2::date
      GROUP BY wanted.id ORDER BY wanted.id`,
    [variantIds, weekStartsOn],
  );
}

/** Sentiments 1 to 5 are −1 to 1. */
const signalColumns = `count(*) FILTER (WHERE complaint.is_complaint)::int AS complaints,
  count(complaint.id)::int AS texts, avg((complaint.sentiment - 3) / 2.0)::float8 AS sentiment`;
