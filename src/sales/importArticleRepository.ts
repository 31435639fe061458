import type { Sql } from '../database/sql.ts';
import { formatTenThousandths } from '../exactMoney.ts';
import type { DailyTotal } from './dailyTotals.ts';
import type { KnownVariantRow } from './importRepository.ts';

/** A product with its one variant, as an import creates it. */
export type NewArticle = {
  readonly sku: string;
  readonly handle: string;
  readonly name: string;
  /** In ten-thousandths. */
  readonly price: number;
};
/** A daily total with its variant and the usual price, 0 where none is known. */
export type DailyWrite = DailyTotal & { readonly variantId: number; readonly usualPrice: number };
/** A price that began to hold on a day; prices in ten-thousandths. */
export type PriceWrite = {
  readonly variantId: number;
  readonly day: number;
  readonly price: number;
  readonly listPrice: number;
};

/** Variants with these codes and all their price changes. */
export function listKnownVariants(tx: Sql, skus: readonly string[]): Promise<KnownVariantRow[]> {
  return tx.query(
    `SELECT variant.id, variant.sku, variant.currency_code AS "currencyCode", history.days, history.prices
       FROM product_variant variant
      CROSS JOIN LATERAL (
        SELECT array_to_string(array_agg(valid_from - DATE '1970-01-01' ORDER BY valid_from), ',') AS days,
               array_to_string(array_agg((price * 10000)::bigint ORDER BY valid_from), ',') AS prices
          FROM variant_price WHERE variant_id = variant.id AND status = 'EFFECTIVE'
      ) history WHERE variant.sku = ANY($1::text[])`,
    [skus],
  );
}

/** Creates products, each with one variant; a product whose handle exists gets the variant. */
export async function insertArticles(
  tx: Sql,
  articles: readonly NewArticle[],
  common: { readonly categoryId: number | null; readonly currencyCode: string },
): Promise<{ readonly id: number; readonly sku: string }[]> {
  const handles = articles.map(({ handle }) => handle);
  await tx.query(
    `INSERT INTO product (handle, name, category_id) SELECT handle, name, $3::int
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS row(handle, name, place) ORDER BY place
     ON CONFLICT (handle) DO NOTHING`,
    [handles, articles.map(({ name }) => name), common.categoryId],
  );
  return tx.query(
    `INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
     SELECT product.id, row.sku, row.name, row.price / 10000.0, row.price / 10000.0, $5::text
       FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS row(handle, sku, name, price, place)
       JOIN product ON product.handle = row.handle
      ORDER BY row.place RETURNING id, sku`,
    [
      handles,
      articles.map(({ sku }) => sku),
      articles.map(({ name }) => name),
      articles.map(({ price }) => price),
      common.currencyCode,
    ],
  );
}

