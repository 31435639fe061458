import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';
import {
  byAda,
  makeProposalsFixture,
  type ProposalsFixture,
  plainFacts,
} from './support/proposalsFixture.ts';

let database: Database;
let fixture: ProposalsFixture;
let run: number;
/** Set on the first of March, in the morning; sales are reported up to the fifteenth. */
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeProposalsFixture(database);
  run = await fixture.addRun();
  await reportThrough(0, '2026-03-15');
});
afterAll(() => database.close());

async function reportThrough(warehouse: 0 | 1, day: string | null) {
  await database.sql.query('UPDATE warehouse SET sales_through = $2 WHERE id = $1', [
    fixture.shop.warehouseIds[warehouse],
    day,
  ]);
}

type Sale = readonly [day: string, units: number, inStock?: boolean, warehouse?: 0 | 1];
/** Carries a price out for a variant that sells this; yields its recommendation. */
async function applied(sales: readonly Sale[], facts: object = {}) {
  const { addAccepted, proposals, shop } = fixture;
  const { variantId, id } = await addAccepted(run, '5.2500', { ...plainFacts, ...facts });
  await proposals.apply({ ...byAda([id]), effectiveFrom: null, isDryRun: false });
  await database.sql.query(
    `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue, in_stock)
     SELECT $1, sale.warehouse, sale.date, sale.units, sale.units, sale."inStock"
       FROM jsonb_to_recordset($2::jsonb) AS sale(date date, units int, "inStock" boolean, warehouse int)`,
    [
      variantId,
      JSON.stringify(
        sales.map(([date, units, inStock = true, warehouse = 0]) => ({
          date,
          units,
          inStock,
          warehouse: shop.warehouseIds[warehouse],
        })),
      ),
    ],
  );
  return { variantId, id };
}
const outcomeOf = async (id: number) => (await fixture.proposals.findOutcomes([id]))[0];

describe('what came of a price', () => {
  it('are the units of whole periods from the day after, beside what was predicted of as many', async () => {
    const { id } = await applied([
      ['2026-02-28', 500],
      ['2026-03-01', 500],
      ['2026-03-02', 12],
      ['2026-03-15', 26],
      ['2026-03-16', 500],
    ]);
    const outcome = await outcomeOf(id);
    expect(outcome).toMatchObject({
      firstDay: '2026-03-02',
      lastDay: '2026-03-15',
      periods: 2,
      units: 38,
      expectedUnits: 40,
      wasOutOfStock: false,
      isOutside: false,
    });
    expect(outcome?.low).toBeLessThan(30);
    expect(outcome?.high).toBeGreaterThan(50);
  });

  it('is nothing yet before a period is over, and for a price that was never set', async () => {
    const { addAccepted } = fixture;
    const monthly = await applied([['2026-03-02', 1]], { frequency: 'MONTHLY' });
    const accepted = await addAccepted(run, '5.2500');
    expect(await fixture.proposals.findOutcomes([monthly.id, accepted.id])).toEqual([null, null]);
  });

  it('counts days, weeks and months, and no more than the horizon', async () => {
    const daily = await applied([['2026-03-10', 3]], { frequency: 'DAILY', horizon: 9 });
    expect(await outcomeOf(daily.id)).toMatchObject({ periods: 9, lastDay: '2026-03-10', units: 3 });
    const monthly = await applied([['2026-04-30', 3]], { frequency: 'MONTHLY', horizon: 3 });
    await reportThrough(0, '2026-05-01');
    expect(await outcomeOf(monthly.id)).toMatchObject({ periods: 2, lastDay: '2026-05-01', units: 3 });
    await reportThrough(0, '2026-03-15');
  });

  it('ends with the price', async () => {
    const { setPrice, shop } = fixture;
    const { variantId, id } = await applied([
      ['2026-03-08', 20],
      ['2026-03-09', 500],
    ]);
    const { now } = shop.time;
    shop.time.now = new Date('2026-03-09T08:00:00.000Z');
    await setPrice(variantId, '4.0000');
    shop.time.now = now;
    expect(await outcomeOf(id)).toMatchObject({ periods: 1, lastDay: '2026-03-08', units: 20 });
  });

  it('waits for the warehouse that reports late, but not for one that has closed', async () => {
    await reportThrough(1, '2026-03-10');
    const { id } = await applied([
      ['2026-03-03', 20],
      ['2026-03-04', 5, true, 1],
    ]);
    expect(await outcomeOf(id)).toMatchObject({ periods: 1, units: 25 });
    await reportThrough(1, '2026-01-31');
    expect(await outcomeOf(id)).toMatchObject({ periods: 2, units: 25 });
    await reportThrough(1, null);
  });
});

describe('alerts', () => {
  it('name prices that hold and whose sales have left the bounds, those that differ most first', async () => {
    const { proposals } = fixture;
    const many = await applied([['2026-03-10', 400]]);
    const none = await applied([]);
    const few = await applied([['2026-03-10', 4]]);
    const empty = await applied([['2026-03-10', 0, false]]);
    const reverted = await applied([['2026-03-10', 900]]);
    await proposals.revert({ ...byAda([reverted.id]), isDryRun: false });
    const ids = (await proposals.listAlerts()).map(({ recommendationId }) => recommendationId);
    expect(ids.filter((id) => [many.id, none.id, few.id, empty.id, reverted.id].includes(id))).toEqual([
      many.id,
      none.id,
      few.id,
    ]);
    expect(await outcomeOf(empty.id)).toMatchObject({ units: 0, wasOutOfStock: true, isOutside: false });
  });

  it('of many prices are read by as many statements as of one', async () => {
    const count = async () => {
      const meter = { statements: 0 };
      await withStatementCount(meter, () => fixture.proposals.listAlerts());
      return meter.statements;
    };
    const before = await count();
    await applied([['2026-03-10', 20]]);
    expect(await count()).toBe(before);
    expect(before).toBe(3);
  });
});
