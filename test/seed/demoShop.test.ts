import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayCount, toDate, weekdayOf } from '../../seed/calendar.ts';
import { type DemoShop, makeDemoShop } from '../../seed/demoShop.ts';
import { type SeedResult, seedDemoShop } from '../../seed/seedDemoShop.ts';
import type { Database } from '../../src/database/database.ts';
import { makeSalesService } from '../../src/sales/service.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const shop = makeDemoShop();
const hash = (value: DemoShop) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const seriesOf = (kind: string) =>
  shop.series.filter(({ variant }) => shop.variants[variant]?.curve.kind === kind);

test('the demo shop is the same every time', () => {
  expect(hash(makeDemoShop())).toBe(hash(shop));
});

test('the calendar is two years that end on 2026-10-31', () => {
  expect([toDate(0), toDate(dayCount - 1)]).toEqual(['2024-11-01', '2026-10-31']);
  expect(weekdayOf(0)).toBe((new Date('2024-11-01').getUTCDay() + 6) % 7);
});

describe('demand in the demo shop', () => {
  test('is highest on Sundays and lowest on Saturdays', () => {
    const sums = new Array<number>(7).fill(0);
    for (const { days } of seriesOf('FAST'))
      for (const { day, units } of days) sums[weekdayOf(day)] = (sums[weekdayOf(day)] ?? 0) + units;
    expect(sums.indexOf(Math.max(...sums))).toBe(6);
    expect(sums.indexOf(Math.min(...sums))).toBe(5);
  });

  test('rises under promotions', () => {
    const lifts = seriesOf('FAST').map(({ variant, days }) => {
      const prices = shop.prices[variant];
      const curve = shop.variants[variant]?.curve;
      const length = (curve?.endDay ?? 0) - (curve?.launchDay ?? 0) + 1;
      const promotedDays =
        prices?.promoted.subarray(curve?.launchDay, (curve?.endDay ?? 0) + 1).reduce((a, b) => a + b, 0) ?? 0;
      const sold = (isPromoted: number) =>
        days
          .filter(({ day }) => prices?.promoted[day] === isPromoted)
          .reduce((sum, { units }) => sum + units, 0);
      return sold(1) / promotedDays / (sold(0) / (length - promotedDays));
    });
    expect(mean(lifts)).toBeGreaterThan(1.4);
    expect(mean(lifts)).toBeLessThan(2.5);
  });

  test('of intermittent items is zero on most days', () => {
    const shares = seriesOf('INTERMITTENT').map(
      ({ days }) => days.filter(({ units }) => units > 0).length / dayCount,
    );
    expect(mean(shares)).toBeLessThan(0.12);
    expect(mean(shares)).toBeGreaterThan(0.01);
  });

  test('is lost while the shelf is empty', () => {
    const empty = shop.series.flatMap(({ days }) => days.filter(({ inStock }) => !inStock));
    expect(empty.length).toBeGreaterThan(300);
    expect(mean(empty.map(({ units }) => units))).toBeLessThan(0.7);
  });

  test('begins with launches and ends with discontinuations', () => {
    expect(shop.variants.filter(({ curve }) => curve.launchDay > 0).length).toBeGreaterThan(10);
    expect(shop.variants.filter(({ curve }) => curve.endDay < dayCount - 1).length).toBeGreaterThan(5);
  });
});

