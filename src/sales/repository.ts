import type { Sql } from '../database/sql.ts';
import type { SalesInterval } from '../generated/graphql.ts';
import type { PackedDemand } from './demandHistory.ts';
import { defaultPeriods, type PackedSales, type PeriodRange } from './salesPeriods.ts';

/** Packed sales of one variant, amounts in its currency. */
export type VariantSalesRow = PackedSales & { readonly variantId: number; readonly currencyCode: string };
/** Packed sales of the store in one currency; null where there is none. */
export type StoreSalesRow = PackedSales & { readonly currencyCode: string | null };

/** What narrows the sales of the whole store; ids are row ids. */
export type StoreFilter = { readonly warehouseId: number | null; readonly categoryId: number | null };

/**
 * Last reported day of `wanted.id`: the latest `sales_through` of the warehouses that stock the variant, or of the
 * warehouse of its last sale.
 */
export const reportedDay = `GREATEST(
  (SELECT max(warehouse.sales_through) FROM inventory_level level
     JOIN warehouse ON warehouse.id = level.warehouse_id WHERE level.variant_id = wanted.id),
  (SELECT COALESCE((SELECT sales_through FROM warehouse WHERE id = sale.warehouse_id), sale.date) FROM daily_sales sale
    WHERE sale.variant_id = wanted.id ORDER BY sale.date DESC LIMIT 1))`;

/** First day of the range that ends on `span.last_day` where `from` is absent: 90 periods, the last one included. */
const defaultFirstDay = {
  DAY: `span.last_day - ${defaultPeriods - 1}`,
  WEEK: `date_trunc('week', span.last_day::timestamp)::date - ${7 * (defaultPeriods - 1)}`,
  MONTH: `(date_trunc('month', span.last_day::timestamp) - interval '${defaultPeriods - 1} months')::date`,
} as const satisfies Record<SalesInterval, string>;

/**
 * Lateral joins that turn `reported.day` and the range ($2, $3) into `span.last_day` and `start.first_day`. OFFSET 0
 * keeps the planner from copying each expression, and its subqueries, into every place it is used.
 */
const range = (interval: SalesInterval) => `
  CROSS JOIN LATERAL (
    SELECT CASE WHEN reported.day IS NOT NULL THEN LEAST(COALESCE($3::date, reported.day), reported.day) END AS last_day OFFSET 0
  ) span
  CROSS JOIN LATERAL (SELECT COALESCE($2::date, ${defaultFirstDay[interval]}) AS first_day OFFSET 0) start`;

/**
 * Sales of each variant over the range, packed into texts: one statement for all of them. PGlite and pg both parse
 * one text faster than an array or a row a day.
 */
export function listVariantSales(
  sql: Sql,
  variantIds: readonly number[],
  { from, to, interval }: PeriodRange,
  warehouseId: number | null,
): Promise<VariantSalesRow[]> {
  const reported =
    warehouseId === null ? reportedDay : '(SELECT sales_through FROM warehouse WHERE id = $4::int)';
  return sql.query(
    `SELECT wanted.id AS "variantId", variant.currency_code AS "currencyCode",
            start.first_day AS "firstDay", span.last_day AS "lastDay", sold.*
       FROM unnest($1::int[]) AS wanted(id)
       JOIN product_variant variant ON variant.id = wanted.id
      CROSS JOIN LATERAL (SELECT ${reported} AS day OFFSET 0) reported
      ${range(interval)}
      CROSS JOIN LATERAL (
        SELECT string_agg((date - start.first_day)::text, ',') AS days,
               string_agg(units::text, ',') AS units,
               string_agg(returns::text, ',') AS returns,
               string_agg(revenue::text, ',') AS revenue,
               string_agg((date - start.first_day)::text, ',') FILTER (WHERE NOT in_stock) AS "emptyDays"
          FROM daily_sales
         WHERE variant_id = wanted.id AND date BETWEEN start.first_day AND span.last_day
               ${warehouseId === null ? '' : 'AND warehouse_id = $4::int'}
      ) sold`,
    [variantIds, from, to, ...(warehouseId === null ? [] : [warehouseId])],
  );
}

