import type { Sql } from '../src/database/sql.ts';
import { firstDate } from './calendar.ts';
import type { DemoShop } from './demoShop.ts';
import { currencyCode, type RowIds } from './insertCatalogue.ts';

/** Inserts what units cost. */
export async function insertCosts(
  tx: Sql,
  { costs }: Pick<DemoShop, 'costs'>,
  ids: Pick<RowIds, 'variants'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO unit_cost (variant_id, valid_from, cost, currency_code, source, actor)
     SELECT variant, $4::date + day, cost / 100.0, $5, 'RECORDED', 'demo'
       FROM unnest($1::int[], $2::int[], $3::int[]) WITH ORDINALITY AS row(variant, day, cost, place) ORDER BY place`,
    [
      costs.map(({ variant }) => ids.variants[variant]),
      costs.map(({ day }) => day),
      costs.map(({ costCents }) => costCents),
      firstDate,
      currencyCode,
    ],
  );
}