/** Gives each variant a level of zeros in the warehouse where it has none. */
export async function insertEmptyLevels(
  tx: Sql,
  variantIds: readonly number[],
  warehouseId: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO inventory_level (variant_id, warehouse_id) SELECT id, $2::int FROM unnest($1::int[]) AS wanted(id)
     ON CONFLICT (variant_id, warehouse_id) DO NOTHING`,
    [variantIds, warehouseId],
  );
}

/** Which of the variants' days hold sales already, as 'variant day'. */
export async function listSoldDays(
  tx: Sql,
  totals: readonly { readonly variantId: number; readonly day: number }[],
): Promise<Set<string>> {
  const rows = await tx.query<{ variantId: number; day: number }>(
    `SELECT DISTINCT sale.variant_id AS "variantId", wanted.day
       FROM unnest($1::int[], $2::int[]) AS wanted(variant_id, day)
       JOIN daily_sales sale ON sale.variant_id = wanted.variant_id
        AND sale.date = DATE '1970-01-01' + wanted.day AND sale.units > 0`,
    [totals.map(({ variantId }) => variantId), totals.map(({ day }) => day)],
  );
  return new Set(rows.map(({ variantId, day }) => `${variantId} ${day}`));
}

/** Adds daily totals to those that are stored; a day keeps the usual price it was first given. */
export async function addDailySales(
  tx: Sql,
  totals: readonly DailyWrite[],
  warehouseId: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, returns, revenue, list_price, paid_price)
     SELECT variant_id, $7::int, DATE '1970-01-01' + day, units, returns, revenue, list_price / 10000.0,
            revenue / NULLIF(units, 0)
       FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::numeric[], $6::bigint[])
            AS row(variant_id, day, units, returns, revenue, list_price)
     ON CONFLICT (variant_id, date, warehouse_id) DO UPDATE SET
       units = daily_sales.units + excluded.units,
       returns = daily_sales.returns + excluded.returns,
       revenue = daily_sales.revenue + excluded.revenue,
       list_price = COALESCE(daily_sales.list_price, excluded.list_price),
       paid_price = (daily_sales.revenue + excluded.revenue) / NULLIF(daily_sales.units + excluded.units, 0)`,
    [
      totals.map(({ variantId }) => variantId),
      totals.map(({ day }) => day),
      totals.map(({ units }) => units),
      totals.map(({ returns }) => returns),
      totals.map(({ revenue }) => formatTenThousandths(revenue)),
      totals.map(({ usualPrice }) => (usualPrice === 0 ? null : usualPrice)),
      warehouseId,
    ],
  );
}

/** Adds prices that began to hold on days of the past; a day that has one keeps it. */
export async function insertPriceChanges(
  tx: Sql,
  changes: readonly PriceWrite[],
  currencyCode: string,
): Promise<void> {
  await tx.query(
    `INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code)
     SELECT variant_id, DATE '1970-01-01' + day, price / 10000.0, list_price / 10000.0, $5::text
       FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS row(variant_id, day, price, list_price)
      WHERE NOT EXISTS (SELECT FROM variant_price known
                         WHERE known.variant_id = row.variant_id AND known.valid_from = DATE '1970-01-01' + row.day
                           AND known.status = 'EFFECTIVE')`,
    [
      changes.map(({ variantId }) => variantId),
      changes.map(({ day }) => day),
      changes.map(({ price }) => price),
      changes.map(({ listPrice }) => listPrice),
      currencyCode,
    ],
  );
}

/** Gives variants their latest price and the day of their first sale. */
export async function settlePrices(tx: Sql, skus: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE product_variant variant
        SET price = COALESCE(latest.price, variant.price),
            list_price = COALESCE(latest.list_price, variant.list_price),
            launched_on = LEAST(variant.launched_on, first.date)
       FROM product_variant own
       LEFT JOIN LATERAL (
         SELECT price, list_price FROM variant_price WHERE variant_id = own.id AND status = 'EFFECTIVE'
          ORDER BY valid_from DESC, id DESC LIMIT 1
       ) latest ON TRUE
       LEFT JOIN LATERAL (
         SELECT date FROM daily_sales WHERE variant_id = own.id AND units > 0 ORDER BY date LIMIT 1
       ) first ON TRUE
      WHERE own.id = variant.id AND own.sku = ANY($1::text[])`,
    [skus],
  );
}

/** Gives the products that this import created the names found for them. */
export async function settleNames(
  tx: Sql,
  importId: number,
  names: readonly { readonly sku: string; readonly name: string }[],
): Promise<void> {
  await tx.query(
    `WITH named AS (
       UPDATE product_variant variant SET name = row.name
         FROM unnest($2::text[], $3::text[]) AS row(sku, name), sales_import import
        WHERE import.id = $1 AND variant.sku = row.sku AND variant.created_at >= import.started_at
       RETURNING variant.product_id, variant.name
     )
     UPDATE product SET name = named.name FROM named, sales_import import
      WHERE import.id = $1 AND product.id = named.product_id AND product.created_at >= import.started_at`,
    [importId, names.map(({ sku }) => sku), names.map(({ name }) => name)],
  );
}
