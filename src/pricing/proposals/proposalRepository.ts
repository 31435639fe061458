import { Conditions, type DateFilter, type NumberFilter } from '../../database/conditions.ts';
import type { Connection } from '../../database/connection.ts';
import { listPage } from '../../database/listPage.ts';
import type { PageArguments, PageOrder, PageRow } from '../../database/page.ts';
import type { Sql } from '../../database/sql.ts';
import type { PriceRecommendationOrderField, RecommendationStatus } from '../../generated/graphql.ts';

/** What is kept of a recommendation about a price beside the recommendation; amounts are decimals as text. */
export type ProposalRow = {
  readonly recommendationId: number;
  readonly variantId: number;
  readonly jobId: number | null;
  readonly expectedGain: string;
  /** The entry of the price history that carrying it out wrote; null before. */
  readonly priceId: number | null;
  readonly previousListPrice: string | null;
};
/** Ids of recommendations in the order of a list. */
export type ProposalIdConnection = Connection<PageRow>;
/** What narrows a list of recommended prices; ids are row ids. */
export type ProposalFilter = {
  readonly statuses?: readonly RecommendationStatus[] | null | undefined;
  readonly categoryIds?: readonly number[] | null | undefined;
  readonly variantIds?: readonly number[] | null | undefined;
  readonly jobId?: number | null | undefined;
  readonly expectedGain?: NumberFilter | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};
export type ProposalOrder = {
  readonly field: PriceRecommendationOrderField;
  readonly direction: 'ASC' | 'DESC';
};
/** Which recommendations a step is taken with: these, or those of a run. */
export type Target =
  | { readonly recommendationIds: readonly number[]; readonly runId: null }
  | { readonly recommendationIds: null; readonly runId: number };

