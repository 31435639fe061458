import { Conditions } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { ScoreRecord } from './backtestScores.ts';
import type { CategoryRow } from './backtestSummary.ts';

export type BacktestSeriesRow = PageRow &
  ScoreRecord & { readonly variantId: number; readonly origins: number };
export type BacktestSeriesConnection = Connection<BacktestSeriesRow>;
/** A variant's sums before they are stored. */
export type NewSeries = ScoreRecord & {
  readonly variantId: number;
  readonly categoryId: number | null;
  readonly origins: number;
};
/** What narrows the variants of a backtest; ids are row ids. */
export type SeriesFilter = {
  readonly categoryIds?: readonly number[] | null | undefined;
  readonly variantIds?: readonly number[] | null | undefined;
  readonly beatsBaseline?: boolean | null | undefined;
};
export type SeriesOrder = {
  readonly field: 'EXCESS_LOSS' | 'LOSS' | 'UNITS';
  readonly direction: 'ASC' | 'DESC';
};

const orderColumns = {
  EXCESS_LOSS: 'series.excess_loss',
  LOSS: 'series.loss',
  UNITS: 'series.units',
} as const;
const columns = `series.id, series.variant_id AS "variantId", series.origins, series.units::float8, series.periods,
  series.scaled_periods AS "scaledPeriods", series.loss::float8, series.absolute_error AS "absoluteError", series.error,
  series.covered, series.scaled_error AS "scaledError", series.naive_loss::float8 AS "naiveLoss",
  series.naive_absolute_error AS "naiveAbsoluteError", series.naive_error AS "naiveError",
  series.naive_covered AS "naiveCovered", series.naive_scaled_error AS "naiveScaledError"`;

/** One page of the variants of a backtest. */
export function listSeries(
  sql: Sql,
  backtestId: number,
  { filter, order, page }: { filter: SeriesFilter; order: SeriesOrder; page: PageArguments },
): Promise<BacktestSeriesConnection> {
  const conditions = new Conditions();
  conditions.add(backtestId, (p) => `series.backtest_id = ${p}::int`);
  conditions.anyOf('series.category_id', 'int', filter.categoryIds, 'filter.categoryIds');
  conditions.anyOf('series.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  if (filter.beatsBaseline !== null && filter.beatsBaseline !== undefined)
    conditions.add(filter.beatsBaseline, (p) => `(series.excess_loss < 0) = ${p}::boolean`);
  return listPage(
    sql,
    {
      columns,
      from: 'backtest_series series',
      conditions,
      order: {
        scope: `backtestSeries:${order.field}:${order.direction}`,
        column: orderColumns[order.field],
        type: 'numeric',
        idColumn: 'series.id',
        direction: order.direction,
      },
    },
    page,
  );
}

/** Every variant of a backtest, those that lose most beside the baseline first. */
export function listAllSeries(sql: Sql, backtestId: number): Promise<BacktestSeriesRow[]> {
  return sql.query(
    `SELECT ${columns}, series.id::text AS "sortKey" FROM backtest_series series
      WHERE series.backtest_id = $1 ORDER BY series.excess_loss DESC, series.id`,
    [backtestId],
  );
}

export function listSeriesById(sql: Sql, ids: readonly number[]): Promise<BacktestSeriesRow[]> {
  return sql.query(
    `SELECT ${columns}, series.id::text AS "sortKey" FROM backtest_series series WHERE series.id = ANY($1::int[])`,
    [ids],
  );
}

/** Stores the sums of variants; those of an earlier try are replaced. */
export async function storeSeries(sql: Sql, backtestId: number, series: readonly NewSeries[]): Promise<void> {
  await sql.query(
    `INSERT INTO backtest_series (backtest_id, variant_id, category_id, origins, units, periods, scaled_periods, loss,
       absolute_error, error, covered, scaled_error, naive_loss, naive_absolute_error, naive_error, naive_covered,
       naive_scaled_error, excess_loss)
     SELECT $1, "variantId", "categoryId", origins, units, periods, "scaledPeriods", loss, "absoluteError", error, covered,
            "scaledError", "naiveLoss", "naiveAbsoluteError", "naiveError", "naiveCovered", "naiveScaledError",
            loss - "naiveLoss"
       FROM jsonb_to_recordset($2::jsonb) AS record("variantId" int, "categoryId" int, origins int, units numeric(20, 6),
            periods int, "scaledPeriods" int, loss numeric(20, 6), "absoluteError" float8, error float8, covered int,
            "scaledError" float8, "naiveLoss" numeric(20, 6), "naiveAbsoluteError" float8, "naiveError" float8,
            "naiveCovered" int, "naiveScaledError" float8)
     ON CONFLICT (backtest_id, variant_id) DO UPDATE SET category_id = excluded.category_id, origins = excluded.origins,
       units = excluded.units, periods = excluded.periods, scaled_periods = excluded.scaled_periods,
       loss = excluded.loss, absolute_error = excluded.absolute_error, error = excluded.error,
       covered = excluded.covered, scaled_error = excluded.scaled_error, naive_loss = excluded.naive_loss,
       naive_absolute_error = excluded.naive_absolute_error, naive_error = excluded.naive_error,
       naive_covered = excluded.naive_covered, naive_scaled_error = excluded.naive_scaled_error,
       excess_loss = excluded.excess_loss`,
    [backtestId, JSON.stringify(series)],
  );
}

/** Number of variants of a backtest that were scored. */
export async function countSeries(sql: Sql, backtestId: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM backtest_series WHERE backtest_id = $1',
    [backtestId],
  );
  return row?.count ?? 0;
}

/** Sums by category, those that lose most beside the baseline first; variants without a category are left out. */
export async function sumByCategory(sql: Sql, backtestId: number): Promise<CategoryRow[]> {
  const rows = await sql.query<ScoreRecord & Omit<CategoryRow, 'record'>>(
    `SELECT category_id AS "categoryId", count(*)::int AS "seriesCount", sum(units)::float8 AS units,
            sum(periods)::int AS periods, sum(scaled_periods)::int AS "scaledPeriods", sum(loss)::float8 AS loss,
            sum(absolute_error) AS "absoluteError", sum(error) AS error, sum(covered)::int AS covered,
            sum(scaled_error) AS "scaledError", sum(naive_loss)::float8 AS "naiveLoss",
            sum(naive_absolute_error) AS "naiveAbsoluteError", sum(naive_error) AS "naiveError",
            sum(naive_covered)::int AS "naiveCovered", sum(naive_scaled_error) AS "naiveScaledError"
       FROM backtest_series WHERE backtest_id = $1 AND category_id IS NOT NULL
      GROUP BY category_id ORDER BY sum(excess_loss) DESC, category_id`,
    [backtestId],
  );
  return rows.map(({ categoryId, seriesCount, ...record }) => ({ categoryId, seriesCount, record }));
}
