import type { Sql } from '../src/database/sql.ts';
import { maskPersonalData } from '../src/maskPersonalData.ts';
import { firstDate } from './calendar.ts';
import type { DemoComplaint } from './demoComplaints.ts';
import type { DemoShop } from './demoShop.ts';
import { currencyCode, type RowIds } from './insertCatalogue.ts';

/** Inserts what customers wrote, PENDING, and the orders it is about; yields how many texts. */
export async function insertComplaints(
  tx: Sql,
  { complaints, offers }: Pick<DemoShop, 'complaints' | 'offers'>,
  ids: RowIds,
): Promise<number> {
  await insertSales(tx, complaints, ids);
  const suppliers = new Map(
    offers.filter(({ isPreferred }) => isPreferred).map((offer) => [offer.variant, offer.supplier]),
  );
  const idOf = (list: readonly number[], index: number | undefined) =>
    index === undefined ? null : (list[index] ?? null);
  await tx.query(
    `INSERT INTO complaint (customer_reference, sales_order_number, variant_id, warehouse_id, supplier_id,
       shipment_reference, carrier, channel, text, masked_text, submitted_at)
     SELECT customer, number, variant, warehouse, supplier, shipment, carrier, channel, text, masked,
            ($12::date + day)::timestamp AT TIME ZONE 'UTC' + make_interval(mins => minute)
       FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[],
                   $9::text[], $10::text[], $11::int[], $13::int[])
            WITH ORDINALITY AS row(customer, number, variant, warehouse, supplier, shipment, carrier, channel, text,
                                   masked, day, minute, place) ORDER BY place`,
    [
      complaints.map(({ customerReference }) => customerReference),
      complaints.map(({ sale }) => sale?.number ?? null),
      complaints.map(({ sale }) => idOf(ids.variants, sale?.variant)),
      complaints.map(({ sale }) => idOf(ids.warehouses, sale?.warehouse)),
      complaints.map(({ sale }) => idOf(ids.suppliers, suppliers.get(sale?.variant ?? -1))),
      complaints.map(({ shipmentReference }) => shipmentReference),
      complaints.map(({ carrier }) => carrier),
      complaints.map(({ channel }) => channel),
      complaints.map(({ text }) => text),
      complaints.map(({ text }) => maskPersonalData(text)),
      complaints.map(({ day }) => day),
      firstDate,
      complaints.map(({ minute }) => minute),
    ],
  );
  return complaints.length;
}

/** Orders of one line; their units are in the daily sales already. */
async function insertSales(tx: Sql, complaints: readonly DemoComplaint[], ids: RowIds): Promise<void> {
  const sales = complaints.flatMap(({ sale }) => (sale === null ? [] : [sale]));
  await tx.query(
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])
                AS row(number, variant, warehouse, day, quantity, price)
     ), orders AS (
       INSERT INTO sales_order (channel, number, placed_at, currency_code)
       SELECT 'demo', number, ($7::date + day)::timestamp AT TIME ZONE 'UTC' + interval '12 hours', $8 FROM given
       RETURNING id, number
     )
     INSERT INTO sales_order_line (order_id, variant_id, warehouse_id, kind, quantity, unit_price)
     SELECT orders.id, variant, warehouse, 'SALE', quantity, price / 100.0 FROM given JOIN orders USING (number)`,
    [
      sales.map(({ number }) => number),
      sales.map(({ variant }) => ids.variants[variant]),
      sales.map(({ warehouse }) => ids.warehouses[warehouse]),
      sales.map(({ day }) => day),
      sales.map(({ quantity }) => quantity),
      sales.map(({ unitPriceCents }) => unitPriceCents),
      firstDate,
      currencyCode,
    ],
  );
}
