import type { ProposalOrders } from '../purchasing/service.ts';

/** The proposals' side of ordering, over the table `reorder_proposal`: what purchasing asks of replenishment. */
export const proposalOrders: ProposalOrders = {
  lockAccepted: (tx, ids) =>
    tx.query(
      `SELECT proposal.id, proposal.status, proposal.variant_id AS "variantId",
              proposal.warehouse_id AS "warehouseId", offer.supplier_id AS "supplierId", proposal.quantity
         FROM reorder_proposal proposal JOIN supplier_offer offer ON offer.id = proposal.supplier_offer_id
        WHERE proposal.id = ANY($1::int[]) ORDER BY proposal.id FOR UPDATE OF proposal`,
      [ids],
    ),
  async markApplied(tx, ids, purchaseOrderId, now) {
    const applied = await tx.query(
      `UPDATE reorder_proposal SET status = 'APPLIED', purchase_order_id = $2::int, decided_at = $3::timestamptz
        WHERE id = ANY($1::int[]) AND status = 'ACCEPTED' RETURNING 1`,
      [ids, purchaseOrderId, now],
    );
    if (applied.length !== ids.length)
      throw new Error(`All ${ids.length} locked proposals must become APPLIED, but ${applied.length} did.`);
  },
};
