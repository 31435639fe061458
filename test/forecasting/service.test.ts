import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import type { ModelRun } from '../../src/inference/inferenceRuntime.ts';
import { makeSalesFixture, type SalesFixture } from '../support/salesFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;
const weekly = [4, 5, 6, 5, 9, 14, 2];
const steady = Array.from({ length: 210 }, (_, day) => weekly[day % 7] ?? 0);

beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

async function forecast(ids: readonly number[]) {
  const runs: ModelRun[] = [];
  const count = { statements: 0 };
  const rows = await withStatementCount(count, () =>
    fixture.services.forecasting.forecastVariants(ids, 'DAILY', (run) => runs.push(run)),
  );
  return { rows, runs, statements: count.statements };
}

it('forecasts many variants nobody wrote about with two statements and one model run', async () => {
  const sold = await Promise.all([1, 2, 3].map(() => fixture.stock.addVariant([10])));
  for (const id of sold) await fixture.addSales(id, steady, '2026-02-28');
  const { rows, runs, statements } = await forecast(sold);
  expect(rows.every((row) => row !== null)).toBe(true);
  expect(statements).toBe(2); // what is known of them, their sales
  expect(runs.map(({ model }) => model)).toEqual(['demand']);
  expect(rows[0]?.startsOn).toBe('2026-03-01');
});

it('sees the week: the busiest weekday is forecast highest, and the week sums up to what a week sells', async () => {
  const id = await fixture.stock.addVariant([10]);
  await fixture.addSales(id, steady, '2026-02-28');
  const [row] = (await forecast([id])).rows;
  const days = Array.from(row?.forecast.mean.subarray(0, 7) ?? []);
  expect(days.indexOf(Math.max(...days))).toBe(5);
  expect(days.reduce((sum, units) => sum + units, 0)).toBeGreaterThan(40);
  expect(days.reduce((sum, units) => sum + units, 0)).toBeLessThan(50);
});

it('answers from the store without a model run while the stored forecast is fresh, and anew once more sales are in', async () => {
  const id = await fixture.stock.addVariant([10]);
  await fixture.addSales(id, steady, '2026-02-28');
  const computed = (await forecast([id])).rows[0];
  await fixture.services.forecasting.refreshForecasts();
  const stored = await forecast([id]);
  expect(stored.runs).toEqual([]);
  expect(stored.statements).toBe(1);
  expect(stored.rows[0]?.startsOn).toBe('2026-03-01');
  expect(stored.rows[0]?.forecast.horizon).toBe(computed?.forecast.horizon);
  for (const [index, units] of [...(computed?.forecast.quantiles ?? [])].entries()) {
    const kept = stored.rows[0]?.forecast.quantiles[index] ?? Number.NaN;
    expect(Math.abs(kept - units)).toBeLessThanOrEqual(1e-5 * Math.abs(units)); // six digits
  }
  await fixture.addSales(id, [6, 7], '2026-03-02');
  const fresh = await forecast([id]);
  expect(fresh.runs).toHaveLength(1);
  expect(fresh.rows[0]?.startsOn).toBe('2026-03-03');
});

it('refreshes the catalogue range by range, each variant in one of them', async () => {
  const ids = await Promise.all([1, 2].map(() => fixture.stock.addVariant([10])));
  for (const id of ids) await fixture.addSales(id, steady, '2026-03-02');
  await fixture.stock.addVariant([10]); // never sold, but like others
  const { forecasting } = fixture.services;
  const ranges = await forecasting.listRefreshRanges();
  const refreshed = (await Promise.all(ranges.map(forecasting.refreshRange))).flat();
  const all = await database.sql.query<{ id: number }>('SELECT id FROM product_variant ORDER BY id');
  expect(refreshed).toEqual(all.map(({ id }) => id));
  expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(refreshed.length);
});

it('keeps quantiles in order, weights on the simplex and shows the baseline beside its accuracy', async () => {
  const id = await fixture.stock.addVariant([10]);
  await fixture.addSales(id, steady, '2026-02-28');
  const [row] = (await forecast([id])).rows;
  const { levels, quantiles, horizon } = row?.forecast ?? {
    levels: [],
    quantiles: new Float64Array(),
    horizon: 0,
  };
  for (let period = 0; period < horizon; period += 1) {
    const values = quantiles.subarray(period * levels.length, (period + 1) * levels.length);
    expect([...values]).toEqual([...values].sort((a, b) => a - b));
  }
  expect(row?.members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
  expect(row?.accuracy?.baseline.wape).toBeGreaterThanOrEqual(0);
});
