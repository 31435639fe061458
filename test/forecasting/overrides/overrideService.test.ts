import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import type { OverrideLine, SetInput } from '../../../src/forecasting/overrides/checkOverrides.ts';
import { makeSalesFixture, type SalesFixture } from '../../support/salesFixture.ts';
import { errorsOf, resultOf } from '../../support/stockFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;
const steady = Array.from({ length: 140 }, (_, day) => [4, 5, 6, 5, 9, 14, 2][day % 7] ?? 0);

beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

async function addSoldVariant(): Promise<number> {
  const id = await fixture.stock.addVariant([10]);
  await fixture.addSales(id, steady, '2026-02-28');
  return id;
}
const lineOf = (variantId: number, line: Partial<OverrideLine> = {}): OverrideLine => ({
  variantId,
  from: '2026-03-01',
  to: '2026-03-07',
  units: null,
  factor: line.units == null ? 2 : null,
  ...line,
});
const set = (overrides: readonly OverrideLine[], other: Partial<SetInput> = {}) =>
  fixture.services.overrides.setOverrides({ overrides, reason: 'Fair', author: 'Ada', ...other });
const remove = (overrideIds: readonly number[], other: Partial<SetInput> = {}) =>
  fixture.services.overrides.removeOverrides({ overrideIds, reason: 'Called off', author: 'Bo', ...other });
const forecast = async (id: number, frequency: 'DAILY' | 'WEEKLY' = 'DAILY') => {
  const [row] = await fixture.services.forecasting.forecastVariants([id], frequency, () => undefined);
  if (row == null) throw new Error('The variant must have a forecast.');
  return row;
};
const sumOf = (values: Float64Array | undefined, periods: number) =>
  (values ?? new Float64Array()).subarray(0, periods).reduce((sum, value) => sum + value, 0);
const messagesOf = (errors: readonly { readonly code: string; readonly message: string }[]) =>
  errors.map(({ code, message }) => `${code}: ${message}`);