/** One page of ids of recommended prices. */
export function listProposalIds(
  sql: Sql,
  filter: ProposalFilter,
  { field, direction }: ProposalOrder,
  page: PageArguments,
): Promise<ProposalIdConnection> {
  const conditions = new Conditions();
  conditions.anyOf('recommendation.status::text', 'text', filter.statuses, 'filter.statuses');
  conditions.anyOf('product.category_id', 'int', filter.categoryIds, 'filter.categoryIds');
  conditions.anyOf('proposal.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  if (filter.jobId != null) conditions.add(filter.jobId, (p) => `proposal.job_id = ${p}::int`);
  conditions.number('proposal.expected_gain', filter.expectedGain);
  conditions.date('recommendation.created_at', filter.createdAt);
  const order: PageOrder = {
    scope: `priceRecommendation.${field}.${direction}`,
    ...(field === 'EXPECTED_GAIN'
      ? ({ column: 'proposal.expected_gain', type: 'numeric' } as const)
      : ({ column: 'proposal.recommendation_id', type: 'bigint' } as const)),
    idColumn: 'proposal.recommendation_id',
    direction,
  };
  const from = `price_proposal proposal JOIN recommendation ON recommendation.id = proposal.recommendation_id
    ${filter.categoryIds == null ? '' : 'JOIN product_variant variant ON variant.id = proposal.variant_id JOIN product ON product.id = variant.product_id'}`;
  return listPage(sql, { columns: 'proposal.recommendation_id AS id', from, conditions, order }, page);
}

/** What is kept of recommendations, in no order. */
export function listProposals(sql: Sql, recommendationIds: readonly number[]): Promise<ProposalRow[]> {
  return sql.query(
    `SELECT recommendation_id AS "recommendationId", variant_id AS "variantId", job_id AS "jobId",
            expected_gain AS "expectedGain", price_id AS "priceId", previous_list_price AS "previousListPrice"
       FROM price_proposal WHERE recommendation_id = ANY($1::int[])`,
    [recommendationIds],
  );
}

/** Keeps what is filtered and sorted by of the open proposals about variants that do not have it yet. */
export async function insertProposals(
  tx: Sql,
  variantIds: readonly number[],
  jobId: number | null,
): Promise<number> {
  const rows = await tx.query(
    `INSERT INTO price_proposal (recommendation_id, variant_id, job_id, expected_gain)
     SELECT id, subject_id, $2, (facts->>'expectedGain')::numeric FROM recommendation
      WHERE kind = 'PRICE' AND subject_id = ANY($1::int[]) AND status = 'PROPOSED'
     ON CONFLICT (recommendation_id) DO NOTHING RETURNING 1`,
    [variantIds, jobId],
  );
  return rows.length;
}

/** Prices that people have accepted or declined for variants while the price was the same: they are not proposed again. */
export function listDecided(
  tx: Sql,
  variantIds: readonly number[],
): Promise<
  { readonly variantId: number; readonly currentPrice: string; readonly recommendedPrice: string }[]
> {
  return tx.query(
    `SELECT DISTINCT subject_id AS "variantId", terms->>'currentPrice' AS "currentPrice",
            terms->>'recommendedPrice' AS "recommendedPrice"
       FROM recommendation WHERE kind = 'PRICE' AND subject_id = ANY($1::int[]) AND status IN ('ACCEPTED', 'REJECTED')`,
    [variantIds],
  );
}

/** Row ids of the recommendations that a target names, with their variants; of a run only those in a state. */
export function listTargets(
  sql: Sql,
  { recommendationIds, runId }: Target,
  status: RecommendationStatus,
): Promise<{ readonly id: number; readonly variantId: number }[]> {
  return sql.query(
    `SELECT recommendation.id, recommendation.subject_id AS "variantId" FROM recommendation
       ${runId === null ? '' : 'JOIN price_proposal proposal ON proposal.recommendation_id = recommendation.id'}
      WHERE recommendation.kind = 'PRICE' AND ${
        runId === null
          ? 'recommendation.id = ANY($1::int[])'
          : 'proposal.job_id = $1::int AND recommendation.status = $2::text::recommendation_status'
      } ORDER BY recommendation.id`,
    runId === null ? [recommendationIds] : [runId, status],
  );
}

/** Notes which entries of the price history carried recommendations out, and the regular prices before. */
export async function noteApplied(
  tx: Sql,
  applied: readonly {
    readonly recommendationId: number;
    readonly priceId: number;
    readonly previousListPrice: string;
  }[],
): Promise<void> {
  if (applied.length === 0) return;
  await tx.query(
    `UPDATE price_proposal proposal SET price_id = applied."priceId", previous_list_price = applied."previousListPrice"
       FROM jsonb_to_recordset($1::jsonb)
            AS applied("recommendationId" int, "priceId" int, "previousListPrice" numeric)
      WHERE proposal.recommendation_id = applied."recommendationId"`,
    [JSON.stringify(applied)],
  );
}

/** Variants of categories, of a list, or all, those of a category together; null = any. */
export async function listPriceableIds(
  sql: Sql,
  {
    categoryIds,
    variantIds,
  }: { readonly categoryIds: readonly number[] | null; readonly variantIds: readonly number[] | null },
): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT variant.id FROM product_variant variant JOIN product ON product.id = variant.product_id
      WHERE ($1::int[] IS NULL OR product.category_id = ANY($1)) AND ($2::int[] IS NULL OR variant.id = ANY($2))
      ORDER BY product.category_id, variant.id`,
    [categoryIds, variantIds],
  );
  return rows.map(({ id }) => id);
}

/** Those of these categories and variants that exist. */
export async function listKnownIds(
  sql: Sql,
  given: { readonly categoryIds: readonly number[]; readonly variantIds: readonly number[] },
): Promise<Record<'categoryIds' | 'variantIds', ReadonlySet<number>>> {
  const rows = await sql.query<{ id: number; isCategory: boolean }>(
    `SELECT id, TRUE AS "isCategory" FROM category WHERE id = ANY($1::int[])
      UNION ALL SELECT id, FALSE FROM product_variant WHERE id = ANY($2::int[])`,
    [given.categoryIds, given.variantIds],
  );
  const idsOf = (isCategory: boolean) =>
    new Set(rows.filter((row) => row.isCategory === isCategory).map(({ id }) => id));
  return { categoryIds: idsOf(true), variantIds: idsOf(false) };
}

/** Whether a job is a run that recommends prices. */
export async function isRun(sql: Sql, jobId: number): Promise<boolean> {
  const rows = await sql.query(`SELECT 1 FROM job WHERE id = $1 AND kind = 'PRICE_RECOMMENDATIONS'`, [jobId]);
  return rows.length > 0;
}
