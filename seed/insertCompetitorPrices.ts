import type { Sql } from '../src/database/sql.ts';
import { firstDate } from './calendar.ts';
import type { DemoShop } from './demoShop.ts';
import { currencyCode, type RowIds } from './insertCatalogue.ts';

/** Inserts competitors and what they asked, seen at six in the morning. */
export async function insertCompetitorPrices(
  tx: Sql,
  { competitorPrices }: Pick<DemoShop, 'competitorPrices'>,
  ids: Pick<RowIds, 'variants'>,
): Promise<void> {
  await tx.query(
    `WITH row AS (
       SELECT * FROM unnest($1::int[], $2::text[], $3::int[], $4::int[]) AS row(variant, competitor, day, price)
     ), created AS (
       INSERT INTO competitor (name) SELECT DISTINCT competitor FROM row ORDER BY competitor RETURNING id, name
     )
     INSERT INTO competitor_price (variant_id, competitor_id, observed_at, price, currency_code, source)
     SELECT variant, created.id, ($5::date + day)::timestamp AT TIME ZONE 'UTC' + INTERVAL '6 hours', price / 100.0, $6, 'demo'
       FROM row JOIN created ON created.name = row.competitor ORDER BY variant, created.id, day`,
    [
      competitorPrices.map(({ variant }) => ids.variants[variant]),
      competitorPrices.map(({ competitor }) => competitor),
      competitorPrices.map(({ day }) => day),
      competitorPrices.map(({ priceCents }) => priceCents),
      firstDate,
      currencyCode,
    ],
  );
}
