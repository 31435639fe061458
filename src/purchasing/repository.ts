import { Conditions, type DateFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageOrder, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { PurchaseOrderStatus } from '../generated/graphql.ts';

export type SupplierRow = {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly countryCode: string | null;
};
export type SupplierOfferRow = {
  readonly id: number;
  readonly supplierId: number;
  readonly variantId: number;
  /** Amount in the currency's main unit, an exact decimal as text. */
  readonly unitCost: string;
  readonly currencyCode: string;
  readonly leadTimeDaysMean: number;
  readonly leadTimeDaysDeviation: number;
  readonly minimumOrderQuantity: number;
  readonly packSize: number;
  readonly isPreferred: boolean;
};
export type PurchaseOrderRow = {
  readonly id: number;
  readonly number: string;
  readonly supplierId: number;
  readonly warehouseId: number;
  readonly status: PurchaseOrderStatus;
  readonly currencyCode: string;
  readonly orderedAt: Date;
  /** 'YYYY-MM-DD' */
  readonly expectedOn: string | null;
  /** When the supplier was asked to hurry; null = not. */
  readonly expeditedAt: Date | null;
  /** The lines as a mutation left them, so that a replay shows the same; loaded where absent. */
  readonly lines?: readonly PurchaseOrderLineRow[];
};
export type PurchaseOrderLineRow = {
  readonly purchaseOrderId: number;
  readonly variantId: number;
  readonly quantity: number;
  readonly receivedQuantity: number;
  /** Amount in the currency's main unit, an exact decimal as text. */
  readonly unitCost: string;
  readonly currencyCode: string;
};
export type SupplierConnection = Connection<SupplierRow>;
export type PurchaseOrderConnection = Connection<PurchaseOrderRow>;

/** What narrows a list of purchase orders; ids are row ids. */
export type PurchaseOrderListFilter = {
  readonly statuses?: readonly PurchaseOrderStatus[] | null | undefined;
  readonly supplierId?: number | null;
  readonly warehouseId?: number | null;
  readonly orderedAt?: DateFilter | null | undefined;
};
export type PurchaseOrderOrder = { readonly field: 'ID' | 'ORDERED_AT'; readonly direction: 'ASC' | 'DESC' };

const supplierColumns = 'supplier.id, supplier.code, supplier.name, supplier.country_code AS "countryCode"';

/** Columns of a `SupplierOfferRow`; the table must be called `offer`. */
export const offerColumns = `offer.id, offer.supplier_id AS "supplierId", offer.variant_id AS "variantId",
  offer.unit_cost AS "unitCost", offer.currency_code AS "currencyCode",
  offer.lead_time_days_mean AS "leadTimeDaysMean", offer.lead_time_days_deviation AS "leadTimeDaysDeviation",
  offer.minimum_order_quantity AS "minimumOrderQuantity", offer.pack_size AS "packSize",
  offer.is_preferred AS "isPreferred"`;

/** Columns of a `PurchaseOrderRow` without lines; the table must be called `orders`. */
export const orderColumns = `orders.id, orders.number, orders.supplier_id AS "supplierId",
  orders.warehouse_id AS "warehouseId", orders.status, orders.currency_code AS "currencyCode",
  orders.ordered_at AS "orderedAt", orders.expected_on AS "expectedOn", orders.expedited_at AS "expeditedAt"`;

/** One page of suppliers, by id. */
export function listSuppliers(sql: Sql, page: PageArguments): Promise<SupplierConnection> {
  const order = orderBy('supplier', { column: 'id', type: 'bigint' }, 'ASC');
  const conditions = new Conditions();
  return listPage<SupplierRow & PageRow>(
    sql,
    { columns: supplierColumns, from: 'supplier', conditions, order },
    page,
  );
}

/** One page of purchase orders. */
export function listPurchaseOrders(
  sql: Sql,
  filter: PurchaseOrderListFilter,
  { field, direction }: PurchaseOrderOrder,
  page: PageArguments,
): Promise<PurchaseOrderConnection> {
  const conditions = new Conditions();
  const { statuses, supplierId, warehouseId } = filter;
  if (statuses !== null && statuses !== undefined)
    conditions.add(
      [...new Set(statuses)],
      (p) => `orders.status = ANY(${p}::text[]::purchase_order_status[])`, // a driver need not know our enum
    );
  if (supplierId !== null && supplierId !== undefined)
    conditions.add(supplierId, (p) => `orders.supplier_id = ${p}::int`);
  if (warehouseId !== null && warehouseId !== undefined)
    conditions.add(warehouseId, (p) => `orders.warehouse_id = ${p}::int`);
  conditions.date('orders.ordered_at', filter.orderedAt);
  const order = orderBy('orders', sortColumns[field], direction);
  return listPage<PurchaseOrderRow & PageRow>(
    sql,
    { columns: orderColumns, from: 'purchase_order orders', conditions, order },
    page,
  );
}

export function listSuppliersById(sql: Sql, ids: readonly number[]): Promise<SupplierRow[]> {
  return sql.query(`SELECT ${supplierColumns} FROM supplier WHERE id = ANY($1::int[])`, [ids]);
}

export function listOffersById(sql: Sql, ids: readonly number[]): Promise<SupplierOfferRow[]> {
  return sql.query(`SELECT ${offerColumns} FROM supplier_offer offer WHERE id = ANY($1::int[])`, [ids]);
}

/** Offers of each variant: the preferred one first, then the cheapest. */
export function listOffersByVariant(sql: Sql, variantIds: readonly number[]): Promise<SupplierOfferRow[]> {
  return sql.query(
    `SELECT ${offerColumns} FROM supplier_offer offer WHERE variant_id = ANY($1::int[])
      ORDER BY variant_id, is_preferred DESC, unit_cost, id`,
    [variantIds],
  );
}

export function listOrdersById(sql: Sql, ids: readonly number[]): Promise<PurchaseOrderRow[]> {
  return sql.query(`SELECT ${orderColumns} FROM purchase_order orders WHERE id = ANY($1::int[])`, [ids]);
}

/** Lines of each order, in order of entry. */
export function listLinesByOrder(sql: Sql, orderIds: readonly number[]): Promise<PurchaseOrderLineRow[]> {
  return sql.query(
    `SELECT line.purchase_order_id AS "purchaseOrderId", line.variant_id AS "variantId", line.quantity,
            line.received_quantity AS "receivedQuantity", line.unit_cost AS "unitCost",
            orders.currency_code AS "currencyCode"
       FROM purchase_order_line line JOIN purchase_order orders ON orders.id = line.purchase_order_id
      WHERE line.purchase_order_id = ANY($1::int[]) ORDER BY line.purchase_order_id, line.id`,
    [orderIds],
  );
}

/** Sum of quantity × unit cost of each order, exact decimals as text. */
export function sumCostByOrder(
  sql: Sql,
  orderIds: readonly number[],
): Promise<{ readonly id: number; readonly cost: string }[]> {
  return sql.query(
    `SELECT purchase_order_id AS id, sum(quantity * unit_cost) AS cost
       FROM purchase_order_line WHERE purchase_order_id = ANY($1::int[]) GROUP BY purchase_order_id`,
    [orderIds],
  );
}

const sortColumns = {
  ID: { column: 'id', type: 'bigint' },
  ORDERED_AT: { column: 'ordered_at', type: 'timestamptz' },
} as const satisfies Record<PurchaseOrderOrder['field'], Pick<PageOrder, 'column' | 'type'>>;

function orderBy(
  table: 'supplier' | 'orders',
  { column, type }: Pick<PageOrder, 'column' | 'type'>,
  direction: 'ASC' | 'DESC',
): PageOrder {
  return {
    scope: `${table}.${column}.${direction}`,
    column: `${table}.${column}`,
    type,
    idColumn: `${table}.id`,
    direction,
  };
}