describe('overrides', () => {
  it('replace the forecast of their days in every frequency, and say what the models expected', async () => {
    const id = await addSoldVariant();
    const before = await forecast(id);
    const [overrideId = 0] = resultOf(await set([lineOf(id, { units: 500 })]));
    const daily = await forecast(id);
    expect(sumOf(daily.forecast.mean, 7)).toBeCloseTo(500, 6);
    expect(sumOf(daily.statisticalMean, 7)).toBeCloseTo(sumOf(before.forecast.mean, 7), 6);
    expect(daily.forecast.mean[7]).toBeCloseTo(before.forecast.mean[7] ?? 0, 9);
    const weekly = await forecast(id, 'WEEKLY');
    expect(weekly.forecast.mean[0]).toBeCloseTo(500, 6);
    const [row] = await fixture.services.overrides.findOverrides([overrideId]);
    expect(row).toMatchObject({
      status: 'ACTIVE',
      author: 'Ada',
      reason: 'Fair',
      finalUnits: 500,
      actualUnits: null,
    });
    expect(row?.statisticalUnits).toBeCloseTo(sumOf(before.forecast.mean, 7), 6);
  });

  it('survive a refresh of the stored forecasts and are read with them: one statement for a page', async () => {
    const ids = [await addSoldVariant(), await addSoldVariant(), await addSoldVariant()];
    resultOf(await set(ids.slice(0, 2).map((id) => lineOf(id))));
    const live = await forecast(ids[0] ?? 0);
    await fixture.services.forecasting.refreshForecasts();
    const count = { statements: 0 };
    const rows = await withStatementCount(count, () =>
      fixture.services.forecasting.forecastVariants(ids, 'DAILY', () => undefined),
    );
    expect(count.statements).toBe(1);
    expect(rows.map((row) => row?.overrides?.length ?? 0)).toEqual([1, 1, 0]);
    expect(sumOf(rows[0]?.forecast.mean, 7)).toBeCloseTo(sumOf(live.forecast.mean, 7), 2);
    expect(sumOf(rows[0]?.forecast.mean, 7)).toBeCloseTo(2 * sumOf(rows[0]?.statisticalMean, 7), 6);
  });

  it('raise what is proposed to be ordered', async () => {
    const id = await addSoldVariant();
    await fixture.stock.addOffer(fixture.stock.supplierIds[0], id, { leadTimeDaysMean: 10 });
    const propose = async () => {
      const { replenishment, inventory, purchasing } = fixture.services;
      const [[levels], [offers]] = await Promise.all([
        inventory.listLevelsOfVariants([id]),
        purchasing.listOffersOfVariants([id]),
      ]);
      const situation = replenishment.toSituation(offers, levels, await forecast(id));
      const [order] = await replenishment.calculateReorders([situation], {
        serviceLevel: 0.95,
        reviewDays: 7,
      });
      return order?.demandDuringLeadTime.mean ?? 0;
    };
    const before = await propose();
    resultOf(await set([lineOf(id, { to: '2026-04-30', factor: 3 })]));
    const after = await propose();
    expect(after / before).toBeGreaterThan(2.9);
    expect(after / before).toBeLessThan(3.1);
  });

  it('are taken back with a reason and an author; what they replaced holds again', async () => {
    const id = await addSoldVariant();
    const [first = 0] = resultOf(await set([lineOf(id, { factor: 3 })]));
    const [second = 0] = resultOf(await set([lineOf(id, { factor: 5 })]));
    const ratio = async () => {
      const row = await forecast(id);
      return sumOf(row.forecast.mean, 7) / sumOf(row.statisticalMean ?? row.forecast.mean, 7);
    };
    expect(await ratio()).toBeCloseTo(5, 9);
    expect(resultOf(await remove([second]))).toEqual([second]);
    expect(await ratio()).toBeCloseTo(3, 9);
    expect(messagesOf(errorsOf(await remove([second])))).toEqual([
      'NOT_ACTIVE: input.overrideIds.0 must be in state ACTIVE, got REMOVED.',
    ]);
    resultOf(await remove([first]));
    expect(await ratio()).toBeCloseTo(1, 9);
    const [row] = await fixture.services.overrides.findOverrides([second]);
    expect(row).toMatchObject({
      status: 'REMOVED',
      reason: 'Fair',
      removalReason: 'Called off',
      removalAuthor: 'Bo',
      removedAt: fixture.time.now,
    });
  });

  it('can neither be changed nor deleted in the store', async () => {
    resultOf(await set([lineOf(await addSoldVariant())]));
    await expect(database.sql.query(`UPDATE forecast_override SET author = 'x'`)).rejects.toThrow(
      'forecast_override is append-only',
    );
    await expect(database.sql.query('DELETE FROM forecast_override_removal')).rejects.toThrow(
      'forecast_override_removal is append-only',
    );
  });

  it('are written once a key', async () => {
    const id = await addSoldVariant();
    const input = { overrides: [lineOf(id)], reason: 'Fair', author: 'Ada' };
    const key = { key: 'override-once', mutation: 'forecastOverrideSet', arguments: input };
    const first = resultOf(await fixture.services.overrides.setOverrides(input, key));
    expect(resultOf(await fixture.services.overrides.setOverrides(input, key))).toEqual(first);
    const page = await fixture.services.overrides.listOverrides({ variantIds: [id] }, {});
    expect(page.nodes.map((row) => row.id)).toEqual(first);
  });

  it('reach 64 weeks ahead, and no further', async () => {
    const id = await addSoldVariant();
    const line = lineOf(id, { from: '2027-05-16', to: '2027-05-22', factor: 2 });
    const [overrideId = 0] = resultOf(await set([line]));
    const weekly = await forecast(id, 'WEEKLY');
    expect(weekly.overridden?.at(-1)).toBe(1);
    const [row] = await fixture.services.overrides.findOverrides([overrideId]);
    expect(row?.statisticalUnits).toBeCloseTo(weekly.statisticalMean?.at(-1) ?? 0, 6);
    expect(messagesOf(errorsOf(await set([{ ...line, to: '2027-05-23' }])))).toEqual([
      'INVALID_PERIOD: input.overrides.0.to must be less than 448 days after 2026-03-01, the first day of the forecast, got 2027-05-23.',
    ]);
  });
});

