import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { type StatementCount, withStatementCount } from '../../src/database/statementMeter.ts';
import { makeSalesLoaders } from '../../src/sales/loaders.ts';
import { makeSalesService, type SalesService } from '../../src/sales/service.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let sales: SalesService;
const days = { from: null, to: null, interval: 'DAY', warehouseId: null } as const;

/** Variants 1–3 (GBP, GBP, EUR); warehouse 1 reports to 2024-03-10, warehouse 2 to 2024-03-05; variant 3 never sold. */
beforeAll(async () => {
  database = await openTestDatabase();
  sales = makeSalesService({ database, clock: () => new Date('2024-03-11T00:00:00Z') });
  await database.sql.execute(`
    INSERT INTO warehouse (code, name, country_code, longitude, latitude, sales_through) VALUES
      ('A', 'A', 'GB', 0, 0, '2024-03-10'), ('B', 'B', 'GB', 0, 0, '2024-03-05');
    INSERT INTO category (code, name) VALUES ('C', 'C');
    INSERT INTO product (handle, name, category_id) VALUES ('one', 'One', 1), ('two', 'Two', NULL);
    INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code) VALUES
      (1, 'V1', 'V1', 2, 2, 'GBP'), (1, 'V2', 'V2', 2, 2, 'GBP'), (2, 'V3', 'V3', 2, 2, 'EUR');
    INSERT INTO inventory_level (variant_id, warehouse_id) VALUES (1, 1), (1, 2), (2, 2), (3, 1);
    INSERT INTO daily_sales (variant_id, warehouse_id, date, units, returns, revenue, list_price, paid_price, in_stock, promoted) VALUES
      (1, 1, '2024-03-01', 4, 1, 8.0000, 2, 2, true, false), (1, 2, '2024-03-01', 2, 0, 3.2000, 2, 1.6, true, true),
      (1, 1, '2024-03-04', 1, 0, 2.0000, 2, 2, false, false),
      (2, 2, '2024-03-02', 0, 3, 0, NULL, NULL, true, false), (2, 2, '2024-03-04', 5, 0, 0.3000, 2, 0.06, true, false)`);
});
afterAll(() => database.close());

describe('sales of variants', () => {
  test('go to the last day that a warehouse of the variant has reported, 90 periods by default', async () => {
    const [one, two, three] = await sales.listVariantPeriods([1, 2, 3], days);
    expect([one?.length, one?.[0]?.periodStart, one?.at(-1)?.periodStart]).toEqual([
      90,
      '2023-12-12',
      '2024-03-10',
    ]);
    expect(two?.at(-1)?.periodStart).toBe('2024-03-05');
    expect(three?.every(({ units }) => units === 0)).toBe(true);
    expect(await sales.listVariantPeriods([99], days)).toEqual([[]]);
  });

  test('add up warehouses, or show one', async () => {
    const range = { ...days, from: '2024-03-01', to: '2024-03-04' };
    const [both] = await sales.listVariantPeriods([1], range);
    expect(both?.map(({ units, returns, inStock }) => [units, returns, inStock])).toEqual([
      [6, 1, true],
      [0, 0, true],
      [0, 0, true],
      [1, 0, false],
    ]);
    expect(both?.[0]?.revenue).toEqual([{ amount: '11.20', currencyCode: 'GBP' }]);
    const [second] = await sales.listVariantPeriods([1], { ...range, warehouseId: 2, to: '2024-03-31' });
    expect(second?.map(({ units }) => units)).toEqual([2, 0, 0, 0, 0]);
  });

  test('by week and month hold the same units', async () => {
    for (const interval of ['WEEK', 'MONTH'] as const) {
      const [one] = await sales.listVariantPeriods([1], { ...days, interval });
      expect(one).toHaveLength(90);
      expect(one?.reduce((sum, { units }) => sum + units, 0)).toBe(7);
    }
  });

  test('of a request with the same arguments are one statement', async () => {
    const count: StatementCount = { statements: 0 };
    const loaders = makeSalesLoaders(sales);
    await withStatementCount(count, () =>
      Promise.all([1, 2, 3].map((id) => loaders.periodsByVariant.load(id, days))),
    );
    expect(count.statements).toBe(1);
  });

  test('end before they begin where nothing is reported yet', async () => {
    expect(await sales.listVariantPeriods([1], { ...days, from: '2024-03-11', to: '2024-03-20' })).toEqual([
      [],
    ]);
  });

  test('refuse more than 1,100 periods even where the last day comes from the store', async () => {
    await expect(sales.listVariantPeriods([1], { ...days, from: '2020-01-01' })).rejects.toThrow(
      'from and to must span at most 1100 periods, got 1531.',
    );
  });
});

