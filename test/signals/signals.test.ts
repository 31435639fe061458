import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { addPeriods } from '../../src/forecasting/frequency.ts';
import { toGlobalId } from '../../src/globalId.ts';
import type { WeeklySignal } from '../../src/signals/service.ts';
import { makeSalesFixture, type SalesFixture } from '../support/salesFixture.ts';
import { resultOf } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;
const firstMonday = '2025-03-03';
const weeks = 52;
const mondayOf = (week: number) => addPeriods(firstMonday, 'WEEKLY', week);
/** Problems of three weeks every thirteen; the last one begins three weeks before the end. */
const isBad = (week: number) => week % 13 >= 10 && week % 13 < 13;

beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

const signalOf = (variantId: number, week: number): WeeklySignal => ({
  variantId,
  weekStartsOn: mondayOf(week),
  complaints: isBad(week) ? 30 : 1,
  texts: isBad(week) ? 40 : 10,
  sentiment: isBad(week) ? -0.6 : 0.3,
});

/** A variant that sells 14 a day, and half of that from a week behind the first complaints to three behind the last. */
async function addVariant(): Promise<number> {
  const id = await fixture.stock.addVariant([10]);
  const units = Array.from({ length: 7 * weeks }, (_, day) => {
    const phase = Math.floor(day / 7) % 13;
    return (phase >= 11 || phase < 2) && day >= 77 ? 6 + (day % 3) : 13 + (day % 3);
  });
  await fixture.addSales(id, units, addPeriods(firstMonday, 'DAILY', 7 * weeks - 1));
  return id;
}

const record = (signals: readonly WeeklySignal[]) => fixture.services.signals.recordSignals(signals);
const forecast = async (id: number, frequency: 'DAILY' | 'WEEKLY') =>
  (await fixture.services.forecasting.forecastVariants([id], frequency, () => undefined))[0];

describe('weekly signals', () => {
  it('are stored once a week of a variant, with complaints per unit sold, and read by one statement', async () => {
    const [id, other] = [await addVariant(), await addVariant()];
    expect(resultOf(await record([signalOf(id, 0), signalOf(id, 1), signalOf(other, 1)]))).toBe(3);
    expect(resultOf(await record([{ ...signalOf(id, 1), complaints: 7 }]))).toBe(1);
    const count = { statements: 0 };
    const [own = [], others] = await withStatementCount(count, () =>
      fixture.services.signals.listSignals([id, other], { from: mondayOf(1), to: null }),
    );
    expect(count.statements).toBe(1);
    expect(own).toEqual([
      {
        variantId: id,
        weekStartsOn: mondayOf(1),
        complaints: 7,
        texts: 10,
        sentiment: 0.3,
        complaintRate: 7 / 195, // units of the fortnight
        source: 'RECORDED',
      },
    ]);
    expect(others).toHaveLength(1);
  });

  it.each([
    ['INVALID_WEEK', { weekStartsOn: '2026-02-03' }, 'weekStartsOn must be a Monday, got 2026-02-03.'],
    ['INVALID_COUNT', { complaints: -1 }, 'complaints must be 0 to 1,000,000, got -1.'],
    ['INVALID_COUNT', { complaints: 3, texts: 2 }, 'texts must be 3 (the complaints) to 1,000,000, got 2.'],
    ['INVALID_SENTIMENT', { sentiment: 1.5 }, 'sentiment must be −1 to 1, got 1.5.'],
    ['INVALID_SENTIMENT', { sentiment: null }, 'sentiment must be −1 to 1, got none.'],
    [
      'INVALID_SENTIMENT',
      { complaints: 0, texts: 0 },
      'sentiment must be absent where there is no text, got 0.3.',
    ],
  ])('are refused with %s for %o, and nothing is stored', async (code, change, message) => {
    const id = await fixture.stock.addVariant([1]);
    const refusal = await record([signalOf(id, 0), { ...signalOf(id, 1), ...change }]);
    expect(refusal).toMatchObject({
      kind: 'refused',
      userErrors: [{ code, message: `input.signals.1.${message}` }],
    });
    expect((await fixture.services.signals.listSignals([id], { from: null, to: null }))[0]).toEqual([]);
  });

  it('are refused twice for a week, for unknown variants, and beyond 1,000', async () => {
    const id = await fixture.stock.addVariant([1]);
    expect(await record([signalOf(id, 0), signalOf(id, 0), signalOf(2_000_000, 0)])).toMatchObject({
      userErrors: [
        {
          code: 'DUPLICATE',
          message: `input.signals.1.weekStartsOn must be another week than before for its variant, got ${firstMonday}.`,
        },
        {
          code: 'NOT_FOUND',
          message: `input.signals.2.variantId must be the id of an existing ProductVariant, got '${toGlobalId('ProductVariant', 2_000_000)}'.`,
        },
      ],
    });
    const many = Array.from({ length: 1_001 }, (_, week) => signalOf(id, week));
    expect(await record(many)).toMatchObject({
      userErrors: [
        { code: 'TOO_MANY_LINES', message: 'input.signals must have 1 to 1000 entries, got 1,001.' },
      ],
    });
    await expect(record([])).rejects.toThrow('input.signals must have 1 to 1000 entries, got 0.');
  });
});

describe('forecasts of variants with signals', () => {
  it.each(['WEEKLY', 'DAILY'] as const)(
    'name what complaints do to demand, in frequency %s',
    async (frequency) => {
      const [heard, silent] = [await addVariant(), await addVariant()];
      await record(Array.from({ length: weeks }, (_, week) => signalOf(heard, week)));
      const [row, other] = [await forecast(heard, frequency), await forecast(silent, frequency)];
      expect(other?.influences).toEqual([]);
      const names = row?.influences?.map(({ name }) => name) ?? [];
      expect(names.length).toBeGreaterThan(0);
      for (const { name, coefficient, standardError } of row?.influences ?? [])
        expect((name === 'sentiment' ? 1 : -1) * coefficient).toBeGreaterThanOrEqual(standardError);
      expect(row?.forecast.mean).not.toEqual(other?.forecast.mean);
    },
  );

  it('keep them when they are stored', async () => {
    const id = await addVariant();
    await record(Array.from({ length: weeks }, (_, week) => signalOf(id, week)));
    const computed = await forecast(id, 'DAILY');
    await fixture.services.forecasting.refreshForecasts();
    expect((await forecast(id, 'DAILY'))?.influences).toEqual(computed?.influences);
  });
});
