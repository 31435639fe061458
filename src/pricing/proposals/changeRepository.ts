import { Conditions, type DateFilter } from '../../database/conditions.ts';
import type { Connection } from '../../database/connection.ts';
import { listPage } from '../../database/listPage.ts';
import type { PageArguments, PageRow } from '../../database/page.ts';
import type { Sql } from '../../database/sql.ts';
import type { VariantPriceSource } from '../../generated/graphql.ts';
import { toGlobalId } from '../../globalId.ts';

/** Row ids of entries of the price history in the order of a list. */
export type PriceIdConnection = Connection<PageRow>;
/** What narrows a list of changes of prices; ids are row ids. */
export type ChangeFilter = {
  readonly variantIds?: readonly number[] | null | undefined;
  readonly sources?: readonly VariantPriceSource[] | null | undefined;
  readonly jobId?: number | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};

/** One page of ids of what changed prices, the latest first. */
export async function listChangeIds(
  sql: Sql,
  { variantIds, sources, jobId, createdAt }: ChangeFilter,
  page: PageArguments,
): Promise<PriceIdConnection> {
  const conditions = new Conditions();
  conditions.add('EFFECTIVE', (p) => `price.status = ${p}`);
  conditions.anyOf('price.variant_id', 'int', variantIds, 'filter.variantIds');
  conditions.anyOf('price.source', 'text', sources, 'filter.sources');
  if (jobId != null) {
    const references = await listReferencesOfRun(sql, jobId);
    conditions.add(references, (p) => `price.reference = ANY(${p}::text[])`);
    conditions.add(['RECOMMENDATION', 'REVERSAL'], (p) => `price.source = ANY(${p}::text[])`);
  }
  conditions.date('price.created_at', createdAt);
  const order = {
    scope: 'priceChange',
    column: 'price.id',
    type: 'bigint',
    idColumn: 'price.id',
    direction: 'DESC',
  } as const;
  return listPage(sql, { columns: 'price.id', from: 'variant_price price', conditions, order }, page);
}

/** What entries of the price history name that the recommendations of a run caused. */
async function listReferencesOfRun(sql: Sql, jobId: number): Promise<string[]> {
  const rows = await sql.query<{ id: number }>(
    'SELECT recommendation_id AS id FROM price_proposal WHERE job_id = $1',
    [jobId],
  );
  return rows.map(({ id }) => toGlobalId('PriceRecommendation', id));
}
