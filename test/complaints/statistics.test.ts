import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { addPeriods } from '../../src/forecasting/frequency.ts';
import { resultOf } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { type ComplaintsFixture, makeComplaintsFixture } from './support/complaintsFixture.ts';

const lastMonday = '2026-02-16';
const weeks = 20;
const monday = (week: number) => addPeriods(lastMonday, 'WEEKLY', week - weeks + 1);

let database: Database;
let fixture: ComplaintsFixture;
let jumping = 0;
let quiet = 0;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeComplaintsFixture(database);
  [jumping, quiet] = [await fixture.shop.addVariant([5]), await fixture.shop.addVariant([5])];
  const [warehouseId] = fixture.shop.warehouseIds;
  const [supplierId] = fixture.shop.supplierIds;
  await fixture.shop.addOffer(supplierId, jumping);
  const rows = Array.from({ length: weeks }, (_, week) => {
    const count = week === weeks - 1 ? 12 : 1 + (week % 3);
    const add = (variantId: number, number: number) =>
      Array.from({ length: number }, () => ({ variantId, day: addPeriods(monday(week), 'DAILY', 6) }));
    return [...add(jumping, count), ...add(quiet, 2)];
  }).flat();
  await database.sql.query(
    `INSERT INTO complaint (variant_id, warehouse_id, supplier_id, carrier, channel, text, submitted_at, sentiment, is_complaint)
     SELECT "variantId", $2, CASE WHEN "variantId" = $4 THEN $3::int END, 'Swift', 'EMAIL', 'x',
            (day || ' 23:59:59Z')::timestamptz, 2, TRUE
       FROM jsonb_to_recordset($1::jsonb) AS row("variantId" int, day date)`,
    [JSON.stringify(rows), warehouseId, supplierId, jumping],
  );
  await database.sql.query(
    `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue)
     SELECT variant, $2, day::date, 10, 10 FROM unnest($1::int[]) AS variant,
            generate_series($3::date::timestamp, $4::date::timestamp + interval '6 days', interval '1 day') AS day`,
    [[jumping, quiet], warehouseId, monday(-1), lastMonday],
  );
});
afterAll(() => database.close());

const input = { groupBy: 'VARIANT', weeks: 3, through: lastMonday, first: 20, onlyAlerts: false } as const;

describe('statistics of complaints', () => {
  it('count by variant and week, per unit sold in a fortnight, by one statement, with an alert for the jump only', async () => {
    const meter = { statements: 0 };
    const rows = await withStatementCount(meter, () => fixture.complaints.listStatistics(input));
    expect(meter.statements).toBe(1);
    expect(rows.map(({ key }) => Number(key))).toEqual([jumping, quiet]);
    expect(rows[0]?.weeks.map(({ complaints, units }) => [complaints, units])).toEqual([
      [3, 140],
      [1, 140],
      [12, 140],
    ]);
    expect(rows[0]?.weeks.map(({ alert }) => alert !== null)).toEqual([false, false, true]);
    const alert = rows[0]?.weeks[2]?.alert;
    expect(alert).toMatchObject({ weeks: 1, complaints: 12 });
    expect(alert?.expected).toBeGreaterThan(1.5);
    expect(alert?.expected).toBeLessThan(2.5);
    expect(rows[1]?.weeks.every(({ alert: none }) => none === null)).toBe(true);
  });

  it('count by warehouse, supplier and carrier', async () => {
    const by = async (groupBy: 'WAREHOUSE' | 'SUPPLIER' | 'CARRIER') =>
      (await fixture.complaints.listStatistics({ ...input, groupBy })).map(({ key, weeks: shown }) => [
        key,
        shown[2]?.complaints,
        shown[2]?.units,
      ]);
    expect(await by('WAREHOUSE')).toEqual([[String(fixture.shop.warehouseIds[0]), 14, 280]]);
    expect(await by('SUPPLIER')).toEqual([[String(fixture.shop.supplierIds[0]), 12, 140]]);
    expect(await by('CARRIER')).toEqual([['Swift', 14, null]]);
  });

  it('show only groups with an alert where asked, and as many as asked', async () => {
    const keys = async (change: object) =>
      (await fixture.complaints.listStatistics({ ...input, ...change })).map(({ key }) => Number(key));
    expect(await keys({ onlyAlerts: true })).toEqual([jumping]);
    expect(await keys({ first: 1 })).toEqual([jumping]);
    expect(await keys({ onlyAlerts: true, through: monday(weeks - 2) })).toEqual([]);
  });

  it.each([
    [{ weeks: 0 }, 'input.weeks must be 1 to 104, got 0.'],
    [{ first: 101 }, 'input.first must be 1 to 100, got 101.'],
  ])('refuse %o', async (change, message) => {
    await expect(fixture.complaints.listStatistics({ ...input, ...change })).rejects.toThrow(message);
  });
});

describe('signals from complaints', () => {
  const range = { from: monday(weeks - 2), to: lastMonday };
  const stored = async () => fixture.signals.listSignals([jumping, quiet], { from: null, to: null });

  it('are written by variant and week, and the same when written again', async () => {
    expect(await fixture.complaints.refreshSignals(range)).toBe(4);
    const first = await stored();
    expect(first).toEqual([
      [
        {
          variantId: jumping,
          weekStartsOn: range.from,
          complaints: 1,
          texts: 1,
          sentiment: -0.5,
          complaintRate: 1 / 140,
          source: 'COMPLAINTS',
        },
        {
          variantId: jumping,
          weekStartsOn: lastMonday,
          complaints: 12,
          texts: 12,
          sentiment: -0.5,
          complaintRate: 12 / 140,
          source: 'COMPLAINTS',
        },
      ],
      [
        expect.objectContaining({ variantId: quiet, complaints: 2 }),
        expect.objectContaining({ variantId: quiet, complaints: 2 }),
      ],
    ]);
    expect(await fixture.complaints.refreshSignals(range)).toBe(4);
    expect(await stored()).toEqual(first);
  });

  it('leave what a client recorded', async () => {
    const recorded = {
      variantId: quiet,
      weekStartsOn: lastMonday,
      complaints: 40,
      texts: 50,
      sentiment: -0.9,
    };
    resultOf(await fixture.signals.recordSignals([recorded]));
    expect(await fixture.complaints.refreshSignals(range)).toBe(3);
    expect((await stored())[1]?.at(-1)).toMatchObject({ ...recorded, source: 'RECORDED' });
    await database.sql.query('DELETE FROM product_signal WHERE variant_id = $1 AND source = $2', [
      quiet,
      'RECORDED',
    ]);
    expect(await fixture.complaints.refreshSignals(range)).toBe(4);
  });

  it('follow a complaint that goes to another variant', async () => {
    const [row] = await database.sql.query<{ id: number }>(
      'SELECT id FROM complaint WHERE variant_id = $1 ORDER BY submitted_at DESC, id LIMIT 1',
      [jumping],
    );
    resultOf(await fixture.complaints.changeComplaint({ complaintId: row?.id ?? 0, variantId: quiet }));
    const counts = (await stored()).map((signals) => signals.at(-1)?.complaints);
    expect(counts).toEqual([11, 3]);
  });
});
