import type { Sql } from '../database/sql.ts';
import type { RecommendationStatus } from '../generated/graphql.ts';

/** What an order needs to know of a reorder proposal. */
export type OrderedProposal = {
  readonly id: number;
  readonly status: RecommendationStatus;
  readonly variantId: number;
  readonly warehouseId: number;
  readonly supplierId: number;
  readonly quantity: number;
};

/** What purchasing needs of replenishment; both functions work in the caller's transaction. */
export type ProposalOrders = {
  /** Locks the proposals that exist, in whatever state, by id: the caller checks that all are ACCEPTED. */
  lockAccepted(tx: Sql, ids: readonly number[]): Promise<OrderedProposal[]>;
  /** Marks locked, accepted proposals APPLIED by a purchase order. */
  markApplied(tx: Sql, ids: readonly number[], purchaseOrderId: number, now: Date): Promise<void>;
};
