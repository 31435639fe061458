import type { Clock } from '../clock.ts';
import { manyByKey, oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import { mapDone, type Outcome } from '../mutationOutcome.ts';
import { type CancelInput, cancelOrder } from './cancelOrder.ts';
import { type CreateDependencies, createOrder } from './createOrder.ts';
import type { CreateInput } from './orderContent.ts';
import { setExpedited } from './orderRepository.ts';
import { type ReceiveDependencies, type ReceiveInput, receiveOrder } from './receiveOrder.ts';
import * as repository from './repository.ts';

export type { OrderedProposal, ProposalOrders } from './proposalOrders.ts';

export type PurchasingService = ReturnType<typeof makePurchasingService>;
type Dependencies = CreateDependencies &
  ReceiveDependencies & { readonly database: Pick<Database, 'sql'>; readonly clock: Clock };

/** Makes the use cases of purchasing: suppliers, their offers and purchase orders. */
export function makePurchasingService({ database, clock, inventory, proposals, costs }: Dependencies) {
  return {
    ...makeReads(database.sql),
    ...makeChanges(database.sql, clock, { inventory, proposals, costs }),
    /** Marks an order as one that the supplier was asked to hurry, null = no longer, inside the caller's transaction. */
    setExpedited,
  };
}

function makeReads(sql: Sql) {
  return {
    /** One page of suppliers, by id. */
    listSuppliers: (page: PageArguments) => repository.listSuppliers(sql, page),
    /** One page of purchase orders. */
    listPurchaseOrders: (
      filter: repository.PurchaseOrderListFilter,
      order: repository.PurchaseOrderOrder,
      page: PageArguments,
    ) => repository.listPurchaseOrders(sql, filter, order, page),
    /** Suppliers in key order, null where unknown. */
    findSuppliers: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listSuppliersById(sql, ids), (row) => row.id),
    /** Offers in key order, null where unknown. */
    findOffers: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listOffersById(sql, ids), (row) => row.id),
    /** Offers of each variant in key order: the preferred one first, then the cheapest. */
    listOffersOfVariants: async (variantIds: readonly number[]) =>
      manyByKey(variantIds, await repository.listOffersByVariant(sql, variantIds), (row) => row.variantId),
    /** Purchase orders in key order, null where unknown. */
    findPurchaseOrders: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listOrdersById(sql, ids), (row) => row.id),
    /** Lines of each order, in key order. */
    listLinesOfOrders: async (orderIds: readonly number[]) =>
      manyByKey(orderIds, await repository.listLinesByOrder(sql, orderIds), (row) => row.purchaseOrderId),
    /** Sum of quantity × unit cost of each order, in key order, exact decimals as text. */
    sumCostOfOrders: async (orderIds: readonly number[]) =>
      oneByKey(orderIds, await repository.sumCostByOrder(sql, orderIds), (row) => row.id).map(
        (row) => row?.cost ?? '0',
      ),
  };
}

function makeChanges(sql: Sql, clock: Clock, dependencies: CreateDependencies & ReceiveDependencies) {
  const { inventory } = dependencies;
  const change = async <Code extends string>(
    idempotency: Idempotency | undefined,
    work: (tx: Sql, now: Date) => Promise<Outcome<repository.PurchaseOrderRow, Code>>,
  ) => mapDone(await inIdempotentTransaction(sql, idempotency, (tx) => work(tx, clock())), reviveOrder);
  return {
    /** Orders from a supplier, by lines or by accepted proposals. */
    createOrder: (input: CreateInput, idempotency?: Idempotency) =>
      change(idempotency, (tx, now) => createOrder(tx, input, now, dependencies)),
    /** Receives all or part of an order. */
    receiveOrder: (input: ReceiveInput, idempotency?: Idempotency) =>
      change(idempotency, (tx, now) => receiveOrder(tx, input, now, dependencies)),
    /** Calls off what has not been received of an order. */
    cancelOrder: (input: CancelInput, idempotency?: Idempotency) =>
      change(idempotency, (tx, now) => cancelOrder(tx, input, now, inventory)),
  };
}

/** A replayed outcome is JSON: its times are texts. */
function reviveOrder(order: repository.PurchaseOrderRow): repository.PurchaseOrderRow {
  const { orderedAt, expeditedAt } = order;
  return {
    ...order,
    orderedAt: new Date(orderedAt),
    expeditedAt: expeditedAt === null ? null : new Date(expeditedAt),
  };
}
