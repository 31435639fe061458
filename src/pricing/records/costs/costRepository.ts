import type { Sql } from '../../../database/sql.ts';
import type { UnitCostSource } from '../../../generated/graphql.ts';

/** What a unit cost from a day on; the amount is a decimal as text. */
export type UnitCostRow = {
  readonly variantId: number;
  readonly cost: string;
  readonly currencyCode: string;
  /** Null for a supplier's offer, which tells no day. */
  readonly validFrom: string | null;
  readonly source: UnitCostSource;
  readonly reference: string | null;
  readonly actor: string | null;
};
/** A cost to be written; the id is a row id, the day 'YYYY-MM-DD'. */
export type CostLine = {
  readonly variantId: number;
  readonly cost: string;
  readonly currencyCode: string;
  readonly validFrom: string;
};
/** Where costs are known from. */
export type CostOrigin = {
  readonly source: Exclude<UnitCostSource, 'OFFER'>;
  readonly reference: string | null;
  readonly actor: string | null;
};

const lines = `jsonb_to_recordset($1::jsonb) AS line("variantId" int, cost numeric, "currencyCode" text, "validFrom" date)`;

/** Adds costs to the history: one statement. */
export async function insertCosts(tx: Sql, costs: readonly CostLine[], origin: CostOrigin): Promise<void> {
  await tx.query(
    `INSERT INTO unit_cost (variant_id, valid_from, cost, currency_code, source, reference, actor)
     SELECT line."variantId", line."validFrom", line.cost, line."currencyCode", $2, $3, $4
       FROM ${lines} ORDER BY line."variantId", line."validFrom"`,
    [JSON.stringify(costs), origin.source, origin.reference, origin.actor],
  );
}

/** The same for those costs that are in their variant's currency and another than the one that holds by then. */
export async function insertChangedCosts(
  tx: Sql,
  costs: readonly CostLine[],
  origin: CostOrigin,
): Promise<void> {
  await tx.query(
    `INSERT INTO unit_cost (variant_id, valid_from, cost, currency_code, source, reference, actor)
     SELECT line."variantId", line."validFrom", line.cost, line."currencyCode", $2, $3, $4
       FROM ${lines}
       JOIN product_variant variant ON variant.id = line."variantId" AND variant.currency_code = line."currencyCode"
       LEFT JOIN LATERAL (
         SELECT cost FROM unit_cost WHERE variant_id = variant.id AND valid_from <= line."validFrom"
          ORDER BY valid_from DESC, id DESC LIMIT 1
       ) known ON TRUE
      WHERE known.cost IS DISTINCT FROM line.cost ORDER BY variant.id`,
    [JSON.stringify(costs), origin.source, origin.reference, origin.actor],
  );
}

/**
 * The cost that holds on a day of each variant: the last that was recorded or received by then; where there is none, what the
 * preferred supplier asks today, or the cheapest, of those whose offer is in the variant's currency. A variant that has
 * neither has no row. One statement.
 */
export function listCostsOn(sql: Sql, variantIds: readonly number[], day: string): Promise<UnitCostRow[]> {
  return sql.query(
    `SELECT variant.id AS "variantId", variant.currency_code AS "currencyCode", known.cost,
            known."validFrom", known.source, known.reference, known.actor
       FROM product_variant variant
      CROSS JOIN LATERAL (
        (SELECT 1 AS place, cost, valid_from AS "validFrom", source, reference, actor
           FROM unit_cost WHERE variant_id = variant.id AND valid_from <= $2::date
          ORDER BY valid_from DESC, id DESC LIMIT 1)
        UNION ALL
        (SELECT 2, offer.unit_cost, NULL, 'OFFER', supplier.code, NULL
           FROM supplier_offer offer JOIN supplier ON supplier.id = offer.supplier_id
          WHERE offer.variant_id = variant.id AND offer.currency_code = variant.currency_code
          ORDER BY offer.is_preferred DESC, offer.unit_cost, offer.id LIMIT 1)
        ORDER BY place LIMIT 1
      ) known
      WHERE variant.id = ANY($1::int[])`,
    [variantIds, day],
  );
}

/** What each variant cost, oldest first, at most the latest 1,000 entries: one statement. */
export function listCostsByVariant(sql: Sql, variantIds: readonly number[]): Promise<UnitCostRow[]> {
  return sql.query(
    `SELECT change.variant_id AS "variantId", change.cost, change.currency_code AS "currencyCode",
            change.valid_from AS "validFrom", change.source, change.reference, change.actor
       FROM unnest($1::int[]) AS wanted(variant_id)
      CROSS JOIN LATERAL (
        SELECT * FROM unit_cost WHERE variant_id = wanted.variant_id ORDER BY valid_from DESC, id DESC LIMIT 1000
      ) change ORDER BY change.variant_id, change.valid_from, change.id`,
    [variantIds],
  );
}
