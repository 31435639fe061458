import type { Sql } from '../database/sql.ts';
import type { ForecastAccuracy } from './accuracy.ts';
import type { CovariateInfluence } from './covariateEffects.ts';
import type { SalesFrequency } from './dailyHistory.ts';
import type { MemberWeight } from './ensemble.ts';
import type { ColdStart, ForecastRow } from './forecastRow.ts';
import type { TreeMeans } from './hierarchy/applyTree.ts';
import type { Override } from './overrides/override.ts';

/** What identifies forecasts that are still good: made by this model, in this frequency. */
export type StoredForecastKey = {
  readonly frequency: SalesFrequency;
  readonly modelName: string;
  readonly modelVersion: string;
};

type StoredRow = {
  readonly variantId: number;
  readonly generatedAt: Date;
  readonly startsOn: string;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly quantiles: readonly number[];
  readonly mean: readonly number[];
  readonly members: readonly MemberWeight[];
  readonly accuracy: ForecastAccuracy | null;
  readonly coldStart: ColdStart | null;
  readonly influences: readonly CovariateInfluence[];
};

/** A row of `listKnownForecasts`: without a stored forecast its columns are null. */
type KnownRow = { readonly [Column in Exclude<keyof StoredRow, 'variantId'>]: StoredRow[Column] | null } & {
  readonly variantId: number;
  readonly overrides: readonly Override[] | null;
  readonly treeStartsOn: string | null;
  readonly treeMean: readonly number[] | null;
  readonly hasSignals: boolean;
};

/** What the store knows of a variant's forecast: the stored one where it is fresh, and the overrides that still hold. */
export type KnownForecast = {
  readonly row: ForecastRow | null;
  /** Reconciled means, where a fresh tree holds them. */
  readonly tree: TreeMeans | null;
  /** Oldest first. */
  readonly overrides: readonly Override[];
  /** Whether anything written about the variant is stored. */
  readonly hasSignals: boolean;
};

/**
 * SQL of the last reported day of a variant: of the warehouses that stock it, else of the one that sold it last, else of
 * any.
 */
export function reportedDayOf(variantId: string): string {
  return `COALESCE(
    (SELECT max(warehouse.sales_through) FROM inventory_level level
       JOIN warehouse ON warehouse.id = level.warehouse_id WHERE level.variant_id = ${variantId}),
    (SELECT warehouse.sales_through FROM daily_sales sale JOIN warehouse ON warehouse.id = sale.warehouse_id
      WHERE sale.variant_id = ${variantId} ORDER BY sale.date DESC LIMIT 1),
    (SELECT max(sales_through) FROM warehouse))`;
}

/** SQL of what a tree rests on: the last variant, and the last reported day of each warehouse. */
export const treeFingerprint = `concat((SELECT max(id) FROM product_variant), '|',
  (SELECT string_agg(id || ':' || COALESCE(sales_through::text, ''), ',' ORDER BY id) FROM warehouse))`;

/** SQL of the latest finished tree that is still fresh, as `tree`; takes frequency, model and version as $2, $3, $4. */
export const freshTree = `tree AS MATERIALIZED (
  SELECT id, generated_at, starts_on, horizon FROM forecast_tree
   WHERE frequency = $2 AND model_name = $3 AND model_version = $4 AND starts_on IS NOT NULL
     AND fingerprint = ${treeFingerprint}
   ORDER BY id DESC LIMIT 1)`;

/**
 * Reads what is known of these variants' forecasts, one statement for all. A stored forecast is fresh where it begins
 * the day after the last sales day its warehouses have reported and comes from this model; a stale one is left out.
 */
export async function listKnownForecasts(
  sql: Sql,
  variantIds: readonly number[],
  key: StoredForecastKey,
): Promise<ReadonlyMap<number, KnownForecast>> {
  const rows = await sql.query<KnownRow>(
    `WITH ${freshTree}
     SELECT wanted.id AS "variantId", forecast.generated_at AS "generatedAt", forecast.starts_on AS "startsOn",
            forecast.horizon, forecast.quantile_levels AS levels, forecast.quantiles, forecast.mean, forecast.members,
            forecast.accuracy, forecast.cold_start AS "coldStart", forecast.influences, override.list AS overrides,
            tree.starts_on AS "treeStartsOn", member.mean AS "treeMean", heard.is_so AS "hasSignals"
       FROM unnest($1::int[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT ${reportedDayOf('wanted.id')} AS day OFFSET 0) reported
       LEFT JOIN forecast ON forecast.variant_id = wanted.id AND forecast.frequency = $2 AND forecast.model_name = $3
             AND forecast.model_version = $4 AND data_through = reported.day
       LEFT JOIN tree ON TRUE
       LEFT JOIN forecast_tree_variant member ON member.tree_id = tree.id AND member.variant_id = wanted.id
       LEFT JOIN LATERAL (
         SELECT jsonb_agg(jsonb_build_object('id', id, 'startsOn', starts_on, 'endsOn', ends_on, 'units', units,
                  'factor', factor) ORDER BY id) AS list
           FROM forecast_override
          WHERE variant_id = wanted.id AND (reported.day IS NULL OR ends_on > reported.day)
            AND NOT EXISTS (SELECT 1 FROM forecast_override_removal WHERE override_id = forecast_override.id)
       ) override ON TRUE
      CROSS JOIN LATERAL (
         SELECT EXISTS (SELECT 1 FROM product_signal WHERE variant_id = wanted.id) AS is_so OFFSET 0
       ) heard
      WHERE forecast.id IS NOT NULL OR override.list IS NOT NULL OR member.mean IS NOT NULL OR heard.is_so`,
    [variantIds, key.frequency, key.modelName, key.modelVersion],
  );
  return new Map(
    rows.map(({ overrides, treeStartsOn, treeMean, hasSignals, ...row }) => [
      row.variantId,
      {
        row: isStored(row) ? toForecastRow(row, key) : null,
        tree: treeStartsOn === null || treeMean === null ? null : { startsOn: treeStartsOn, mean: treeMean },
        overrides: overrides ?? [],
        hasSignals,
      },
    ]),
  );
}