describe('refused overrides', () => {
  it('name the field, what must hold and what was got, and write nothing', async () => {
    const id = await addSoldVariant();
    const refusal = async (line: Partial<OverrideLine>) =>
      messagesOf(errorsOf(await set([{ ...lineOf(id), ...line }])));
    expect(await refusal({ factor: null })).toEqual([
      'INVALID_VALUE: input.overrides.0 must have either units or factor, got neither.',
    ]);
    expect(await refusal({ units: 1 })).toEqual([
      'INVALID_VALUE: input.overrides.0 must have either units or factor, got both.',
    ]);
    expect(await refusal({ factor: 101 })).toEqual([
      'INVALID_VALUE: input.overrides.0.factor must be 0 to 100, got 101.',
    ]);
    expect(await refusal({ factor: null, units: -1 })).toEqual([
      'INVALID_VALUE: input.overrides.0.units must be 0 to 1,000,000,000, got -1.',
    ]);
    expect(await refusal({ to: '2026-02-27' })).toEqual([
      'INVALID_PERIOD: input.overrides.0.to must be 2026-03-01 or later, the first day, got 2026-02-27.',
    ]);
    expect(await refusal({ from: '2026-02-28' })).toEqual([
      'PERIOD_PASSED: input.overrides.0.from must be 2026-03-01 or later, since earlier sales are reported, got 2026-02-28.',
    ]);
    expect((await refusal({ variantId: 999_999 }))[0]).toMatch(
      /^NOT_FOUND: input\.overrides\.0\.variantId must be the id of an existing ProductVariant, got /,
    );
    expect(
      messagesOf(errorsOf(await set([lineOf(id), lineOf(id, { from: '2026-03-07', to: '2026-03-09' })]))),
    ).toEqual([
      'OVERLAPPING_PERIODS: input.overrides.1.from must be after 2026-03-07, the last day of input.overrides.0 of the same variant, got 2026-03-07.',
    ]);
    expect(messagesOf(errorsOf(await set([lineOf(id)], { reason: ' ', author: '' })))).toEqual([
      'BLANK_REASON: input.reason must have 1 to 500 characters that are not blank, got none.',
      'BLANK_AUTHOR: input.author must have 1 to 100 characters that are not blank, got none.',
    ]);
    expect(messagesOf(errorsOf(await set(Array.from({ length: 501 }, () => lineOf(id)))))).toEqual([
      'TOO_MANY_LINES: input.overrides must have 1 to 500 entries, got 501.',
    ]);
    await expect(set([])).rejects.toThrow('input.overrides must have 1 to 500 entries, got 0.');
    await expect(set([lineOf(id)], { author: 'x'.repeat(101) })).rejects.toThrow(
      'input.author must have at most 100 characters, got 101.',
    );
    expect((await fixture.services.overrides.listOverrides({ variantIds: [id] }, {})).nodes).toEqual([]);
    expect(errorsOf(await remove([999_999])).map(({ code }) => code)).toEqual(['NOT_FOUND']);
  });
});

describe('forecast value added', () => {
  it('compares statistical and overridden forecasts with what was sold, once the period has passed', async () => {
    const own = await openTestDatabase();
    const shop = await makeSalesFixture(own);
    const { forecasting, overrides } = shop.services;
    const ids = await Promise.all([1, 2, 3, 4].map(() => shop.stock.addVariant([10])));
    for (const id of ids) await shop.addSales(id, steady, '2026-02-28');
    const line = (index: number, units: number) => lineOf(ids[index] ?? 0, { units });
    const setBy = async (author: string, lines: readonly OverrideLine[]) =>
      resultOf(await overrides.setOverrides({ overrides: lines, reason: 'Fair', author }));
    // Two good ones, one that is replaced, one that is taken back, one with a stock-out.
    await setBy('Ada', [line(0, 90), line(1, 300)]);
    await setBy('Bo', [line(1, 95)]);
    const [taken = 0] = await setBy('Bo', [line(2, 1)]);
    resultOf(await overrides.removeOverrides({ overrideIds: [taken], reason: 'No', author: 'Bo' }));
    await setBy('Bo', [line(3, 100)]);
    const statistical = await forecasting.forecastVariants(ids.slice(0, 2), 'DAILY', () => undefined);
    const expected = statistical.map((row) => sumOf(row?.statisticalMean, 7));
    expect((await overrides.measureValueAdded({ from: null, to: null, author: null })).overrideCount).toBe(0);

    for (const id of ids) await shop.addSales(id, [20, 10, 10, 10, 20, 20, 10], '2026-03-07');
    await own.sql.query(
      `UPDATE daily_sales SET in_stock = false WHERE variant_id = $1 AND date = '2026-03-03'`,
      [ids[3]],
    );
    const all = await overrides.measureValueAdded({ from: '2026-03-01', to: '2026-03-07', author: null });
    const errorBefore = expected.reduce((sum, units) => sum + Math.abs(units - 100), 0) / 200;
    expect(all).toMatchObject({
      overrideCount: 2,
      stockOutCount: 1,
      improvedCount: 2,
      worsenedCount: 0,
      actualUnits: 200,
    });
    expect(all.statisticalWape).toBeCloseTo(errorBefore, 6);
    expect(all.finalWape).toBeCloseTo(15 / 200, 9);
    expect(all.valueAdded).toBeCloseTo(errorBefore - 15 / 200, 6);
    expect(all.finalBias).toBeCloseTo(-15 / 200, 9);
    const adas = await overrides.measureValueAdded({ from: null, to: null, author: 'Ada' });
    expect(adas).toMatchObject({ overrideCount: 1, finalWape: 0.1 });
    await expect(
      overrides.measureValueAdded({ from: '2026-03-08', to: '2026-03-07', author: null }),
    ).rejects.toThrow('to must be 2026-03-08 or later, the day of from, got 2026-03-07.');
    const expired = await overrides.listOverrides({ statuses: ['EXPIRED'], author: 'Ada' }, {});
    expect(expired.nodes.map(({ actualUnits }) => actualUnits)).toEqual([100, 100]);
    const [row] = await forecasting.forecastVariants(ids.slice(0, 1), 'DAILY', () => undefined);
    expect(row?.overrides).toBeUndefined();
    await shop.close();
    await own.close();
  });
});