describe('sales of the store', () => {
  test('add up variants, one amount a currency', async () => {
    const range = { ...days, from: '2024-03-01', categoryId: null };
    const periods = await sales.listStorePeriods(range);
    expect(periods.map(({ units }) => units)).toEqual([6, 0, 0, 6, 0, 0, 0, 0, 0, 0]);
    expect(periods[3]?.revenue).toEqual([{ amount: '2.30', currencyCode: 'GBP' }]);
    expect(periods[3]?.inStock).toBe(false);
  });

  test('can be narrowed to a warehouse and a category', async () => {
    const narrow = await sales.listStorePeriods({
      ...days,
      from: '2024-03-01',
      warehouseId: 2,
      categoryId: 1,
    });
    expect(narrow.map(({ units, returns }) => [units, returns])).toEqual([
      [2, 0],
      [0, 3],
      [0, 0],
      [5, 0],
      [0, 0],
    ]);
    const none = await sales.listStorePeriods({ ...days, from: '2024-03-01', categoryId: 99 });
    expect(none.map(({ units, revenue }) => [units, revenue.length])).toEqual(new Array(10).fill([0, 0]));
  });
});

describe('demand histories', () => {
  test('run from the first sale to the last reported day, in key order, in one statement', async () => {
    const count: StatementCount = { statements: 0 };
    const [three, one, two] = await withStatementCount(count, () => sales.listDemandHistories([3, 1, 2]));
    expect(count.statements).toBe(1);
    expect(three).toMatchObject({ variantId: 3, start: '', inStock: [] });
    expect(one).toMatchObject({ variantId: 1, start: '2024-03-01' });
    expect([...(one?.values ?? [])]).toEqual([6, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(one?.inStock.indexOf(false)).toBe(3);
    expect(one?.promoted.indexOf(true)).toBe(0);
    expect(one?.priceRatio[0]).toBeCloseTo((4 * 1 + 2 * 0.8) / 6, 6);
    expect([two?.start, ...(two?.values ?? [])]).toEqual(['2024-03-04', 5, 0]);
  });

  test('are capped to the last days', async () => {
    const [one] = await sales.listDemandHistories([1], 7);
    expect([one?.start, ...(one?.values ?? [])]).toEqual(['2024-03-04', 1, 0, 0, 0, 0, 0, 0]);
  });

  test('of a product are those of its variants together', async () => {
    const [two, one] = await sales.listProductDemandHistories([2, 1]);
    expect(two).toMatchObject({ productId: 2, start: '' });
    expect([one?.start, ...(one?.values ?? [])]).toEqual(['2024-03-01', 6, 0, 0, 6, 0, 0, 0, 0, 0, 0]);
  });
});

test('units sold are net of returns in the 90 days up to each warehouse’s last reported day', async () => {
  await sales.refreshUnitsSold();
  const rows = await database.sql.query('SELECT units_sold AS units FROM product_variant ORDER BY id');
  expect(rows).toEqual([{ units: 6 }, { units: 2 }, { units: 0 }]);
  expect(await database.sql.query('SELECT units_sold AS units FROM product ORDER BY id')).toEqual([
    { units: 8 },
    { units: 0 },
  ]);
});
