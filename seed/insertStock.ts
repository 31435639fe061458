import type { Sql } from '../src/database/sql.ts';
import { dayCount, lastDate, toDate } from './calendar.ts';
import type { DemoShop } from './demoShop.ts';
import { currencyCode, insertInOrder, type RowIds } from './insertCatalogue.ts';
import { type LedgerRow, listLedgerRows } from './openingLedger.ts';

/** Inserts offers, purchase orders and stock; the ledger's sums equal the levels. */
export async function insertStock(tx: Sql, shop: DemoShop, ids: RowIds): Promise<void> {
  await insertOffers(tx, shop, ids);
  await insertOrders(tx, shop, ids);
  const ledger = listLedgerRows(shop);
  await insertMovements(tx, ledger, ids);
  await insertLevels(tx, shop, ledger, ids);
}

async function insertOffers(tx: Sql, { offers }: DemoShop, ids: RowIds): Promise<void> {
  await tx.query(
    `INSERT INTO supplier_offer (supplier_id, variant_id, unit_cost, currency_code, lead_time_days_mean,
                                 lead_time_days_deviation, minimum_order_quantity, pack_size, is_preferred)
     SELECT supplier, variant, cost / 100.0, $9, lead_time, deviation, minimum, pack, preferred
       FROM unnest($1::int[], $2::int[], $3::int[], $4::float8[], $5::float8[], $6::int[], $7::int[], $8::bool[])
            AS row(supplier, variant, cost, lead_time, deviation, minimum, pack, preferred)`,
    [
      offers.map(({ supplier }) => ids.suppliers[supplier]),
      offers.map(({ variant }) => ids.variants[variant]),
      offers.map(({ unitCostCents }) => unitCostCents),
      offers.map(({ leadTimeDays }) => leadTimeDays),
      offers.map(({ deviationDays }) => deviationDays),
      offers.map(({ minimumOrderQuantity }) => minimumOrderQuantity),
      offers.map(({ packSize }) => packSize),
      offers.map(({ isPreferred }) => isPreferred),
      currencyCode,
    ],
  );
}

async function insertOrders(tx: Sql, { orders }: DemoShop, ids: RowIds): Promise<void> {
  const orderIds = await insertInOrder(
    tx,
    `INSERT INTO purchase_order (number, supplier_id, warehouse_id, status, currency_code, ordered_at, expected_on)
     SELECT number, supplier, warehouse, status::purchase_order_status, $7, ordered::timestamptz, expected::date
       FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[])
            WITH ORDINALITY AS row(number, supplier, warehouse, status, ordered, expected, place)
      ORDER BY place RETURNING id`,
    [
      orders.map(({ number }) => number),
      orders.map(({ supplier }) => ids.suppliers[supplier]),
      orders.map(({ warehouse }) => ids.warehouses[warehouse]),
      orders.map(({ lines }) => (lines.some(({ received }) => received > 0) ? 'PARTIALLY_RECEIVED' : 'OPEN')),
      orders.map(({ daysAgo }) => `${toDate(dayCount - 1 - daysAgo)}T09:30:00Z`),
      orders.map(({ expectedInDays }) => toDate(dayCount - 1 + expectedInDays)),
      currencyCode,
    ],
  );
  const lines = orders.flatMap((order, index) =>
    order.lines.map((line) => ({ ...line, orderId: orderIds[index] })),
  );
  await tx.query(
    `INSERT INTO purchase_order_line (purchase_order_id, variant_id, quantity, received_quantity, unit_cost)
     SELECT purchase_order, variant, quantity, received, cost / 100.0
       FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[])
            AS row(purchase_order, variant, quantity, received, cost)`,
    [
      lines.map(({ orderId }) => orderId),
      lines.map(({ variant }) => ids.variants[variant]),
      lines.map(({ quantity }) => quantity),
      lines.map(({ received }) => received),
      lines.map(({ unitCostCents }) => unitCostCents),
    ],
  );
}

async function insertMovements(tx: Sql, ledger: readonly LedgerRow[], ids: RowIds): Promise<void> {
  await tx.query(
    `INSERT INTO inventory_movement (variant_id, warehouse_id, quantity_name, type, delta, balance_after, reason,
                                     reference_document_uri, created_at)
     SELECT variant, warehouse, name::inventory_quantity_name, type::inventory_movement_type, delta, balance, reason,
            document, $9::timestamptz
       FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[])
            WITH ORDINALITY AS row(variant, warehouse, name, type, delta, balance, reason, document, place)
      ORDER BY place`,
    [
      ledger.map(({ variant }) => ids.variants[variant]),
      ledger.map(({ warehouse }) => ids.warehouses[warehouse]),
      ledger.map(({ quantityName }) => quantityName),
      ledger.map(({ type }) => type),
      ledger.map(({ delta }) => delta),
      ledger.map(({ balanceAfter }) => balanceAfter),
      ledger.map(({ reason }) => reason),
      ledger.map(({ document }) => document),
      `${lastDate}T20:00:00Z`,
    ],
  );
}

/** Each level is the sum of its ledger rows, never stated twice. */
async function insertLevels(
  tx: Sql,
  { levels }: DemoShop,
  ledger: readonly LedgerRow[],
  ids: RowIds,
): Promise<void> {
  const sums = new Map<string, number>();
  for (const { variant, warehouse, quantityName, delta } of ledger) {
    const key = `${variant} ${warehouse} ${quantityName}`;
    sums.set(key, (sums.get(key) ?? 0) + delta);
  }
  const column = (name: LedgerRow['quantityName']) =>
    levels.map(({ variant, warehouse }) => sums.get(`${variant} ${warehouse} ${name}`) ?? 0);
  await tx.query(
    `INSERT INTO inventory_level (variant_id, warehouse_id, on_hand, incoming, damaged, safety_stock, updated_at)
     SELECT variant, warehouse, on_hand, incoming, damaged, safety_stock, $7::timestamptz
       FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])
            AS row(variant, warehouse, on_hand, incoming, damaged, safety_stock)`,
    [
      levels.map(({ variant }) => ids.variants[variant]),
      levels.map(({ warehouse }) => ids.warehouses[warehouse]),
      column('ON_HAND'),
      column('INCOMING'),
      column('DAMAGED'),
      column('SAFETY_STOCK'),
      `${lastDate}T20:00:00Z`,
    ],
  );
}
