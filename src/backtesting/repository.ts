import { Conditions, type DateFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { OriginSettings } from '../forecasting/service.ts';
import type { BacktestSummary } from './backtestSummary.ts';

export type BacktestRow = PageRow &
  OriginSettings & {
    readonly jobId: number;
    readonly categoryId: number | null;
    readonly modelName: string;
    readonly modelVersion: string;
    readonly createdAt: Date;
    readonly firstOrigin: string | null;
    readonly lastOrigin: string | null;
    readonly seriesCount: number | null;
    /** Null until the job is completed. */
    readonly summary: BacktestSummary | null;
  };
export type BacktestConnection = Connection<BacktestRow>;
/** A backtest before it is stored. */
export type NewBacktest = OriginSettings &
  Pick<BacktestRow, 'jobId' | 'categoryId' | 'modelName' | 'modelVersion' | 'createdAt'>;
/** What narrows a list of backtests. */
export type BacktestListFilter = {
  readonly frequencies?: readonly string[] | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};
/** Variants by id, both ends included; `count` is the number of those to be measured. */
export type VariantRange = { readonly fromId: number; readonly throughId: number; readonly count: number };

const columns = `backtest.id, backtest.job_id AS "jobId", backtest.frequency, backtest.horizon, backtest.origins,
  backtest.step, backtest.category_id AS "categoryId", backtest.model_name AS "modelName",
  backtest.model_version AS "modelVersion", backtest.created_at AS "createdAt", backtest.first_origin AS "firstOrigin",
  backtest.last_origin AS "lastOrigin", backtest.series_count AS "seriesCount", backtest.summary`;
/** Variants with sales, of category $1 or of all where it is null. */
const measured = `product_variant variant
  WHERE ($1::int IS NULL OR variant.product_id IN (SELECT id FROM product WHERE category_id = $1))
    AND EXISTS (SELECT 1 FROM daily_sales WHERE variant_id = variant.id)`;

/** One page of backtests, newest first. */
export function listBacktests(
  sql: Sql,
  filter: BacktestListFilter,
  page: PageArguments,
): Promise<BacktestConnection> {
  const conditions = new Conditions();
  conditions.anyOf('backtest.frequency', 'text', filter.frequencies, 'filter.frequencies');
  conditions.date('backtest.created_at', filter.createdAt);
  const order = {
    scope: 'backtest',
    column: 'backtest.id',
    type: 'bigint',
    idColumn: 'backtest.id',
    direction: 'DESC',
  } as const;
  return listPage(sql, { columns, from: 'backtest', conditions, order }, page);
}

export function listBacktestsById(sql: Sql, ids: readonly number[]): Promise<BacktestRow[]> {
  return sql.query(`SELECT ${columns}, id::text AS "sortKey" FROM backtest WHERE id = ANY($1::int[])`, [ids]);
}

export function listBacktestsByJob(sql: Sql, jobIds: readonly number[]): Promise<BacktestRow[]> {
  return sql.query(`SELECT ${columns}, id::text AS "sortKey" FROM backtest WHERE job_id = ANY($1::int[])`, [
    jobIds,
  ]);
}

/** Stores a backtest that has not begun; yields its id. */
export async function insertBacktest(tx: Sql, backtest: NewBacktest): Promise<number> {
  const { jobId, frequency, horizon, origins, step, categoryId, modelName, modelVersion, createdAt } =
    backtest;
  const [row] = await tx.query<{ id: number }>(
    `INSERT INTO backtest (job_id, frequency, horizon, origins, step, category_id, model_name, model_version, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
    [jobId, frequency, horizon, origins, step, categoryId, modelName, modelVersion, createdAt],
  );
  return row?.id ?? 0;
}

/** Stores what a backtest came to. */
export async function completeBacktest(
  sql: Sql,
  backtestId: number,
  outcome: {
    readonly firstOrigin: string;
    readonly lastOrigin: string;
    readonly seriesCount: number;
    readonly summary: BacktestSummary;
  },
): Promise<void> {
  await sql.query(
    `UPDATE backtest SET first_origin = $2, last_origin = $3, series_count = $4, summary = $5::jsonb WHERE id = $1`,
    [
      backtestId,
      outcome.firstOrigin,
      outcome.lastOrigin,
      outcome.seriesCount,
      JSON.stringify(outcome.summary),
    ],
  );
}

/** Cuts the variants to be measured into ranges of `size` each. */
export function listMeasuredRanges(
  sql: Sql,
  categoryId: number | null,
  size: number,
): Promise<VariantRange[]> {
  return sql.query(
    `SELECT min(id) AS "fromId", max(id) AS "throughId", count(*)::int AS count
       FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $2::int AS range FROM ${measured}) numbered
      GROUP BY range ORDER BY range`,
    [categoryId, size],
  );
}

/** Ids and categories of the variants to be measured in a range, by id. */
export function listMeasuredVariants(
  sql: Sql,
  categoryId: number | null,
  range: VariantRange,
): Promise<{ readonly id: number; readonly categoryId: number | null }[]> {
  return sql.query(
    `SELECT id, (SELECT category_id FROM product WHERE product.id = variant.product_id) AS "categoryId"
       FROM ${measured} AND id BETWEEN $2 AND $3 ORDER BY id`,
    [categoryId, range.fromId, range.throughId],
  );
}

/** Days from the first sale of any variant to be measured to the last day its warehouses have reported; 0 without sales. */
export async function findLongestHistoryDays(sql: Sql, categoryId: number | null): Promise<number> {
  const [row] = await sql.query<{ days: number }>(
    `SELECT coalesce(max(reported.day - first.day + 1), 0)::int AS days
       FROM (SELECT id FROM ${measured}) variant
      CROSS JOIN LATERAL (
        SELECT date AS day, warehouse_id FROM daily_sales WHERE variant_id = variant.id AND units > 0 ORDER BY date LIMIT 1
      ) first
       JOIN LATERAL (SELECT sales_through AS day FROM warehouse WHERE id = first.warehouse_id) reported ON true`,
    [categoryId],
  );
  return row?.days ?? 0;
}

/** Id of the category with this code; null where there is none. */
export async function findCategoryId(sql: Sql, code: string): Promise<number | null> {
  const [row] = await sql.query<{ id: number }>('SELECT id FROM category WHERE code = $1', [code]);
  return row?.id ?? null;
}

/** Whether a category exists. */
export async function hasCategory(sql: Sql, categoryId: number): Promise<boolean> {
  return (await sql.query('SELECT 1 FROM category WHERE id = $1', [categoryId])).length > 0;
}