/** Sales of the whole store over the range, one row a currency; one row without currency where nothing was sold. */
export function listStoreSales(
  sql: Sql,
  { from, to, interval }: PeriodRange,
  { warehouseId, categoryId }: StoreFilter,
): Promise<StoreSalesRow[]> {
  return sql.query(
    `SELECT sold."currencyCode", start.first_day AS "firstDay", span.last_day AS "lastDay",
            sold.days, sold.units, sold.returns, sold.revenue, sold."emptyDays"
       FROM (SELECT max(sales_through) AS day FROM warehouse WHERE $1::int IS NULL OR id = $1) reported
      ${range(interval)}
       LEFT JOIN LATERAL (
        SELECT currency_code AS "currencyCode",
               string_agg((date - start.first_day)::text, ',') AS days,
               string_agg(units::text, ',') AS units,
               string_agg(returns::text, ',') AS returns,
               string_agg(revenue::text, ',') AS revenue,
               string_agg((date - start.first_day)::text, ',') FILTER (WHERE NOT in_stock) AS "emptyDays"
          FROM (
            SELECT variant.currency_code, sale.date, sum(sale.units) AS units, sum(sale.returns) AS returns,
                   sum(sale.revenue) AS revenue, bool_and(sale.in_stock) AS in_stock
              FROM daily_sales sale
              JOIN product_variant variant ON variant.id = sale.variant_id
             WHERE sale.date BETWEEN start.first_day AND span.last_day
               AND ($1::int IS NULL OR sale.warehouse_id = $1)
               AND ($4::int IS NULL OR variant.product_id IN (SELECT id FROM product WHERE category_id = $4))
             GROUP BY variant.currency_code, sale.date
          ) a_day GROUP BY currency_code
      ) sold ON TRUE
      ORDER BY sold."currencyCode"`,
    [warehouseId, from, to, categoryId],
  );
}

/**
 * Demand of each variant from its first sale to its last reported day, at most `limitDays` days, packed: one
 * statement for all of them. A variant that never sold has no row.
 */
export function listVariantDemand(
  sql: Sql,
  variantIds: readonly number[],
  limitDays: number,
): Promise<PackedDemand[]> {
  return sql.query(demandOf('unnest($1::int[]) AS wanted(id)', 'wanted.id'), [variantIds, limitDays]);
}

/** The same for every variant of the products; `key` is the product's id. */
export function listProductDemand(
  sql: Sql,
  productIds: readonly number[],
  limitDays: number,
): Promise<PackedDemand[]> {
  const variants =
    '(SELECT id, product_id FROM product_variant WHERE product_id = ANY($1::int[])) AS wanted(id, product_id)';
  return sql.query(demandOf(variants, 'wanted.product_id'), [productIds, limitDays]);
}

/**
 * Recounts `unitsSold` of every variant and product: units less returns in the 90 days up to each warehouse's last
 * reported day. Rows that do not change are not written.
 */
export async function refreshUnitsSold(sql: Sql): Promise<void> {
  await sql.query(`
    WITH sold AS (
      SELECT sale.variant_id, sum(sale.units - sale.returns)::int AS units
        FROM warehouse
        JOIN daily_sales sale ON sale.warehouse_id = warehouse.id
             AND sale.date > warehouse.sales_through - 90 AND sale.date <= warehouse.sales_through
       GROUP BY sale.variant_id
    )
    UPDATE product_variant variant SET units_sold = COALESCE(sold.units, 0)
      FROM product_variant own LEFT JOIN sold ON sold.variant_id = own.id
     WHERE own.id = variant.id AND variant.units_sold <> COALESCE(sold.units, 0)`);
  await sql.query(`
    UPDATE product SET units_sold = total.units
      FROM (SELECT product_id, sum(units_sold)::int AS units FROM product_variant GROUP BY product_id) total
     WHERE product.id = total.product_id AND product.units_sold <> total.units`);
}

function demandOf(wanted: string, key: string): string {
  return `
    SELECT ${key} AS key, start.first_day AS "firstDay", reported.day AS "lastDay", sold.*
      FROM ${wanted}
     CROSS JOIN LATERAL (SELECT ${reportedDay} AS day OFFSET 0) reported
     CROSS JOIN LATERAL (
       SELECT GREATEST(date, reported.day - ($2::int - 1)) AS first_day FROM daily_sales
        WHERE variant_id = wanted.id AND units > 0 ORDER BY date LIMIT 1
     ) start
     CROSS JOIN LATERAL (
       SELECT string_agg((date - start.first_day)::text, ',') AS days,
              string_agg(units::text, ',') AS units,
              string_agg(
                CASE WHEN list_price > 0 THEN (COALESCE(paid_price, list_price) * 10000 / list_price)::int ELSE 10000 END::text,
                ','
              ) AS "priceRatios",
              string_agg((date - start.first_day)::text, ',') FILTER (WHERE NOT in_stock) AS "emptyDays",
              string_agg((date - start.first_day)::text, ',') FILTER (WHERE promoted) AS "promotedDays"
         FROM daily_sales
        WHERE variant_id = wanted.id AND date BETWEEN start.first_day AND reported.day
     ) sold
     WHERE reported.day IS NOT NULL`;
}
