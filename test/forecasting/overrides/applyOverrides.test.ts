import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForecastRow } from '../../../src/forecasting/forecastRow.ts';
import { applyOverrides, sumStatistical } from '../../../src/forecasting/overrides/applyOverrides.ts';
import type { Override } from '../../../src/forecasting/overrides/override.ts';

function rowOf(
  mean: readonly number[],
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' = 'DAILY',
  startsOn = '2026-03-02',
): ForecastRow {
  return {
    model: { name: 'test', version: '1' },
    generatedAt: new Date('2026-03-01T00:00:00Z'),
    frequency,
    startsOn,
    forecast: {
      horizon: mean.length,
      levels: [0.1, 0.5, 0.9],
      quantiles: Float64Array.from(mean.flatMap((units) => [units / 2, units, units * 2])),
      mean: Float64Array.from(mean),
    },
    members: [],
    accuracy: null,
  };
}

function overrideOf(startsOn: string, endsOn: string, value: Partial<Override>, id = 1): Override {
  return { id, startsOn, endsOn, units: null, factor: null, ...value };
}

const meansOf = (row: ForecastRow) => [...row.forecast.mean];

describe('overrides of a forecast', () => {
  it('multiply the days of their period and scale the quantiles with the mean', () => {
    const row = applyOverrides(rowOf([10, 20, 30]), [
      overrideOf('2026-03-03', '2026-03-03', { factor: 1.5 }),
    ]);
    expect(meansOf(row)).toEqual([10, 30, 30]);
    expect([...row.forecast.quantiles]).toEqual([5, 10, 20, 15, 30, 60, 15, 30, 60]);
    expect([...(row.statisticalMean ?? [])]).toEqual([10, 20, 30]);
    expect([...(row.overridden ?? [])]).toEqual([0, 1, 0]);
  });

  it('spread units over the period like the statistical forecast', () => {
    const row = applyOverrides(rowOf([10, 20, 30]), [overrideOf('2026-03-03', '2026-03-04', { units: 100 })]);
    expect(meansOf(row)).toEqual([10, 40, 60]);
  });

  it('spread units evenly where the statistical forecast is 0, and all quantiles become the mean', () => {
    const row = applyOverrides(rowOf([0, 0]), [overrideOf('2026-03-02', '2026-03-03', { units: 8 })]);
    expect(meansOf(row)).toEqual([4, 4]);
    expect([...row.forecast.quantiles]).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it('hold for part of a week: 7 units over two days among five days of 10', () => {
    const row = applyOverrides(rowOf([70], 'WEEKLY'), [overrideOf('2026-03-02', '2026-03-03', { units: 7 })]);
    expect(row.forecast.mean[0]).toBeCloseTo(57, 9);
  });

  it('hold for part of a calendar month', () => {
    const row = applyOverrides(rowOf([310], 'MONTHLY', '2026-03-01'), [
      overrideOf('2026-03-01', '2026-03-31', { factor: 2 }),
      overrideOf('2026-03-31', '2026-03-31', { factor: 0 }, 2),
    ]);
    expect(row.forecast.mean[0]).toBeCloseTo(600, 9);
  });

  it('give way to later ones on the days that both cover, and name those that hold', () => {
    const row = applyOverrides(rowOf([10, 10, 10]), [
      overrideOf('2026-03-02', '2026-03-04', { factor: 2 }, 1),
      overrideOf('2026-03-03', '2026-03-03', { factor: 0.5 }, 2),
      overrideOf('2027-01-01', '2027-01-02', { factor: 9 }, 3),
    ]);
    expect(meansOf(row)).toEqual([20, 5, 20]);
    expect(row.overrides?.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('leave a forecast untouched once their days have passed', () => {
    const before = rowOf([10, 10]);
    expect(applyOverrides(before, [overrideOf('2026-02-01', '2026-03-01', { units: 5 })])).toBe(before);
  });

  it('keep the even share of days outside the forecast out of it', () => {
    const row = applyOverrides(rowOf([10, 10]), [overrideOf('2026-02-28', '2026-03-03', { units: 100 })]);
    expect(meansOf(row)).toEqual([25, 25]);
  });

  it('reach their units from a statistical forecast of almost nothing', () => {
    const row = applyOverrides(rowOf([2e-323, 0]), [overrideOf('2026-03-02', '2026-03-03', { units: 4 })]);
    expect(meansOf(row)).toEqual([4, 0]);
  });

  it('sum to the units given, whatever the statistical forecast and the frequency', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 10, maxLength: 10 }),
        fc.constantFrom('DAILY' as const, 'WEEKLY' as const),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 5 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (mean, frequency, first, length, units) => {
          const row = rowOf(mean, frequency);
          const override = overrideOf(
            `2026-03-0${2 + first}`,
            `2026-03-${String(2 + first + length).padStart(2, '0')}`,
            {
              units,
            },
          );
          const total = (of: ForecastRow) => of.forecast.mean.reduce((sum, value) => sum + value, 0);
          const expected = total(row) - sumStatistical(row, override) + units;
          expect(total(applyOverrides(row, [override]))).toBeCloseTo(expected, 3);
        },
      ),
    );
  });
});
