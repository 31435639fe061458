import type { Sql } from '../database/sql.ts';
import type { PackedDemand } from './demandHistory.ts';

/** What demand is added up by: the whole store (key 0), categories (their ids, 0 = none) or warehouses (their ids). */
export type DemandLevel = 'TOTAL' | 'CATEGORY' | 'WAREHOUSE';

const keys = { TOTAL: '0', CATEGORY: 'COALESCE(product.category_id, 0)', WAREHOUSE: 'current.id' } as const;

/**
 * Daily demand of every total of a level, packed, its last `limitDays` days: one statement. Warehouses whose reports
 * lag more than `maximumLagDays` behind the latest are left out. A warehouse's demand ends on its last reported day,
 * the others' on the last day that all of these warehouses have reported.
 */
export function listLevelDemand(
  sql: Sql,
  level: DemandLevel,
  limits: { readonly limitDays: number; readonly maximumLagDays: number },
): Promise<PackedDemand[]> {
  return sql.query(
    `WITH current AS (
       SELECT id, sales_through FROM warehouse
        WHERE sales_through >= (SELECT max(sales_through) FROM warehouse) - $2::int
     ), sold AS (
       SELECT ${keys[level]} AS key, sale.date, sum(sale.units) AS units,
              ${level === 'WAREHOUSE' ? 'current.sales_through' : '(SELECT min(sales_through) FROM current)'} AS last_day
         FROM daily_sales sale
         JOIN current ON current.id = sale.warehouse_id
         ${level === 'CATEGORY' ? 'JOIN product_variant variant ON variant.id = sale.variant_id JOIN product ON product.id = variant.product_id' : ''}
        WHERE sale.units > 0
          AND sale.date > (SELECT min(sales_through) FROM current) - $1::int
          AND sale.date <= ${level === 'WAREHOUSE' ? 'current.sales_through' : '(SELECT min(sales_through) FROM current)'}
        GROUP BY 1, 2, 4
     ), dated AS (SELECT *, min(date) OVER (PARTITION BY key) AS first_day FROM sold)
     SELECT key, first_day AS "firstDay", last_day AS "lastDay", string_agg((date - first_day)::text, ',') AS days,
            string_agg(units::text, ',') AS units, NULL AS "priceRatios", NULL AS "emptyDays", NULL AS "promotedDays"
       FROM dated GROUP BY key, first_day, last_day ORDER BY key`,
    [limits.limitDays, limits.maximumLagDays],
  );
}
