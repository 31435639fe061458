import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import type { SalesFrequency } from '../../../src/forecasting/dailyHistory.ts';
import type { ForecastRow } from '../../../src/forecasting/forecastRow.ts';
import {
  type FindForecasts,
  makeHierarchyService,
} from '../../../src/forecasting/hierarchy/hierarchyService.ts';
import { makeForecastingLoaders } from '../../../src/forecasting/loaders.ts';
import type { DemandLevel } from '../../../src/sales/service.ts';
import { makeSalesFixture, type SalesFixture } from '../../support/salesFixture.ts';
import { resultOf } from '../../support/stockFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;
let categoryId: number;
const variantIds: number[] = [];
const weekly = [4, 5, 6, 5, 9, 14, 2];

/** Four variants, two of them in a category; the third and fourth also sell in the second warehouse. */
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
  for (let index = 0; index < 4; index += 1) {
    const id = await fixture.stock.addVariant(index < 2 ? [10] : [10, 10]);
    const units = Array.from({ length: 140 }, (_, day) => (index + 1) * (weekly[(day + index) % 7] ?? 0));
    await fixture.addSales(id, units, '2026-02-28');
    variantIds.push(id);
  }
  const { sql } = database;
  await sql.query(
    `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue)
     SELECT variant_id, $1, date, units * 2, revenue FROM daily_sales WHERE variant_id = ANY($2::int[])`,
    [fixture.stock.warehouseIds[1], variantIds.slice(2)],
  );
  await sql.query(`UPDATE warehouse SET sales_through = '2026-02-28' WHERE id = $1`, [
    fixture.stock.warehouseIds[1],
  ]);
  const [category] = await sql.query<{ id: number }>(
    `INSERT INTO category (code, name) VALUES ('toys', 'Toys') RETURNING id`,
  );
  categoryId = category?.id ?? 0;
  await sql.query(
    `UPDATE product SET category_id = $1 WHERE id IN (SELECT product_id FROM product_variant WHERE id = ANY($2::int[]))`,
    [categoryId, variantIds.slice(0, 2)],
  );
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

/** Forecasts sums and variants as one request does: each variant is forecast once. */
function openRequest(frequency: SalesFrequency = 'DAILY') {
  const { forecastByVariant } = makeForecastingLoaders(fixture.services.forecasting, () => undefined);
  const findForecasts: FindForecasts = (ids) =>
    Promise.all(ids.map((id) => forecastByVariant.load(id, frequency)));
  return {
    forecastVariants: () => findForecasts(variantIds, frequency),
    forecastLevel: (level: DemandLevel, keys: readonly number[]) =>
      fixture.services.hierarchy.forecastLevel(level, keys, { frequency, findForecasts }),
  };
}
const forecastLevel = (level: DemandLevel, keys: readonly number[]) =>
  openRequest().forecastLevel(level, keys);
const sumOf = (rows: readonly (ForecastRow | null)[], period: number) =>
  rows.reduce((sum, row) => sum + (row?.forecast.mean[period] ?? 0), 0);

async function expectCoherent(frequency: SalesFrequency = 'DAILY'): Promise<void> {
  const request = openRequest(frequency);
  const variants = await request.forecastVariants();
  const [total = null] = await request.forecastLevel('TOTAL', [0]);
  const [category = null] = await request.forecastLevel('CATEGORY', [categoryId]);
  const warehouses = await request.forecastLevel('WAREHOUSE', fixture.stock.warehouseIds);
  for (let period = 0; period < (total?.forecast.horizon ?? 0); period += 1) {
    expect(sumOf(variants, period)).toBeCloseTo(sumOf([total], period), 6);
    expect(sumOf(warehouses, period)).toBeCloseTo(sumOf([total], period), 6);
    expect(sumOf(variants.slice(0, 2), period)).toBeCloseTo(sumOf([category], period), 6);
  }
}

const none = { frequency: 'DAILY', findForecasts: () => Promise.resolve([null]) } as const;

