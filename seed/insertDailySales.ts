import type { Sql } from '../src/database/sql.ts';
import { firstDate } from './calendar.ts';
import type { SalesDay } from './demandCurve.ts';
import type { DemoSeries, DemoShop } from './demoShop.ts';
import type { RowIds } from './insertCatalogue.ts';
import type { PriceCalendar } from './priceCalendar.ts';

/** Rows a statement: larger ones only cost memory. */
const batchSize = 20_000;

type Columns = {
  readonly variant: number[];
  readonly warehouse: number[];
  readonly day: number[];
  readonly units: number[];
  readonly returns: number[];
  readonly listCents: number[];
  readonly paidCents: number[];
  readonly inStock: boolean[];
  readonly promoted: boolean[];
};

/** Inserts two years of daily sales in the order of the primary key, yields the number of rows. */
export async function insertDailySales(tx: Sql, shop: DemoShop, ids: RowIds): Promise<number> {
  let columns = makeColumns();
  let rows = 0;
  for (const series of shop.series) {
    const prices = shop.prices[series.variant];
    if (prices === undefined) continue;
    for (const day of series.days) appendRow(columns, { series, ids, prices, day });
    if (columns.day.length >= batchSize) {
      rows += await insertColumns(tx, columns);
      columns = makeColumns();
    }
  }
  return rows + (await insertColumns(tx, columns));
}

function makeColumns(): Columns {
  return {
    variant: [],
    warehouse: [],
    day: [],
    units: [],
    returns: [],
    listCents: [],
    paidCents: [],
    inStock: [],
    promoted: [],
  };
}

function appendRow(
  columns: Columns,
  row: {
    readonly series: DemoSeries;
    readonly ids: RowIds;
    readonly prices: PriceCalendar;
    readonly day: SalesDay;
  },
): void {
  const { series, ids, prices, day } = row;
  columns.variant.push(ids.variants[series.variant] ?? 0);
  columns.warehouse.push(ids.warehouses[series.warehouse] ?? 0);
  columns.day.push(day.day);
  columns.units.push(day.units);
  columns.returns.push(day.returns);
  columns.listCents.push(prices.list[day.day] ?? 0);
  columns.paidCents.push(prices.paid[day.day] ?? 0);
  columns.inStock.push(day.inStock);
  columns.promoted.push(prices.promoted[day.day] === 1);
}

async function insertColumns(tx: Sql, columns: Columns): Promise<number> {
  await tx.query(
    `INSERT INTO daily_sales
       (variant_id, warehouse_id, date, units, returns, revenue, list_price, paid_price, in_stock, promoted)
     SELECT variant, warehouse, $10::date + day, units, returns, units::bigint * paid / 100.0, list / 100.0,
            paid / 100.0, in_stock, promoted
       FROM unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::bool[], $9::bool[])
            AS row(variant, warehouse, day, units, returns, list, paid, in_stock, promoted)`,
    [...Object.values(columns), firstDate],
  );
  return columns.day.length;
}
