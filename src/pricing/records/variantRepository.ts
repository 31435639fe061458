import type { Sql } from '../../database/sql.ts';

/** Currency of each variant that exists, by row id. */
export async function listCurrencies(
  sql: Sql,
  variantIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await sql.query<{ id: number; currencyCode: string }>(
    'SELECT id, currency_code AS "currencyCode" FROM product_variant WHERE id = ANY($1::int[])',
    [variantIds],
  );
  return new Map(rows.map(({ id, currencyCode }) => [id, currencyCode]));
}