describe('forecasts of categories, warehouses and the total', () => {
  it('are added up from the variants until they are stored', async () => {
    const [total, unknown] = await forecastLevel('TOTAL', [0, 1]);
    expect(total?.reconciliation).toBe('BOTTOM_UP');
    expect(total?.members).toEqual([{ name: 'bottom_up', weight: 1 }]);
    expect(unknown).toBeNull();
    await expectCoherent();
    const [first, second, third] = await forecastLevel('WAREHOUSE', fixture.stock.warehouseIds);
    expect(sumOf([second ?? null], 0)).toBeGreaterThan(sumOf([first ?? null], 0) / 2);
    expect(third).toBeNull();
  });

  it('are reconciled and stored for the whole catalogue, and read by two statements without a model run', async () => {
    const progress: number[] = [];
    expect(await fixture.services.hierarchy.refreshHierarchy((done) => progress.push(done))).toBe(4);
    expect(progress).toEqual([4]);
    const count = { statements: 0 };
    const [total] = await withStatementCount(count, () => forecastLevel('TOTAL', [0]));
    expect(count.statements).toBe(2);
    expect(total?.reconciliation).toBe('MIN_TRACE');
    expect(total?.accuracy?.wape).toBeLessThan(0.2);
    await expectCoherent();
    // 7 days sell 45 · (1 + 2 + 3 · 3 + 4 · 3) units.
    const week = [0, 1, 2, 3, 4, 5, 6].reduce((sum, period) => sum + sumOf([total ?? null], period), 0);
    expect(week / (45 * 24)).toBeGreaterThan(0.95);
    expect(week / (45 * 24)).toBeLessThan(1.05);
  });

  it('move the variants in the tree while it is fresh: all say how they were made to add up', async () => {
    const rows = await openRequest().forecastVariants();
    expect(rows.map((row) => row?.reconciliation)).toEqual(Array(4).fill('MIN_TRACE'));
    for (const row of rows) {
      const { levels = [], quantiles = new Float64Array() } = row?.forecast ?? {};
      const first = [...quantiles.subarray(0, levels.length)];
      expect(first).toEqual([...first].sort((a, b) => a - b));
    }
  });

  it('follow overrides of stored forecasts, by the shares of the warehouses', async () => {
    const before = await forecastLevel('WAREHOUSE', fixture.stock.warehouseIds);
    const line = {
      variantId: variantIds[3] ?? 0,
      from: '2026-03-03',
      to: '2026-03-03',
      units: 1_000,
      factor: null,
    };
    const set = await fixture.services.overrides.setOverrides({
      overrides: [line],
      reason: 'Fair',
      author: 'Ada',
    });
    await expectCoherent();
    const after = await forecastLevel('WAREHOUSE', fixture.stock.warehouseIds);
    const changes = [0, 1].map(
      (index) => sumOf([after[index] ?? null], 2) - sumOf([before[index] ?? null], 2),
    );
    // A third of the variant's sales are the first warehouse's.
    expect((changes[1] ?? 0) / (changes[0] ?? 1)).toBeGreaterThan(1.5);
    expect((changes[1] ?? 0) / (changes[0] ?? 1)).toBeLessThan(2.5);
    const [id = 0] = resultOf(set);
    await fixture.services.overrides.removeOverrides({ overrideIds: [id], reason: 'No', author: 'Ada' });
  });

  it('are stale once a warehouse reports more sales: they are added up again, and stay coherent', async () => {
    for (const [index, id] of variantIds.entries()) await fixture.addSales(id, [index + 3], '2026-03-01');
    const [total] = await forecastLevel('TOTAL', [0]);
    expect(total?.reconciliation).toBe('BOTTOM_UP');
    expect(total?.startsOn).toBe('2026-03-02');
    await expectCoherent();
    // The second warehouse has not reported the first of March: the tree begins when all have forecasts.
    await fixture.services.hierarchy.refreshHierarchy();
    const [stored] = await forecastLevel('TOTAL', [0]);
    expect(stored).toMatchObject({ reconciliation: 'MIN_TRACE', startsOn: '2026-03-02' });
    expect(stored?.forecast.horizon).toBe(63);
    await expectCoherent();
  });

  it('are stale once there is another variant', async () => {
    variantIds.push(await fixture.stock.addVariant([1])); // never sold: it is forecast from the others
    const [total] = await forecastLevel('TOTAL', [0]);
    expect(total?.reconciliation).toBe('BOTTOM_UP');
  });

  it('add weeks and months up too', async () => {
    for (const frequency of ['WEEKLY', 'MONTHLY'] as const) {
      await expectCoherent(frequency);
      const [total] = await openRequest(frequency).forecastLevel('TOTAL', [0]);
      expect(total).toMatchObject({ frequency, reconciliation: 'BOTTOM_UP' });
    }
  });

  it('are null in a store without sales, and nothing is stored', async () => {
    const empty = await openTestDatabase();
    const shop = await makeSalesFixture(empty);
    await shop.stock.addVariant([1]);
    expect(await shop.services.hierarchy.refreshHierarchy()).toBe(0);
    expect(await shop.services.hierarchy.forecastLevel('TOTAL', [0], none)).toEqual([null]);
    expect(await empty.sql.query('SELECT 1 FROM forecast_tree')).toEqual([]);
    await shop.close();
    await empty.close();
  });

  it('of more than 500 variants must have been stored, and only days are', async () => {
    const large = await openTestDatabase();
    await large.sql.query(
      `WITH product AS (INSERT INTO product (handle, name) VALUES ('p', 'P') RETURNING id)
       INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
       SELECT product.id, 'S' || n, 'S', 1, 1, 'GBP' FROM product, generate_series(1, 501) AS n`,
    );
    const { forecasting } = fixture.services;
    const hierarchy = makeHierarchyService({
      database: large,
      sales: fixture.services.sales,
      forecasting,
      engines: { model: forecasting.model, runTask: () => Promise.reject(new Error('No task must run.')) },
      clock: () => fixture.time.now,
    });
    await expect(hierarchy.forecastLevel('TOTAL', [0], none)).rejects.toThrow(
      'The forecast of sums of more than 500 variants must have been stored by npm run forecast or the nightly plan since the last sales were reported, but it was not, for 501 variants.',
    );
    await expect(hierarchy.forecastLevel('TOTAL', [0], { ...none, frequency: 'WEEKLY' })).rejects.toThrow(
      'frequency must be DAILY for sums of more than 500 variants, got WEEKLY for 501 variants.',
    );
    await large.close();
  });
});
