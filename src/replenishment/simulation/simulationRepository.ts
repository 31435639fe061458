import type { Sql } from '../../database/sql.ts';

/** A variant and the code of its category. */
export type BestSeller = { readonly id: number; readonly sku: string; readonly category: string | null };

/** The variants that sold most units in their last 90 reported days, the first one most; one statement. */
export function listBestSellers(sql: Sql, limit: number): Promise<BestSeller[]> {
  return sql.query<BestSeller>(
    `SELECT variant.id, variant.sku, category.code AS category
       FROM product_variant variant
       JOIN product ON product.id = variant.product_id
       LEFT JOIN category ON category.id = product.category_id
      ORDER BY variant.units_sold DESC, variant.id
      LIMIT $1`,
    [limit],
  );
}
