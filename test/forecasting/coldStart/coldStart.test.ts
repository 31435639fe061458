import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import { listColdTargets } from '../../../src/forecasting/coldStart/coldStartRepository.ts';
import type { SalesFrequency } from '../../../src/forecasting/dailyHistory.ts';
import { makeSalesFixture, type SalesFixture } from '../../support/salesFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;
let [lampId, mugId] = [0, 0];
const [lamps, mugs]: [number[], number[]] = [[], []];
const weekly = [4, 5, 6, 5, 9, 14, 2];
const lastDay = '2026-02-28';

/** Six red lamps that sell 45 a week and six blue mugs that sell 450, each kind in a category of its own. */
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
  const rows = await database.sql.query<{ id: number }>(
    `INSERT INTO category (code, name) VALUES ('lamps', 'Lamps'), ('mugs', 'Mugs') RETURNING id`,
  );
  [lampId, mugId] = [rows[0]?.id ?? 0, rows[1]?.id ?? 0];
  for (let index = 0; index < 6; index += 1) {
    lamps.push(
      await addVariant(
        'Red lamp',
        lampId,
        Array.from({ length: 140 }, (_, day) => weekly[day % 7] ?? 0),
      ),
    );
    mugs.push(
      await addVariant(
        'Blue mug',
        mugId,
        Array.from({ length: 140 }, (_, day) => 10 * (weekly[day % 7] ?? 0)),
      ),
    );
  }
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await database.close();
});

async function addVariant(name: string, categoryId: number | null, units: readonly number[], stock = [10]) {
  const id = await fixture.stock.addVariant(stock);
  await database.sql.query(
    `UPDATE product SET name = $2, category_id = $3 WHERE id = (SELECT product_id FROM product_variant WHERE id = $1)`,
    [id, name, categoryId],
  );
  await fixture.addSales(id, units, lastDay);
  return id;
}

async function forecast(ids: readonly number[], frequency: SalesFrequency = 'DAILY') {
  const count = { statements: 0 };
  const rows = await withStatementCount(count, () =>
    fixture.services.forecasting.forecastVariants(ids, frequency, () => undefined),
  );
  return { rows, statements: count.statements };
}
const sumOf = (mean: Float64Array | undefined, periods: number) =>
  (mean ?? new Float64Array()).subarray(0, periods).reduce((sum, units) => sum + units, 0);

describe('a variant that was never sold', () => {
  it('is forecast from those like it in its category, and says so', async () => {
    const id = await addVariant('Large red lamp', lampId, []);
    const [row] = (await forecast([id])).rows;
    expect(row?.startsOn).toBe('2026-03-01');
    expect(row?.members).toEqual([{ name: 'similar_variants', weight: 1 }]);
    expect(row?.accuracy).toBeNull();
    expect(row?.coldStart).toMatchObject({ ownPeriods: 0, weight: 1 });
    expect(row?.coldStart?.similar.map(({ variantId }) => variantId).sort()).toEqual([...lamps].sort());
    expect(sumOf(row?.forecast.mean, 7)).toBeCloseTo(45, 9);
    for (const [day, units] of weekly.entries()) expect(row?.forecast.mean[day]).toBeCloseTo(units, 9);
  });

  it('is compared with the whole store where its category has sold nothing, or where it has none', async () => {
    const [empty] = await database.sql.query<{ id: number }>(
      `INSERT INTO category (code, name) VALUES ('new', 'New') RETURNING id`,
    );
    const ids = [
      await addVariant('Blue mug with handle', empty?.id ?? 0, []),
      await addVariant('Blue mug with handle', null, []),
    ];
    const { rows } = await forecast(ids);
    for (const row of rows) {
      expect(mugs).toContain(row?.coldStart?.similar[0]?.variantId);
      expect(sumOf(row?.forecast.mean, 7)).toBeGreaterThan(300);
    }
  });

  it('has an answer that does not depend on what else is asked for', async () => {
    const [lamp, mug] = [await addVariant('Red lamp shade', lampId, []), await addVariant('Mug', mugId, [])];
    const [alone] = (await forecast([lamp])).rows;
    const [together] = (await forecast([lamp, mug, ...lamps])).rows;
    expect(together?.forecast.quantiles).toEqual(alone?.forecast.quantiles);
    expect(together?.coldStart).toEqual(alone?.coldStart);
  });

  it('is forecast in weeks and months too', async () => {
    const id = await addVariant('Red lamp', lampId, []);
    const [weeks] = (await forecast([id], 'WEEKLY')).rows;
    expect(weeks?.startsOn).toBe('2026-03-01');
    expect(weeks?.forecast.mean[0]).toBeCloseTo(45, 9);
    const [months] = (await forecast([id], 'MONTHLY')).rows;
    expect(months?.startsOn).toBe('2026-03-01');
    expect(months?.forecast.mean[0]).toBeGreaterThan((45 * 28) / 7 - 1);
    expect(months?.forecast.mean[0]).toBeLessThan((45 * 32) / 7);
  });

  it('counts as stored and fresh, whether a warehouse stocks it or not', async () => {
    const ids = [await addVariant('Red lamp', lampId, []), await addVariant('Red lamp', lampId, [], [])];
    await fixture.services.forecasting.refreshForecasts();
    const { rows, statements } = await forecast(ids);
    expect(statements).toBe(1);
    for (const row of rows) expect(row?.coldStart?.similar.length).toBeGreaterThanOrEqual(6);
  });
});