function isStored(
  row: Omit<KnownRow, 'overrides' | 'treeStartsOn' | 'treeMean' | 'hasSignals'>,
): row is StoredRow {
  return row.mean !== null;
}

function toForecastRow(row: StoredRow, key: StoredForecastKey): ForecastRow {
  return {
    model: { name: key.modelName, version: key.modelVersion },
    generatedAt: row.generatedAt,
    frequency: key.frequency,
    startsOn: row.startsOn,
    forecast: {
      horizon: row.horizon,
      levels: row.levels,
      quantiles: Float64Array.from(row.quantiles),
      mean: Float64Array.from(row.mean),
    },
    members: row.members,
    accuracy: row.accuracy,
    influences: row.influences,
    ...(row.coldStart !== null && { coldStart: row.coldStart }),
  };
}

/**
 * Stores forecasts, one a variant and frequency; an earlier one is replaced. Numbers travel as the texts of arrays,
 * which PostgreSQL reads in half the time of JSON.
 */
export async function storeForecasts(
  sql: Sql,
  forecasts: readonly {
    readonly variantId: number;
    readonly dataThrough: string;
    readonly row: ForecastRow;
  }[],
): Promise<void> {
  const records = forecasts.map(({ variantId, dataThrough, row }) => ({
    variant_id: variantId,
    data_through: dataThrough,
    frequency: row.frequency,
    model_name: row.model.name,
    model_version: row.model.version,
    generated_at: row.generatedAt.toISOString(),
    starts_on: row.startsOn,
    horizon: row.forecast.horizon,
    quantile_levels: row.forecast.levels,
    members: row.members,
    accuracy: row.accuracy,
    cold_start: row.coldStart ?? null,
    influences: row.influences ?? [],
  }));
  await sql.query(
    `INSERT INTO forecast (variant_id, data_through, frequency, model_name, model_version, generated_at, starts_on,
       horizon, quantile_levels, quantiles, mean, members, accuracy, cold_start, influences)
     SELECT variant_id, data_through, frequency, model_name, model_version, generated_at, starts_on, horizon,
            quantile_levels, quantiles::float8[], mean::float8[], members, accuracy, cold_start,
            influences
       FROM ROWS FROM (
              jsonb_to_recordset($1::jsonb) AS (variant_id int, data_through date, frequency text, model_name text,
                model_version text, generated_at timestamptz, starts_on date, horizon int, quantile_levels float8[],
                members jsonb, accuracy jsonb, cold_start jsonb,
                influences jsonb),
              unnest($2::text[]), unnest($3::text[])
            ) AS record(variant_id, data_through, frequency, model_name, model_version, generated_at, starts_on, horizon,
              quantile_levels, members, accuracy, cold_start, influences, quantiles, mean)
     ON CONFLICT (variant_id, frequency) DO UPDATE SET data_through = excluded.data_through,
       model_name = excluded.model_name, model_version = excluded.model_version,
       generated_at = excluded.generated_at, starts_on = excluded.starts_on, horizon = excluded.horizon,
       quantile_levels = excluded.quantile_levels, quantiles = excluded.quantiles, mean = excluded.mean,
       members = excluded.members, accuracy = excluded.accuracy, cold_start = excluded.cold_start,
       influences = excluded.influences`,
    [
      JSON.stringify(records),
      forecasts.map(({ row }) => toArrayText(row.forecast.quantiles)),
      forecasts.map(({ row }) => toArrayText(row.forecast.mean)),
    ],
  );
}

function toArrayText(values: Float64Array): string {
  return `{${Array.from(values, roundUnits).join(',')}}`;
}

/**
 * Six significant digits: beyond them a forecast says nothing, and the row stays small. By a power of ten, since
 * `toPrecision` takes four times as long and there are hundreds of numbers a forecast.
 */
function roundUnits(units: number): number {
  if (Number.isInteger(units) && Math.abs(units) < 1e6) return units;
  const digits = 5 - Math.floor(Math.log10(Math.abs(units)));
  if (!(Math.abs(digits) <= 15)) return Number(units.toPrecision(6)); // 0, or outside what a power of ten is exact for
  const scale = 10 ** Math.abs(digits);
  return digits >= 0 ? Math.round(units * scale) / scale : Math.round(units / scale) * scale;
}

/** Variants by id, both ends included; `count` is the number of them when the range was made. */
export type VariantRange = { readonly fromId: number; readonly throughId: number; readonly count: number };

/** Ids of the variants in a range. */
export async function listVariantIds(sql: Sql, range: VariantRange): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    'SELECT id FROM product_variant WHERE id BETWEEN $1 AND $2 ORDER BY id',
    [range.fromId, range.throughId],
  );
  return rows.map(({ id }) => id);
}

/** Cuts all variants into ranges of `size` each. */
export function listRanges(sql: Sql, size: number): Promise<VariantRange[]> {
  return sql.query(
    `SELECT min(id) AS "fromId", max(id) AS "throughId", count(*)::int AS count
       FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $1::int AS range FROM product_variant) numbered
      GROUP BY range ORDER BY range`,
    [size],
  );
}
