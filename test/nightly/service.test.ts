import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { makeJobHandlers } from '../../src/jobHandlers.ts';
import { startJobWorkers } from '../../src/jobs/workers.ts';
import { defaultNightlyRule } from '../../src/nightly/service.ts';
import { makeSalesFixture, type SalesFixture } from '../support/salesFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

type Node = { readonly level: string; readonly key: number; readonly mean: readonly number[] };
type Variant = {
  readonly id: number;
  readonly category: number;
  readonly mean: readonly number[];
  readonly shares: Readonly<Record<string, number>>;
};

let database: Database;
let fixture: SalesFixture;
const variantIds: number[] = [];
const weekly = [4, 5, 6, 5, 9, 14, 2];
const errors: unknown[] = [];

/** Six variants in two categories and without one; the last three also sell in the second warehouse. A seventh was never sold. */
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
  const { stock } = fixture;
  for (let index = 0; index < 7; index += 1) {
    const id = await stock.addVariant(index < 3 ? [10] : [10, 10]);
    const units = Array.from({ length: index < 6 ? 140 : 0 }, (_, day) =>
      Math.round((index + 1) * (weekly[(day + index) % 7] ?? 0) * (1 + 0.3 * Math.sin(day * (index + 1)))),
    );
    await fixture.addSales(id, units, '2026-02-28');
    await stock.addOffer(stock.supplierIds[0], id, { leadTimeDaysMean: 10 });
    variantIds.push(id);
  }
  const { sql } = database;
  await sql.query(
    `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue)
     SELECT variant_id, $1, date, units * 2, revenue FROM daily_sales WHERE variant_id = ANY($2::int[])`,
    [stock.warehouseIds[1], variantIds.slice(3, 6)],
  );
  await sql.query(`UPDATE warehouse SET sales_through = '2026-02-28'`);
  await sql.query(
    `WITH added AS (INSERT INTO category (code, name) VALUES ('a', 'A'), ('b', 'B') RETURNING id, code)
     UPDATE product SET category_id = added.id FROM added, product_variant variant
      WHERE variant.product_id = product.id
        AND ((code = 'a' AND variant.id = ANY($1::int[])) OR (code = 'b' AND variant.id = ANY($2::int[])))`,
    [variantIds.slice(0, 2), variantIds.slice(2, 5)],
  );
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await database.close();
});

async function runNightlyPlan() {
  const { services, time } = fixture;
  const outcome = await services.nightly.start({ ...defaultNightlyRule, requestedBy: null });
  if (outcome.kind === 'refused') throw new Error(outcome.userErrors[0]?.message);
  const stop = await startJobWorkers(
    {
      sql: database.sql,
      jobs: services.jobs,
      clock: () => time.now,
      onError: (error) => errors.push(error),
    },
    makeJobHandlers(services),
    { count: 2, pollMs: 20 },
  );
  const read = async () => (await services.jobs.findJobs([outcome.result]))[0] ?? null;
  await expect.poll(async () => (await read())?.finishedAt, { timeout: 60_000 }).not.toBeNull();
  await stop();
  return read();
}

const sumOf = (means: readonly (readonly number[])[], period: number) =>
  means.reduce((sum, mean) => sum + (mean[period] ?? Number.NaN), 0);

describe('the nightly plan', () => {
  it('forecasts, then reconciles, then proposes, and counts every variant three times', async () => {
    expect(await runNightlyPlan()).toMatchObject({
      state: 'COMPLETED',
      done: 21,
      total: 21,
      result: { forecasts: 7, reconciled: 7, considered: 7, proposals: 7 },
    });
    expect(errors).toEqual([]);
  }, 90_000);

  it('leaves forecasts of variants, categories, warehouses and the total that add up', async () => {
    const { sql } = database;
    const nodes = await sql.query<Node>('SELECT level, key, mean FROM forecast_tree_node');
    const variants = await sql.query<Variant>(
      `SELECT variant.id, COALESCE(product.category_id, 0) AS category, member.mean, warehouse_shares AS shares
         FROM forecast_tree_variant member JOIN product_variant variant ON variant.id = member.variant_id
         JOIN product ON product.id = variant.product_id`,
    );
    const at = (level: string) => nodes.filter((node) => node.level === level);
    expect([at('TOTAL').length, at('CATEGORY').length, at('WAREHOUSE').length]).toEqual([1, 3, 2]);
    expect(variants.map(({ id }) => id).sort()).toEqual([...variantIds].sort());
    const total = at('TOTAL')[0]?.mean ?? [];
    expect(total).toHaveLength(64);
    for (let period = 0; period < 64; period += 1) {
      const sum = total[period] ?? Number.NaN;
      expect(sum).toBeGreaterThan(0);
      for (const parts of [variants, at('CATEGORY'), at('WAREHOUSE')])
        expect(
          sumOf(
            parts.map(({ mean }) => mean),
            period,
          ),
        ).toBeCloseTo(sum, 6);
      for (const { key, mean } of at('CATEGORY')) {
        const inside = variants.filter(({ category }) => category === key).map((variant) => variant.mean);
        expect(sumOf(inside, period)).toBeCloseTo(mean[period] ?? Number.NaN, 6);
      }
    }
    // Shares of a variant hold over the whole horizon, so warehouses add up over it.
    for (const { key, mean } of at('WAREHOUSE')) {
      const served = variants.reduce(
        (sum, { mean: own, shares }) => sum + (shares[key] ?? 0) * own.reduce((a, b) => a + b, 0),
        0,
      );
      const units = mean.reduce((a, b) => a + b, 0);
      expect(Math.abs(served / units - 1)).toBeLessThan(1e-6);
    }
  });

  it('proposes what the reconciled forecasts ask for', async () => {
    const { forecasting, replenishment, inventory, purchasing } = fixture.services;
    const [rows, levels, offers] = await Promise.all([
      forecasting.forecastVariants(variantIds, 'DAILY', () => undefined),
      inventory.listLevelsOfVariants(variantIds),
      purchasing.listOffersOfVariants(variantIds),
    ]);
    expect(rows.map((row) => row?.reconciliation)).toEqual(Array(7).fill('MIN_TRACE'));
    const base = await forecasting.forecastBase(variantIds);
    const calculate = (forecasts: typeof rows) =>
      replenishment.calculateReorders(
        variantIds.map((_, index) =>
          replenishment.toSituation(offers[index], levels[index], forecasts[index]),
        ),
        defaultNightlyRule,
      );
    const [reconciled, alone] = await Promise.all([calculate(rows), calculate(base)]);
    const { nodes } = await replenishment.listProposals({}, { first: 100 });
    for (const [index, id] of variantIds.entries()) {
      const stored = nodes.find(({ variantId }) => variantId === id);
      expect(stored?.demandDuringLeadTime).toEqual(reconciled[index]?.demandDuringLeadTime);
      expect(stored?.demandDuringLeadTime.mean).not.toBe(alone[index]?.demandDuringLeadTime.mean);
      // The last one was never sold: its order rests on those like it, and says so.
      expect(stored?.inputs).toMatchObject({ similarVariantsWeight: index === 6 ? 1 : 0 });
      expect(stored?.formula.endsWith(' 100 % of the forecast rests on similar variants.')).toBe(index === 6);
    }
  });
});
