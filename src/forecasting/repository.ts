import type { Sql } from '../database/sql.ts';
import type { ForecastAccuracy } from './accuracy.ts';
import type { SalesFrequency } from './dailyHistory.ts';
import type { MemberWeight } from './ensemble.ts';
import type { ForecastRow } from './forecastRow.ts';

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
};

/**
 * Reads the stored forecasts of these variants that begin the day after the last sales day their warehouses have
 * reported and come from this model; stale ones are left out.
 */
export async function listFreshForecasts(
  sql: Sql,
  variantIds: readonly number[],
  key: StoredForecastKey,
): Promise<ReadonlyMap<number, ForecastRow>> {
  const rows = await sql.query<StoredRow>(
    `SELECT forecast.variant_id AS "variantId", generated_at AS "generatedAt", starts_on AS "startsOn", horizon,
            quantile_levels AS levels, quantiles, mean, members, accuracy
       FROM forecast
      WHERE forecast.variant_id = ANY($1::int[]) AND frequency = $2 AND model_name = $3 AND model_version = $4
        AND data_through = (SELECT max(warehouse.sales_through) FROM inventory_level level
               JOIN warehouse ON warehouse.id = level.warehouse_id WHERE level.variant_id = forecast.variant_id)`,
    [variantIds, key.frequency, key.modelName, key.modelVersion],
  );
  return new Map(rows.map((row) => [row.variantId, toForecastRow(row, key)]));
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
    influences: [],
    accuracy: row.accuracy,
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
  }));
  await sql.query(
    `INSERT INTO forecast (variant_id, data_through, frequency, model_name, model_version, generated_at, starts_on,
       horizon, quantile_levels, quantiles, mean, members, accuracy)
     SELECT variant_id, data_through, frequency, model_name, model_version, generated_at, starts_on, horizon,
            quantile_levels, quantiles::float8[], mean::float8[], members, accuracy
       FROM ROWS FROM (
              jsonb_to_recordset($1::jsonb) AS (variant_id int, data_through date, frequency text, model_name text,
                model_version text, generated_at timestamptz, starts_on date, horizon int, quantile_levels float8[],
                members jsonb, accuracy jsonb),
              unnest($2::text[]), unnest($3::text[])
            ) AS record(variant_id, data_through, frequency, model_name, model_version, generated_at, starts_on, horizon,
              quantile_levels, members, accuracy, quantiles, mean)
     ON CONFLICT (variant_id, frequency) DO UPDATE SET data_through = excluded.data_through,
       model_name = excluded.model_name, model_version = excluded.model_version,
       generated_at = excluded.generated_at, starts_on = excluded.starts_on, horizon = excluded.horizon,
       quantile_levels = excluded.quantile_levels, quantiles = excluded.quantiles, mean = excluded.mean,
       members = excluded.members, accuracy = excluded.accuracy`,
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
  const digits = 5 - Math.floor(Math.log10(Math.abs(units)));
  if (!(Math.abs(digits) <= 15)) return Number(units.toPrecision(6)); // 0, or outside what a power of ten is exact for
  const scale = 10 ** Math.abs(digits);
  return digits >= 0 ? Math.round(units * scale) / scale : Math.round(units / scale) * scale;
}

/** Variants by id, both ends included; `count` is the number of those with sales when the range was made. */
export type VariantRange = { readonly fromId: number; readonly throughId: number; readonly count: number };

/** Ids of the variants in a range that have a sales history, by id. */
export async function listVariantIdsWithSales(sql: Sql, range: VariantRange): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT id FROM product_variant variant
      WHERE id BETWEEN $1 AND $2 AND EXISTS (SELECT 1 FROM daily_sales WHERE variant_id = variant.id) ORDER BY id`,
    [range.fromId, range.throughId],
  );
  return rows.map(({ id }) => id);
}

/** Cuts the variants that have a sales history into ranges of `size` each. */
export function listRangesWithSales(sql: Sql, size: number): Promise<VariantRange[]> {
  return sql.query(
    `SELECT min(id) AS "fromId", max(id) AS "throughId", count(*)::int AS count
       FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $1::int AS range FROM product_variant variant
              WHERE EXISTS (SELECT 1 FROM daily_sales WHERE variant_id = variant.id)) numbered
      GROUP BY range ORDER BY range`,
    [size],
  );
}