describe('the seeded store', () => {
  let database: Database;
  let result: SeedResult;
  beforeAll(async () => {
    database = await openTestDatabase();
    result = await seedDemoShop(database);
  });
  afterAll(() => database.close());

  test('holds the shop, once', async () => {
    expect(result).toMatchObject({
      variants: shop.variants.length,
      salesRows: shop.series.flatMap(({ days }) => days).length,
    });
    expect(await seedDemoShop(database)).toMatchObject({ variants: 0, salesRows: 0 });
    const [counts] = await database.sql.query(
      `SELECT (SELECT count(*)::int FROM product) AS products, (SELECT count(*)::int FROM category) AS categories,
              (SELECT count(*)::int FROM warehouse) AS warehouses, (SELECT count(*)::int FROM supplier) AS suppliers,
              (SELECT count(*)::int FROM product_variant WHERE units_sold > 0) > 150 AS selling,
              (SELECT count(*)::int FROM purchase_order) >= 10 AS ordering,
              (SELECT count(*)::int FROM product_variant variant WHERE NOT EXISTS
                 (SELECT FROM supplier_offer WHERE variant_id = variant.id AND is_preferred)) AS unsupplied`,
    );
    expect(counts).toEqual({
      products: 150,
      categories: 12,
      warehouses: 3,
      suppliers: 6,
      selling: true,
      ordering: true,
      unsupplied: 0,
    });
    expect(result.variants).toBeGreaterThanOrEqual(190);
    expect(result.salesRows).toBeLessThan(120_000);
  });

  test('has levels that equal the sums of the ledger, and incoming units that equal the open orders', async () => {
    const wrong = await database.sql.query(
      `WITH ledger AS (
         SELECT variant_id, warehouse_id,
                COALESCE(sum(delta) FILTER (WHERE quantity_name = 'ON_HAND'), 0) AS on_hand,
                COALESCE(sum(delta) FILTER (WHERE quantity_name = 'INCOMING'), 0) AS incoming,
                COALESCE(sum(delta) FILTER (WHERE quantity_name = 'DAMAGED'), 0) AS damaged,
                COALESCE(sum(delta) FILTER (WHERE quantity_name = 'SAFETY_STOCK'), 0) AS safety_stock
           FROM inventory_movement GROUP BY variant_id, warehouse_id
       ), ordered AS (
         SELECT line.variant_id, orders.warehouse_id, sum(line.quantity - line.received_quantity) AS incoming
           FROM purchase_order orders JOIN purchase_order_line line ON line.purchase_order_id = orders.id
          GROUP BY line.variant_id, orders.warehouse_id
       )
       SELECT * FROM inventory_level level
         LEFT JOIN ledger USING (variant_id, warehouse_id) LEFT JOIN ordered USING (variant_id, warehouse_id)
        WHERE level.on_hand <> COALESCE(ledger.on_hand, 0) OR level.incoming <> COALESCE(ledger.incoming, 0)
           OR level.damaged <> COALESCE(ledger.damaged, 0) OR level.safety_stock <> COALESCE(ledger.safety_stock, 0)
           OR level.incoming <> COALESCE(ordered.incoming, 0) OR level.reserved <> 0`,
    );
    expect(wrong).toEqual([]);
    const balances = await database.sql.query(
      `SELECT 1 FROM (SELECT balance_after, sum(delta) OVER (PARTITION BY variant_id, warehouse_id, quantity_name ORDER BY id) AS sum
                        FROM inventory_movement) rows WHERE balance_after <> sum`,
    );
    expect(balances).toEqual([]);
  });

  test('has prices of competitors for three in five variants, near its own, up to the last fortnight', async () => {
    const [row] = await database.sql.query<{ share: number }>(
      `SELECT count(DISTINCT variant_id)::float8 / (SELECT count(*) FROM product_variant) AS share,
              count(DISTINCT competitor_id)::int AS competitors, count(*)::int < 20000 AS "isSmall",
              avg(observed.price / variant.list_price) BETWEEN 0.9 AND 1.05 AS "isNear",
              max(observed_at) > '2026-10-30' AS "isRecent"
         FROM competitor_price observed JOIN product_variant variant ON variant.id = variant_id`,
    );
    expect(row).toMatchObject({ competitors: 3, isSmall: true, isNear: true, isRecent: true });
    expect(row?.share).toBeCloseTo(0.6, 1);
  });

  test('has unit costs since every launch, of which the last is what the preferred supplier asks', async () => {
    const rows = await database.sql.query(
      `SELECT variant.sku FROM product_variant variant
         JOIN supplier_offer offer ON offer.variant_id = variant.id AND offer.is_preferred
        WHERE (SELECT min(valid_from) FROM unit_cost WHERE variant_id = variant.id) IS DISTINCT FROM variant.launched_on
           OR (SELECT cost FROM unit_cost WHERE variant_id = variant.id ORDER BY valid_from DESC, id DESC LIMIT 1)
              IS DISTINCT FROM offer.unit_cost`,
    );
    expect(rows).toEqual([]);
    const [count] = await database.sql.query<{ rows: number }>('SELECT count(*)::int AS rows FROM unit_cost');
    expect(count?.rows).toBeGreaterThan(result.variants * 1.5);
  });

  test('yields histories with promotions and stock-outs', async () => {
    const sales = makeSalesService({ database, clock: () => new Date('2026-11-01T00:00:00Z') });
    const rows = await database.sql.query<{ id: number }>(
      'SELECT id FROM product_variant ORDER BY units_sold DESC LIMIT 20',
    );
    const histories = await sales.listDemandHistories(rows.map(({ id }) => id));
    expect(Math.max(...histories.map(({ values }) => values.length))).toBe(dayCount);
    expect(
      histories.every(({ promoted, priceRatio }) =>
        promoted.every((is, day) => is === (priceRatio[day] ?? 1) < 0.99),
      ),
    ).toBe(true);
    expect(histories.some(({ inStock }) => inStock.includes(false))).toBe(true);
  });
});