describe('a variant with a few weeks of sales', () => {
  it('rests on its own forecast by n/(n + 6), and on similar ones scaled to its level', async () => {
    const id = await addVariant('Red lamp', lampId, Array(21).fill(30));
    const [row] = (await forecast([id])).rows;
    expect(row?.coldStart).toMatchObject({ ownPeriods: 21 });
    expect(row?.coldStart?.weight).toBeCloseTo(6 / 9, 12);
    const similar = row?.members.find(({ name }) => name === 'similar_variants');
    expect(similar?.weight).toBeCloseTo(6 / 9, 12);
    expect(row?.members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const week = sumOf(row?.forecast.mean, 7);
    expect(week).toBeGreaterThan(100); // those like it sell 45
    expect(week).toBeLessThan(220); // it sold 210
  });

  it('stands alone from its twelfth week on', async () => {
    const [young, grown] = [
      await addVariant('Red lamp', lampId, Array(83).fill(3)),
      await addVariant('Red lamp', lampId, Array(84).fill(3)),
    ];
    const { rows } = await forecast([young, grown]);
    expect(rows[0]?.coldStart?.weight).toBeCloseTo(6 / (83 / 7 + 6), 12);
    expect(rows[1]?.coldStart).toBeUndefined();
    expect(rows[1]?.members.some(({ name }) => name === 'similar_variants')).toBe(false);
  });
});

it('takes two more statements for any number of variants, and none where all have a history', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => fixture.stock.addVariant([10])));
  const before = await forecast([...lamps, ...mugs], 'WEEKLY'); // weeks are not stored
  const after = await forecast([...lamps, ...mugs, ...ids], 'WEEKLY');
  expect(after.statements).toBe(before.statements + 2); // what is similar, and its demand
  expect(after.rows.every((row) => row !== null)).toBe(true);
});

it('is null in a store where nothing was ever sold', async () => {
  const empty = await openTestDatabase();
  const shop = await makeSalesFixture(empty);
  const id = await shop.stock.addVariant([1]);
  const { forecasting } = shop.services;
  expect(await forecasting.forecastVariants([id], 'DAILY', () => undefined)).toEqual([null]);
  expect(await forecasting.refreshForecasts()).toBe(0);
  await shop.close();
  await empty.close();
});

it('reads at most 500 variants of a category', async () => {
  const large = await openTestDatabase();
  const shop = await makeSalesFixture(large);
  await large.sql.query(
    `WITH category AS (INSERT INTO category (code, name) VALUES ('c', 'C') RETURNING id),
          product AS (INSERT INTO product (handle, name, category_id)
                      SELECT 'p' || n, 'Lamp ' || n, category.id FROM category, generate_series(1, 600) n RETURNING id),
          variant AS (INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
                      SELECT id, 'S' || id, 'S', 1, 1, 'GBP' FROM product RETURNING id)
     INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue)
     SELECT variant.id, $1, day::date, 1, 1 FROM variant, unnest(ARRAY['2025-10-01', '2026-02-01']) day`,
    [shop.stock.warehouseIds[0]],
  );
  await large.sql.query(`UPDATE warehouse SET sales_through = '2026-02-28'`);
  const id = await shop.stock.addVariant([1]);
  await large.sql.query(
    `UPDATE product SET category_id = (SELECT id FROM category) WHERE id = (SELECT product_id FROM product_variant WHERE id = $1)`,
    [id],
  );
  const { targets, candidates } = await listColdTargets(large.sql, [id]);
  expect(targets.map((target) => target.id)).toEqual([id]);
  expect(candidates).toHaveLength(500);
  await shop.close();
  await large.close();
});
