import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOriginCases, type OriginSettings } from '../../src/forecasting/rollingOrigins.ts';
import { makeForecastingService } from '../../src/forecasting/service.ts';
import { projectFile } from '../../src/projectRoot.ts';
import type { DemandHistory } from '../../src/sales/service.ts';
import { type RunningModels, startModels } from '../../src/startModels.ts';

const settings: OriginSettings = { frequency: 'DAILY', horizon: 14, origins: 3, step: 7 };

function makeDaily(values: readonly number[], outOfStock: readonly number[] = []): DemandHistory {
  return {
    variantId: 1,
    start: '2026-01-01',
    values: Float64Array.from(values),
    inStock: values.map((_, day) => !outOfStock.includes(day)),
    promoted: values.map(() => false),
    priceRatio: new Float64Array(values.length).fill(1),
  };
}
const days = Array.from({ length: 120 }, (_, day) => 3 + (day % 7));

describe('origins', () => {
  it('lie one horizon before the end and a step apart, the earliest first', () => {
    const cases = listOriginCases(makeDaily(days), settings);
    expect(cases.map(({ history }) => history.values.length)).toEqual([92, 99, 106]);
    expect(cases.map(({ startsOn }) => startsOn)).toEqual(['2026-04-03', '2026-04-10', '2026-04-17']);
    expect(cases.map(({ actual }) => [...actual])).toEqual(
      [92, 99, 106].map((cut) => days.slice(cut, cut + 14)),
    );
  });

  it('need 28 days, 8 weeks or 6 months of history before them', () => {
    const count = (length: number, frequency: OriginSettings['frequency']) =>
      listOriginCases(makeDaily(Array.from({ length }, () => 1)), { ...settings, frequency }).length;
    expect([28 + 14, 28 + 13].map((length) => count(length, 'DAILY'))).toEqual([1, 0]);
    expect([7 * 22, 7 * 21].map((length) => count(length, 'WEEKLY'))).toEqual([1, 0]);
    expect(count(31 * 20, 'MONTHLY')).toBe(1);
  });

  it('leave what a stock-out hid unknown, in the outcome and in the history', () => {
    const [first] = listOriginCases(makeDaily(days, [90, 93]), { ...settings, origins: 3 });
    expect(first?.history.inStock?.[90]).toBe(false);
    expect(Number.isNaN(first?.actual[1])).toBe(true);
    expect(first?.actual[0]).toBe(days[92]);
  });

  it('see two years of weeks as a season only once they have passed', () => {
    const weeks = Array.from({ length: 7 * 110 }, () => 1);
    const cases = listOriginCases(makeDaily(weeks), { frequency: 'WEEKLY', horizon: 2, origins: 2, step: 6 });
    expect(cases.map(({ history }) => [history.values.length, history.seasonLength])).toEqual([
      [102, 1],
      [108, 52],
    ]);
  });

  it('do not see past the cut, whatever came later', () => {
    const demand = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(
        demand,
        demand,
        fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY'),
        (past, future, frequency) => {
          const begin = Array.from({ length: 280 }, (_, day) => past[day % 40] ?? 0);
          const one = listOriginCases(makeDaily([...begin, ...past]), { ...settings, frequency, horizon: 1 });
          const other = listOriginCases(makeDaily([...begin, ...future], [300]), {
            ...settings,
            frequency,
            horizon: 1,
          });
          const known = (cases: typeof one) =>
            cases
              .filter(({ startsOn }) => startsOn <= '2026-10-08') // day 280 is 8 October
              .map(({ history }) => ({ values: [...history.values], inStock: history.inStock }));
          expect(known(one)).toEqual(known(other));
        },
      ),
    );
  });
});

describe('forecasts from origins', () => {
  let models: RunningModels;
  beforeAll(async () => {
    models = await startModels({
      modelsFolder: projectFile('models'),
      inferenceThreads: 1,
      forecastThreads: 1,
      inferenceQueueLimit: 100,
      inferenceDeadlineMs: 60_000,
    });
  });
  afterAll(() => models.close());

  /** Forecasts of the earliest origin, from a store that holds this history. */
  async function forecast(daily: DemandHistory, wanted: OriginSettings) {
    const service = makeForecastingService({
      database: { sql: { query: refuse, execute: refuse, transaction: refuse } },
      sales: { listDemandHistories: async () => [daily] },
      signals: { listSignals: async () => [[]] },
      engines: models.engines,
      clock: () => new Date(0),
    });
    return service.forecastOrigins([1], wanted, () => undefined);
  }
  const refuse = () => Promise.reject(new Error('Nothing may be read from the store here.'));

  it('stay the same when everything after the origin changes, network and weights included', async () => {
    const later = days.map((units, day) => (day < 92 ? units : 500 - units));
    const [one] = await forecast(makeDaily(days), settings);
    const [other] = await forecast(makeDaily(later, [95, 100]), settings);
    expect(one?.actual).not.toEqual(other?.actual);
    for (const name of ['forecast', 'baseline'] as const) {
      const [a, b] = [one?.[name], other?.[name]];
      expect(a?.quantiles).toHaveLength(name === 'forecast' ? 28 * 9 : 14 * 9);
      for (const [index, value] of [...(a?.quantiles ?? [])].entries())
        expect(b?.quantiles[index]).toBeCloseTo(value, 4);
    }
  });

  it('do change with what came before it', async () => {
    const [one] = await forecast(makeDaily(days), settings);
    const [other] = await forecast(
      makeDaily(days.map((units, day) => (day < 92 ? 2 * units : units))),
      settings,
    );
    expect(other?.forecast.mean[0]).toBeGreaterThan(1.5 * (one?.forecast.mean[0] ?? Number.NaN));
  });

  it('begin alike whatever the horizon', async () => {
    const wanted = { ...settings, origins: 1, horizon: 28 };
    const cut = { ...makeDaily([...days.slice(0, 92), ...days.slice(0, 28)]) };
    const long = { ...makeDaily([...days.slice(0, 92), ...days.slice(0, 64)]) };
    const [short] = await forecast(cut, wanted);
    const [far] = await forecast(long, { ...wanted, horizon: 64 });
    for (let index = 0; index < 28 * 9; index += 1)
      expect(short?.forecast.quantiles[index]).toBeCloseTo(far?.forecast.quantiles[index] ?? Number.NaN, 4);
  });
});
