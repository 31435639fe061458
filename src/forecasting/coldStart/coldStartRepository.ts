import type { Sql } from '../../database/sql.ts';
import { reportedDayOf } from '../repository.ts';
import type { Described } from './findSimilar.ts';
import { COLD_WEEKS } from './mixColdStart.ts';

/** A variant with little history; category 0 = it is compared with the whole store. */
export type ColdTarget = Described & {
  readonly category: number;
  /** Last day that its warehouses, or else any, have reported; null where none has. */
  readonly reportedOn: string | null;
};
/** A variant that targets of `category` are compared with. */
export type ColdCandidate = Described & { readonly category: number };

type Row = ColdTarget & { readonly isTarget: boolean };

/** Candidates that are read for a category, and for the whole store; the newest products. */
const limits = { category: 500, store: 4_000 } as const;
/** A candidate must have been sold this many days ago at least, and again in the last ones. */
const windowDays = { oldest: 7 * COLD_WEEKS, latest: 91 } as const;

const described = `variant.id, concat_ws(' ', product.name, variant.name, left(product.description, 500)) AS text,
  variant.list_price::float8 AS price, variant.currency_code AS currency`;

const candidateRows = (from: string, limit: number) => `
  SELECT ${described}
    FROM ${from}
    JOIN product_variant variant ON variant.product_id = product.id
   WHERE EXISTS (SELECT 1 FROM daily_sales WHERE variant_id = variant.id AND date <= last.day - ${windowDays.oldest})
     AND EXISTS (SELECT 1 FROM daily_sales
                  WHERE variant_id = variant.id AND date > last.day - ${windowDays.latest} AND units > 0)
   ORDER BY product.id DESC, variant.id DESC LIMIT ${limit}`;

/**
 * Describes variants with little history and what they are compared with, one statement: at most 500 variants of each of
 * their categories, and at most 4,000 of the store where one has no category or nothing in it has been sold for 12 weeks.
 */
export async function listColdTargets(
  sql: Sql,
  variantIds: readonly number[],
): Promise<{ readonly targets: readonly ColdTarget[]; readonly candidates: readonly ColdCandidate[] }> {
  const rows = await sql.query<Row>(
    `WITH last AS MATERIALIZED (SELECT max(sales_through) AS day FROM warehouse),
     target AS MATERIALIZED (
       SELECT ${described}, product.category_id, ${reportedDayOf('variant.id')} AS "reportedOn"
         FROM product_variant variant JOIN product ON product.id = variant.product_id WHERE variant.id = ANY($1::int[])
     ), inside AS MATERIALIZED (
       SELECT wanted.category_id, candidate.*
         FROM (SELECT DISTINCT category_id FROM target WHERE category_id IS NOT NULL) wanted CROSS JOIN last
        CROSS JOIN LATERAL (
          ${candidateRows('(SELECT * FROM product WHERE category_id = wanted.category_id) product', limits.category)}
        ) candidate
     ), placed AS (
       SELECT target.*,
              CASE WHEN EXISTS (SELECT 1 FROM inside WHERE category_id = target.category_id) THEN category_id ELSE 0 END AS category
         FROM target
     )
     SELECT TRUE AS "isTarget", id, category, text, price, currency, "reportedOn" FROM placed
      UNION ALL
     SELECT FALSE, id, category_id, text, price, currency, NULL FROM inside
      UNION ALL
     SELECT FALSE, candidate.id, 0, candidate.text, candidate.price, candidate.currency, NULL
       FROM last CROSS JOIN LATERAL (${candidateRows('product', limits.store)}) candidate
      WHERE EXISTS (SELECT 1 FROM placed WHERE category = 0)`,
    [variantIds],
  );
  return {
    targets: rows.filter(({ isTarget }) => isTarget),
    candidates: rows.filter(({ isTarget }) => !isTarget),
  };
}
