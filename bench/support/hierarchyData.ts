/** Sales of a shop as a hierarchy: histories and own forecasts of every level up to a day, and what was sold after it. */

import { fromDayNumber } from '../../src/forecasting/dayNumber.ts';
import { forecastEnsemble, type NetworkForecaster } from '../../src/forecasting/ensemble.ts';
import type { ForecastRow } from '../../src/forecasting/forecastRow.ts';
import {
  type LevelForecast,
  type LevelForecasts,
  type TreeMember,
  type TreePlan,
  typicalQuantiles,
} from '../../src/forecasting/hierarchy/treePlan.ts';
import { type QuantileForecast, STANDARD_LEVELS } from '../../src/forecasting/member.ts';

/** Units of a variant sold by a warehouse on a day (days since 1970-01-01). */
export type SalesRow = {
  readonly variant: number;
  readonly category: number;
  readonly warehouse: number;
  readonly day: number;
  readonly units: number;
};
/** A variant with its own forecast, quantiles included. */
export type BenchMember = TreeMember & { readonly forecast: QuantileForecast };

/** Own forecasts of every level. */
export type BenchForecasts = { readonly members: readonly BenchMember[]; readonly levels: LevelForecasts };

/** Levels of the forecasts. */
export const benchLevels = [0.05, ...STANDARD_LEVELS, 0.95];
const horizon = 28;
const historyDays = 512;
const batchSize = 256;
/** Variants with fewer days since their first sale are left out. */
const minimumDays = 56;

/** Forecasts every level with what was sold up to `cut`, as the store's nightly run does. */
export async function forecastLevels(
  rows: readonly SalesRow[],
  cut: number,
  network: NetworkForecaster | null,
): Promise<BenchForecasts> {
  const known = rows.filter(({ day }) => day <= cut);
  const first = new Map<number, number>();
  for (const { variant, day } of known) first.set(variant, Math.min(first.get(variant) ?? day, day));
  const used = known.filter(({ variant }) => (first.get(variant) ?? cut) <= cut - minimumDays + 1);
  const forecastBy = async (keyOf: (row: SalesRow) => number): Promise<LevelForecast[]> => {
    const histories = [...toSeries(used, keyOf, cut)].sort(([a], [b]) => a - b);
    const forecasts = await forecast(
      histories.map(([, values]) => values),
      network,
    );
    return histories.map(([key], index) => ({ key, row: toRow(forecasts[index], cut) }));
  };
  const shares = sharesOf(used, cut);
  const categories = new Map(used.map(({ variant, category }) => [variant, category]));
  const variants = await forecastBy(({ variant }) => variant);
  const members = variants.flatMap(({ key, row }) => {
    if (row === null) return [];
    const { mean } = row.forecast;
    const place = { id: key, category: categories.get(key) ?? 0, shares: shares.get(key) ?? {} };
    const typical = typicalQuantiles(row.forecast);
    return [{ ...place, startsOn: row.startsOn ?? '', mean, typical, forecast: row.forecast }];
  });
  members.sort((a, b) => a.category - b.category || a.id - b.id);
  return {
    members,
    levels: {
      total: await forecastBy(() => 0),
      categories: await forecastBy(({ category }) => category),
      warehouses: await forecastBy(({ warehouse }) => warehouse),
    },
  };
}

/** What was sold in the `horizon` days from `from` on, `[N × horizon]` a level, of the variants of the plan. */
export function sumTruth(
  rows: readonly SalesRow[],
  plan: TreePlan,
  window: { readonly from: number; readonly horizon: number },
) {
  const variants = new Map(plan.members.map(({ id }, index) => [id, index]));
  const later = rows.filter(
    ({ variant, day }) => variants.has(variant) && day >= window.from && day < window.from + window.horizon,
  );
  const sumBy = (count: number, indexOf: (row: SalesRow) => number) => {
    const sums = new Float64Array(count * window.horizon);
    for (const row of later) {
      const at = indexOf(row) * window.horizon + row.day - window.from;
      sums[at] = (sums[at] ?? 0) + row.units;
    }
    return sums;
  };
  return {
    total: sumBy(1, () => 0),
    categories: sumBy(plan.categoryKeys.length, ({ category }) => plan.categoryKeys.indexOf(category)),
    warehouses: sumBy(plan.warehouseKeys.length, ({ warehouse }) => plan.warehouseKeys.indexOf(warehouse)),
    variants: sumBy(plan.members.length, ({ variant }) => variants.get(variant) ?? 0),
  };
}

function toSeries(rows: readonly SalesRow[], keyOf: (row: SalesRow) => number, cut: number) {
  const first = new Map<number, number>();
  for (const row of rows) first.set(keyOf(row), Math.min(first.get(keyOf(row)) ?? row.day, row.day));
  const series = new Map<number, Float64Array>();
  for (const row of rows) {
    const start = Math.max(first.get(keyOf(row)) ?? cut, cut - historyDays + 1);
    const values = series.get(keyOf(row)) ?? new Float64Array(cut - start + 1);
    series.set(keyOf(row), values);
    if (row.day >= start) values[row.day - start] = (values[row.day - start] ?? 0) + row.units;
  }
  return series;
}

async function forecast(histories: readonly Float64Array[], network: NetworkForecaster | null) {
  const forecasts: QuantileForecast[] = [];
  for (let from = 0; from < histories.length; from += batchSize) {
    const series = histories.slice(from, from + batchSize).map((values) => ({ values, seasonLength: 7 }));
    const request = { series, horizon, levels: benchLevels, windowLength: horizon, isPooled: false };
    const answer = await forecastEnsemble(request, { network });
    forecasts.push(...answer.series.map((item) => item.forecast));
  }
  return forecasts;
}

function toRow(forecast: QuantileForecast | undefined, cut: number): ForecastRow | null {
  if (forecast === undefined) return null;
  return {
    model: { name: 'bench', version: '1' },
    generatedAt: new Date(0),
    frequency: 'DAILY',
    startsOn: fromDayNumber(cut + 1),
    forecast,
    members: [],
    accuracy: null,
  };
}

/** Share of each warehouse in a variant's units of the last 91 days, of all days where those sold nothing. */
function sharesOf(rows: readonly SalesRow[], cut: number): Map<number, Record<string, number>> {
  const units = new Map<number, Map<number, [number, number]>>();
  for (const { variant, warehouse, day, units: sold } of rows) {
    const own = units.get(variant) ?? new Map<number, [number, number]>();
    units.set(variant, own);
    const [recent, all] = own.get(warehouse) ?? [0, 0];
    own.set(warehouse, [recent + (day > cut - 91 ? sold : 0), all + sold]);
  }
  return new Map(
    [...units].map(([variant, own]) => {
      const isRecent = [...own.values()].some(([recent]) => recent > 0);
      const chosen = [...own].map(([id, [recent, all]]) => [id, isRecent ? recent : all] as const);
      const total = chosen.reduce((sum, [, value]) => sum + value, 0);
      return [
        variant,
        Object.fromEntries(chosen.filter(([, value]) => value > 0).map(([id, value]) => [id, value / total])),
      ];
    }),
  );
}
