import { Conditions, type DateFilter, type NumberFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { DemandDuringLeadTime, RecommendationStatus } from '../generated/graphql.ts';

export type ProposalRow = PageRow & {
  readonly variantId: number;
  readonly warehouseId: number;
  readonly supplierOfferId: number;
  readonly status: RecommendationStatus;
  readonly quantity: number;
  readonly reorderPoint: number;
  readonly orderUpTo: number;
  readonly safetyStock: number;
  readonly leadTimeDays: number;
  readonly serviceLevel: number;
  readonly demandDuringLeadTime: DemandDuringLeadTime;
  readonly formula: string;
  readonly inputs: unknown;
  readonly inputHash: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly purchaseOrderId: number | null;
};
export type ReorderProposalConnection = Connection<ProposalRow>;
/** A proposal before it is stored. */
export type NewProposal = Omit<
  ProposalRow,
  'id' | 'sortKey' | 'status' | 'decidedAt' | 'actor' | 'reason' | 'purchaseOrderId'
>;
/** What narrows a list of proposals; ids are row ids. */
export type ProposalFilter = {
  readonly statuses?: readonly RecommendationStatus[] | null | undefined;
  readonly supplierId?: number | null | undefined;
  readonly variantIds?: readonly number[] | null | undefined;
  readonly quantity?: NumberFilter | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};

const columns = `proposal.id, proposal.variant_id AS "variantId", proposal.warehouse_id AS "warehouseId",
  proposal.supplier_offer_id AS "supplierOfferId", proposal.status, proposal.quantity,
  proposal.reorder_point AS "reorderPoint", proposal.order_up_to AS "orderUpTo",
  proposal.safety_stock AS "safetyStock", proposal.lead_time_days AS "leadTimeDays",
  proposal.service_level AS "serviceLevel", proposal.demand_during_lead_time AS "demandDuringLeadTime",
  proposal.formula, proposal.inputs, proposal.input_hash AS "inputHash", proposal.model_name AS "modelName",
  proposal.model_version AS "modelVersion", proposal.created_at AS "createdAt", proposal.decided_at AS "decidedAt",
  proposal.actor, proposal.reason, proposal.purchase_order_id AS "purchaseOrderId"`;

/** One page of proposals, by id. */
export function listProposals(
  sql: Sql,
  filter: ProposalFilter,
  page: PageArguments,
): Promise<ReorderProposalConnection> {
  const conditions = new Conditions();
  conditions.anyOf('proposal.status::text', 'text', filter.statuses, 'filter.statuses');
  conditions.anyOf('proposal.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  conditions.number('proposal.quantity', filter.quantity);
  conditions.date('proposal.created_at', filter.createdAt);
  if (filter.supplierId !== null && filter.supplierId !== undefined)
    conditions.add(
      filter.supplierId,
      (p) =>
        `EXISTS (SELECT 1 FROM supplier_offer offer WHERE offer.id = proposal.supplier_offer_id AND offer.supplier_id = ${p}::int)`,
    );
  const order = {
    scope: 'reorderProposal',
    column: 'proposal.id',
    type: 'bigint',
    idColumn: 'proposal.id',
    direction: 'ASC',
  } as const;
  return listPage(sql, { columns, from: 'reorder_proposal proposal', conditions, order }, page);
}

export function listProposalsById(sql: Sql, ids: readonly number[]): Promise<ProposalRow[]> {
  return sql.query(
    `SELECT ${columns}, proposal.id::text AS "sortKey" FROM reorder_proposal proposal WHERE proposal.id = ANY($1::int[])`,
    [ids],
  );
}

/** Withdraws the proposals of these variants that nobody has decided on, so that new ones take their place. */
export async function deleteOpenProposals(sql: Sql, variantIds: readonly number[]): Promise<void> {
  await sql.query(`DELETE FROM reorder_proposal WHERE status = 'PROPOSED' AND variant_id = ANY($1::int[])`, [
    variantIds,
  ]);
}

/** Stores proposals as PROPOSED; yields their ids in order. */
export async function insertProposals(sql: Sql, proposals: readonly NewProposal[]): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `INSERT INTO reorder_proposal (variant_id, warehouse_id, supplier_offer_id, quantity, reorder_point, order_up_to,
       safety_stock, lead_time_days, service_level, demand_during_lead_time, formula, inputs, input_hash, model_name,
       model_version, created_at)
     SELECT "variantId", "warehouseId", "supplierOfferId", quantity, "reorderPoint", "orderUpTo", "safetyStock",
            "leadTimeDays", "serviceLevel", "demandDuringLeadTime", formula, inputs, "inputHash", "modelName",
            "modelVersion", "createdAt"
       FROM jsonb_to_recordset($1::jsonb) AS record("variantId" int, "warehouseId" int, "supplierOfferId" int,
            quantity int, "reorderPoint" float8, "orderUpTo" float8, "safetyStock" float8, "leadTimeDays" float8,
            "serviceLevel" float8, "demandDuringLeadTime" jsonb, formula text, inputs jsonb, "inputHash" text,
            "modelName" text, "modelVersion" text, "createdAt" timestamptz)
     RETURNING id`,
    [JSON.stringify(proposals)],
  );
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Locks proposals by id, so that two decisions cannot cross; yields their states. */
export function lockProposals(
  tx: Sql,
  ids: readonly number[],
): Promise<{ readonly id: number; readonly status: RecommendationStatus }[]> {
  return tx.query(
    'SELECT id, status FROM reorder_proposal WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE',
    [ids],
  );
}

/** Writes a decision on proposals that the caller has locked. */
export async function decideProposals(
  tx: Sql,
  ids: readonly number[],
  decision: {
    readonly status: RecommendationStatus;
    readonly actor: string;
    readonly reason: string | null;
    readonly now: Date;
  },
): Promise<void> {
  await tx.query(
    `UPDATE reorder_proposal SET status = $2::recommendation_status, actor = $3, reason = $4, decided_at = $5
      WHERE id = ANY($1::int[])`,
    [ids, decision.status, decision.actor, decision.reason, decision.now],
  );
}

/**
 * The warehouse that sold the most units of each variant in its last 90 reported days; the first with a level where none
 * sold, and the one that reported last where none has a level.
 */
export async function listBusiestWarehouses(
  sql: Sql,
  variantIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await sql.query<{ variantId: number; warehouseId: number }>(
    `SELECT DISTINCT ON (wanted.id) wanted.id AS "variantId",
            COALESCE(level.warehouse_id, (
              SELECT id FROM warehouse WHERE sales_through IS NOT NULL ORDER BY sales_through DESC, id LIMIT 1
            )) AS "warehouseId"
       FROM unnest($1::int[]) AS wanted(id)
       LEFT JOIN (inventory_level level JOIN warehouse ON warehouse.id = level.warehouse_id)
              ON level.variant_id = wanted.id
       LEFT JOIN LATERAL (
         SELECT sum(units) AS units FROM daily_sales
          WHERE variant_id = level.variant_id AND warehouse_id = level.warehouse_id
            AND date > warehouse.sales_through - 90
       ) sold ON true
      ORDER BY wanted.id, coalesce(sold.units, 0) DESC, level.warehouse_id`,
    [variantIds],
  );
  return new Map(rows.map(({ variantId, warehouseId }) => [variantId, warehouseId]));
}

/** Ids of the variants behind `afterId` that have a supplier's offer, by id. */
export async function listReorderableVariantIds(
  sql: Sql,
  window: { readonly among: readonly number[] | null; readonly afterId: number; readonly limit: number },
): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT id FROM product_variant variant
      WHERE id > $2 AND ($1::int[] IS NULL OR id = ANY($1::int[]))
        AND EXISTS (SELECT 1 FROM supplier_offer WHERE variant_id = variant.id)
      ORDER BY id LIMIT $3`,
    [window.among, window.afterId, window.limit],
  );
  return rows.map(({ id }) => id);
}
