import { Conditions, type DateFilter } from '../../database/conditions.ts';
import type { Connection } from '../../database/connection.ts';
import { listPage } from '../../database/listPage.ts';
import type { PageArguments, PageRow } from '../../database/page.ts';
import type { Sql } from '../../database/sql.ts';
import type { ForecastOverrideStatus } from '../../generated/graphql.ts';
import { reportedDayOf } from '../repository.ts';

/** An override with its state, its end and what was sold in its period. */
export type OverrideRow = PageRow & {
  readonly variantId: number;
  readonly from: string;
  readonly to: string;
  readonly units: number | null;
  readonly factor: number | null;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: Date;
  readonly status: ForecastOverrideStatus;
  readonly removalReason: string | null;
  readonly removalAuthor: string | null;
  readonly removedAt: Date | null;
  readonly statisticalUnits: number;
  readonly finalUnits: number;
  /** Null until the period has passed. */
  readonly actualUnits: number | null;
};
export type OverrideConnection = Connection<OverrideRow>;

/** What narrows a list of overrides; ids are row ids. */
export type OverrideListFilter = {
  readonly variantIds?: readonly number[] | null | undefined;
  readonly statuses?: readonly ForecastOverrideStatus[] | null | undefined;
  readonly author?: string | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};

/** An override before it is stored. */
export type NewOverride = {
  readonly variantId: number;
  readonly from: string;
  readonly to: string;
  readonly units: number | null;
  readonly factor: number | null;
  readonly statisticalUnits: number;
  readonly finalUnits: number;
};

/** Who did it, why and when. */
export type OverrideSignature = { readonly author: string; readonly reason: string; readonly now: Date };

/** What narrows the comparison of overrides with what was sold; days 'YYYY-MM-DD'. */
export type ValueAddedFilter = {
  readonly from: string | null;
  readonly to: string | null;
  readonly author: string | null;
};

/** Units of one override's period: as forecast by the models, by the planner, and as sold. */
export type ComparedOverride = {
  readonly statisticalUnits: number;
  readonly finalUnits: number;
  readonly actualUnits: number;
  readonly hadStockOut: boolean;
};

const status = `CASE WHEN removal.override_id IS NOT NULL THEN 'REMOVED'
  WHEN override.ends_on <= ${reportedDayOf('override.variant_id')} THEN 'EXPIRED' ELSE 'ACTIVE' END`;
const from = `forecast_override override LEFT JOIN forecast_override_removal removal ON removal.override_id = override.id`;
const columns = `override.id, override.variant_id AS "variantId", override.starts_on AS "from", override.ends_on AS "to",
  override.units, override.factor, override.reason, override.author, override.created_at AS "createdAt",
  ${status} AS status, removal.reason AS "removalReason", removal.author AS "removalAuthor",
  removal.created_at AS "removedAt", override.statistical_units AS "statisticalUnits",
  override.final_units AS "finalUnits",
  CASE WHEN override.ends_on <= ${reportedDayOf('override.variant_id')} THEN (
    SELECT COALESCE(sum(units), 0)::float8 FROM daily_sales
     WHERE variant_id = override.variant_id AND date BETWEEN override.starts_on AND override.ends_on
  ) END AS "actualUnits"`;

/** One page of overrides, by id. */
export function listOverrides(
  sql: Sql,
  filter: OverrideListFilter,
  page: PageArguments,
): Promise<OverrideConnection> {
  const conditions = new Conditions();
  conditions.anyOf('override.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  conditions.anyOf(`(${status})`, 'text', filter.statuses, 'filter.statuses');
  conditions.string('override.author', { eq: filter.author }, 'filter.author');
  conditions.date('override.created_at', filter.createdAt);
  const order = {
    scope: 'forecastOverride',
    column: 'override.id',
    type: 'bigint',
    idColumn: 'override.id',
    direction: 'ASC',
  } as const;
  return listPage(sql, { columns, from, conditions, order }, page);
}

/** Overrides by id, in no order. */
export function listOverridesById(sql: Sql, ids: readonly number[]): Promise<OverrideRow[]> {
  return sql.query(
    `SELECT ${columns}, override.id::text AS "sortKey" FROM ${from} WHERE override.id = ANY($1::int[])`,
    [ids],
  );
}

/** Which of these variants exist. */
export async function listExistingVariants(sql: Sql, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await sql.query<{ id: number }>('SELECT id FROM product_variant WHERE id = ANY($1::int[])', [
    ids,
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** Writes overrides; yields their ids in order. */
export async function insertOverrides(
  sql: Sql,
  overrides: readonly NewOverride[],
  { author, reason, now }: OverrideSignature,
): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `INSERT INTO forecast_override (variant_id, starts_on, ends_on, units, factor, statistical_units, final_units,
       author, reason, created_at)
     SELECT "variantId", "from", "to", units, factor, "statisticalUnits", "finalUnits", $2, $3, $4::timestamptz
       FROM jsonb_to_recordset($1::jsonb) AS record("variantId" int, "from" date, "to" date, units float8,
            factor float8, "statisticalUnits" float8, "finalUnits" float8)
     RETURNING id`,
    [JSON.stringify(overrides), author, reason, now],
  );
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Locks overrides by id, so that two removals cannot cross; yields those that exist. */
export async function lockOverrides(tx: Sql, ids: readonly number[]): Promise<OverrideRow[]> {
  await tx.query('SELECT 1 FROM forecast_override WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE', [ids]);
  return listOverridesById(tx, ids);
}

/** Writes the end of overrides that the caller has locked. */
export async function insertRemovals(
  tx: Sql,
  ids: readonly number[],
  { author, reason, now }: OverrideSignature,
): Promise<void> {
  await tx.query(
    `INSERT INTO forecast_override_removal (override_id, author, reason, created_at)
     SELECT id, $2, $3, $4::timestamptz FROM unnest($1::int[]) AS id`,
    [ids, author, reason, now],
  );
}

/**
 * The overrides whose period has passed, that nobody took back and that no later one replaces in part, beside what was
 * sold.
 */
export function listComparedOverrides(sql: Sql, filter: ValueAddedFilter): Promise<ComparedOverride[]> {
  return sql.query(
    `SELECT override.statistical_units AS "statisticalUnits", override.final_units AS "finalUnits",
            sold.units AS "actualUnits", sold."hadStockOut"
       FROM ${from}
      CROSS JOIN LATERAL (
        SELECT COALESCE(sum(units), 0)::float8 AS units, COALESCE(bool_or(NOT in_stock), false) AS "hadStockOut"
          FROM daily_sales
         WHERE variant_id = override.variant_id AND date BETWEEN override.starts_on AND override.ends_on
      ) sold
      WHERE ($1::date IS NULL OR override.ends_on >= $1::date) AND ($2::date IS NULL OR override.ends_on <= $2::date)
        AND ($3::text IS NULL OR override.author = $3::text) AND (${status}) = 'EXPIRED'
        AND NOT EXISTS (
          SELECT 1 FROM forecast_override later
            LEFT JOIN forecast_override_removal taken ON taken.override_id = later.id
           WHERE later.variant_id = override.variant_id AND later.id > override.id AND taken.override_id IS NULL
             AND later.starts_on <= override.ends_on AND later.ends_on >= override.starts_on)`,
    [filter.from, filter.to, filter.author],
  );
}
