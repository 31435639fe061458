import { Conditions, type DateFilter } from '../../../database/conditions.ts';
import type { Connection } from '../../../database/connection.ts';
import { listPage } from '../../../database/listPage.ts';
import type { PageArguments, PageRow } from '../../../database/page.ts';
import type { Sql } from '../../../database/sql.ts';

/** What a competitor asked for a variant; amounts are decimals as text. */
export type CompetitorPriceRow = PageRow & {
  readonly variantId: number;
  readonly competitor: string;
  readonly price: string;
  readonly currencyCode: string;
  readonly source: string;
  readonly observedAt: Date;
};
export type CompetitorPriceConnection = Connection<CompetitorPriceRow>;
/** An observation to be stored; the id is a row id, the moment ISO 8601. */
export type CompetitorObservation = {
  readonly variantId: number;
  readonly competitor: string;
  readonly price: string;
  readonly currencyCode: string;
  readonly observedAt: string;
};
/** What narrows a list of observations; ids are row ids. */
export type CompetitorPriceFilter = {
  readonly variantIds?: readonly number[] | null | undefined;
  readonly competitors?: readonly string[] | null | undefined;
  readonly observedAt?: DateFilter | null | undefined;
};
/** Observations that were new, and those that took the place of another of the same moment. */
export type RecordedCount = { readonly added: number; readonly replaced: number };
/** A variant with what an observation of it must fit. */
export type KnownVariantRow = { readonly id: number; readonly sku: string; readonly currencyCode: string };

const columns = `observed.id, observed.variant_id AS "variantId", competitor.name AS competitor, observed.price,
  observed.currency_code AS "currencyCode", observed.source, observed.observed_at AS "observedAt"`;

/**
 * Stores observations in one statement; one of the same variant, competitor and moment is replaced. No two of them may be of
 * the same.
 */
export async function upsertCompetitorPrices(
  tx: Sql,
  observations: readonly CompetitorObservation[],
  source: string,
): Promise<RecordedCount> {
  const rows = await tx.query<{ isNew: boolean }>(
    `WITH line AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS line("variantId" int, competitor text, "observedAt" timestamptz, price numeric, "currencyCode" text)
     ), created AS (
       INSERT INTO competitor (name)
       SELECT DISTINCT competitor FROM line
        WHERE NOT EXISTS (SELECT FROM competitor WHERE competitor.name = line.competitor) ORDER BY competitor
       ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, name
     ), known AS (
       SELECT id, name FROM created UNION ALL
       SELECT id, name FROM competitor WHERE name IN (SELECT competitor FROM line)
     )
     INSERT INTO competitor_price (variant_id, competitor_id, observed_at, price, currency_code, source)
     SELECT line."variantId", known.id, line."observedAt", line.price, line."currencyCode", $2
       FROM line JOIN known ON known.name = line.competitor
      ORDER BY line."variantId", known.id, line."observedAt"
     ON CONFLICT (variant_id, competitor_id, observed_at) DO UPDATE
        SET price = excluded.price, currency_code = excluded.currency_code, source = excluded.source
      WHERE (competitor_price.price, competitor_price.source) IS DISTINCT FROM (excluded.price, excluded.source)
     RETURNING xmax = 0 AS "isNew"`,
    [JSON.stringify(observations), source],
  );
  const added = rows.filter(({ isNew }) => isNew).length;
  return { added, replaced: rows.length - added };
}

/** The variants that have these stock-keeping units. */
export function listVariantsBySku(sql: Sql, skus: readonly string[]): Promise<KnownVariantRow[]> {
  return sql.query(
    'SELECT id, sku, currency_code AS "currencyCode" FROM product_variant WHERE sku = ANY($1::text[])',
    [skus],
  );
}

/** The latest observation of each competitor for each variant, by the competitors' names: one statement. */
export function listLatestByVariant(sql: Sql, variantIds: readonly number[]): Promise<CompetitorPriceRow[]> {
  return sql.query(
    `SELECT ${columns}, observed.observed_at::text AS "sortKey"
       FROM unnest($1::int[]) AS wanted(variant_id)
      CROSS JOIN competitor
      CROSS JOIN LATERAL (
        SELECT * FROM competitor_price
         WHERE variant_id = wanted.variant_id AND competitor_id = competitor.id ORDER BY observed_at DESC LIMIT 1
      ) observed ORDER BY observed.variant_id, competitor.name`,
    [variantIds],
  );
}

/** Observations by row id, in no order. */
export function listCompetitorPricesById(sql: Sql, ids: readonly number[]): Promise<CompetitorPriceRow[]> {
  return sql.query(
    `SELECT ${columns}, observed.observed_at::text AS "sortKey"
       FROM competitor_price observed JOIN competitor ON competitor.id = observed.competitor_id
      WHERE observed.id = ANY($1::int[])`,
    [ids],
  );
}

/** One page of observations, the latest first. */
export function listCompetitorPrices(
  sql: Sql,
  filter: CompetitorPriceFilter,
  page: PageArguments,
): Promise<CompetitorPriceConnection> {
  const conditions = new Conditions();
  conditions.anyOf('observed.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  conditions.anyOf('competitor.name', 'text', filter.competitors, 'filter.competitors');
  conditions.date('observed.observed_at', filter.observedAt);
  const order = {
    scope: 'competitorPrice',
    column: 'observed.observed_at',
    type: 'timestamptz',
    idColumn: 'observed.id',
    direction: 'DESC',
  } as const;
  const from = 'competitor_price observed JOIN competitor ON competitor.id = observed.competitor_id';
  return listPage(sql, { columns, from, conditions, order }, page);
}
