import { describe, expect, it } from 'vitest';
import { toPeriodHistory } from '../../src/forecasting/dailyHistory.ts';
import { hearSignals } from '../../src/forecasting/heardSeries.ts';
import type { SignalRow } from '../../src/signals/service.ts';

/** Three weeks from Monday 2026-02-02 to Sunday 2026-02-22. */
const daily = {
  start: '2026-02-02',
  values: new Float64Array(21).fill(1),
  inStock: new Array<boolean>(21).fill(true),
  promoted: new Array<boolean>(21).fill(false),
  priceRatio: new Float64Array(21).fill(1),
};
const rowOf = (weekStartsOn: string, complaintRate: number): SignalRow => ({
  variantId: 1,
  source: 'COMPLAINTS',
  weekStartsOn,
  complaints: 1,
  texts: 2,
  sentiment: -0.5,
  complaintRate,
});
const rows = [rowOf('2026-02-02', 0.1), rowOf('2026-02-16', 0.4)];

describe('demand with what was written', () => {
  it('knows a week from the Monday behind it on, the first not before and one without an entry as quiet', () => {
    const { signals } = hearSignals(daily, rows);
    const week = (value: number) => Array(7).fill(value);
    expect([...(signals?.complaintRate ?? [])]).toEqual([...week(Number.NaN), ...week(0.1), ...week(0), 0.4]);
    expect([...(signals?.sentiment ?? [])]).toEqual([
      ...week(Number.NaN),
      ...week(-0.5),
      ...week(Number.NaN),
      -0.5,
    ]);
  });

  it('is left as it is where nothing was', () => {
    expect(hearSignals(daily, [])).toBe(daily);
  });

  it('gives each period what was known at its end', () => {
    const { history } = toPeriodHistory(hearSignals(daily, rows), 'WEEKLY');
    expect(history.covariates?.map(({ name, values }) => [name, [...values]])).toEqual([
      ['complaint_rate', [0.1, 0, 0.4]],
      ['sentiment', [-0.5, Number.NaN, -0.5]],
    ]);
    const days = toPeriodHistory(hearSignals(daily, rows), 'DAILY').history.covariates?.[0]?.values;
    expect([days?.[5], days?.[6], days?.[20]]).toEqual([Number.NaN, 0.1, 0.4]);
  });
});
