import type { HistoriesInput } from '../../forecasting/service.ts';
import type { Frequency } from '../../generated/graphql.ts';
import type { PriceItem } from '../priceItem.ts';

type DemandHistory = HistoriesInput['histories'][number];

/** Mean days of a period; months and longer differ by a few days, which rounding takes in. */
const periodDays: Readonly<Record<Frequency, number>> = {
  HOURLY: 1,
  DAILY: 1,
  WEEKLY: 7,
  MONTHLY: 365.25 / 12,
  QUARTERLY: 365.25 / 4,
  YEARLY: 365.25,
};
/** Periods that a forecast reads; earlier ones are left out. */
const mostPeriods = 2_000;

/** Days of one period of a frequency on average; observations carry days, so hours count as days. */
export function daysPerPeriod(frequency: Frequency): number {
  return periodDays[frequency];
}

/**
 * Lays an item's observations on even periods for a forecast at its current price without promotions: the price as a ratio
 * to the current one, 1 over the horizon, and promotions are known influences. Periods without an observation are missing.
 */
export function toDemandHistory(item: PriceItem, frequency: Frequency, horizon: number): DemandHistory {
  const { history, currentPrice } = item;
  const step = periodDays[frequency];
  const last = history.at(-1)?.day ?? 0;
  const placeOf = (day: number) => Math.round((last - day) / step);
  const length = Math.min(mostPeriods, placeOf(history[0]?.day ?? last) + 1);
  const values = new Float64Array(length).fill(Number.NaN);
  const inStock = new Array<boolean>(length).fill(true);
  const ratios = new Float64Array(length + horizon).fill(Number.NaN).fill(1, length);
  const promotions = new Float64Array(length + horizon);
  for (const row of history) {
    const t = length - 1 - placeOf(row.day);
    if (t < 0) continue;
    // Observations of one period, where days are uneven, are one.
    values[t] = (Number.isNaN(values[t] ?? 0) ? 0 : (values[t] ?? 0)) + row.units;
    inStock[t] = row.inStock;
    ratios[t] = row.price / currentPrice;
    promotions[t] = row.promoted ? 1 : 0;
  }
  const covariates = [
    { name: 'price_ratio', values: ratios },
    { name: 'promotion', values: promotions },
  ].filter(({ values: known }) => known.some((value) => Number.isFinite(value)));
  return { values, inStock, covariates };
}
