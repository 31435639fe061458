import { type SalesFrequency, toPeriodHistory } from './dailyHistory.ts';
import { addPeriods } from './frequency.ts';
import type { HeardSeries } from './heardSeries.ts';
import { cutHistory } from './history.ts';
import type { SeriesHistory } from './member.ts';
import { findSeasonLength } from './seasonLength.ts';

/** Moments of the past from which forecasts are made: the last one horizon before the end, the others `step` apart. */
export type OriginSettings = {
  readonly frequency: SalesFrequency;
  /** Periods to forecast, ≥ 1. */
  readonly horizon: number;
  /** Number of origins, ≥ 1. */
  readonly origins: number;
  /** Periods between two origins, ≥ 1. */
  readonly step: number;
};

/** A history as it was known at an origin, and what came after. */
export type OriginCase = {
  readonly history: SeriesHistory;
  /** First day of the first forecast period, 'YYYY-MM-DD'. */
  readonly startsOn: string;
  /** `[horizon]`, units per period; NaN where a stock-out limited sales, so that demand is unknown. */
  readonly actual: Float64Array;
};

/** Periods that must lie before an origin: as many as the members are weighed on. */
export const shortestHistory = { DAILY: 28, WEEKLY: 8, MONTHLY: 6 } as const;
/** Periods that are seen from an origin, the same as from today. */
const longestHistory = { DAILY: 512, WEEKLY: 260, MONTHLY: 120 } as const;
const mostDaysPerPeriod = { DAILY: 1, WEEKLY: 7, MONTHLY: 31 } as const;

/** Periods between the earliest origin and the end of the history. */
export function periodsBehindOrigin({ horizon, origins, step }: Omit<OriginSettings, 'frequency'>): number {
  return horizon + (origins - 1) * step;
}

/** Days of sales that origins need, those that are seen from the earliest one included. */
export function daysForOrigins(settings: OriginSettings): number {
  const { frequency } = settings;
  return (longestHistory[frequency] + periodsBehindOrigin(settings)) * mostDaysPerPeriod[frequency];
}

/**
 * Cuts daily demand at each origin that enough history precedes, the earliest first. Nothing that happened later is
 * in a case's history: not its values, its stock-outs or its known influences, and its season is that of its length.
 */
export function listOriginCases(daily: HeardSeries, settings: OriginSettings): OriginCase[] {
  const { frequency, horizon, origins, step } = settings;
  const { history, startsOn } = toPeriodHistory(daily, frequency);
  const cases: OriginCase[] = [];
  for (let back = origins - 1; back >= 0; back -= 1) {
    const ahead = horizon + back * step;
    const cut = history.values.length - ahead;
    if (cut < shortestHistory[frequency]) continue;
    cases.push({
      // The store records which prices and promotions there were, not which were planned: beyond the cut none is known.
      history: keepLatest(cutHistory(history, cut, 0), longestHistory[frequency], frequency),
      startsOn: addPeriods(startsOn, frequency, -ahead),
      actual: Float64Array.from({ length: horizon }, (_, h) =>
        history.inStock?.[cut + h] === false ? Number.NaN : (history.values[cut + h] ?? Number.NaN),
      ),
    });
  }
  return cases;
}

function keepLatest(history: SeriesHistory, length: number, frequency: SalesFrequency): SeriesHistory {
  const { values, inStock, covariates } = history;
  const from = Math.max(0, values.length - length);
  return {
    values: values.slice(from),
    seasonLength: findSeasonLength(frequency, values.length - from),
    ...(inStock === undefined ? {} : { inStock: inStock.slice(from) }),
    ...(covariates === undefined
      ? {}
      : { covariates: covariates.map((c) => ({ ...c, values: c.values.slice(from) })) }),
  };
}
