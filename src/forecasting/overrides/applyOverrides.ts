import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';
import { addPeriods } from '../frequency.ts';
import type { Override } from './override.ts';

/** Days of a forecast as numbers: period t has the days `bounds[t]` … `bounds[t + 1]` − 1. */
type Calendar = { readonly bounds: readonly number[]; readonly dailyMean: (day: number) => number };

/** What one override makes of a day, given what the models expect of it. */
type DayRule = (statistical: number) => number;

/**
 * Puts overrides, oldest first, over a forecast: the last one that covers a day holds there. A period's statistical
 * units count evenly for its days, so an override may cover part of a week or month.
 *
 * - A factor multiplies the statistical units of each day.
 * - Units are those of the whole override. Days outside the forecast take their even share; the days inside share the
 *   rest in proportion to the statistical forecast, evenly where that is 0.
 *
 * The quantiles of a period are scaled by final ÷ statistical mean: the planner moves the level, the relative
 * uncertainty stays. Where the statistical mean is 0 they all become the final mean. Expired overrides change nothing,
 * since a forecast begins after the last reported day.
 */
export function applyOverrides(row: ForecastRow, overrides: readonly Override[]): ForecastRow {
  if (overrides.length === 0 || row.startsOn === null) return row;
  const calendar = readCalendar(row, row.startsOn);
  const owners = findOwners(calendar, overrides);
  if (owners.size === 0) return row;
  const { horizon, levels } = row.forecast;
  const mean = row.forecast.mean.slice();
  const quantiles = row.forecast.quantiles.slice();
  const overridden = new Uint8Array(horizon);
  const rules = new Map(
    [...new Set(owners.values())].map((override) => [override, ruleOf(override, calendar)]),
  );
  for (let period = 0; period < horizon; period += 1) {
    let [final, touched] = [0, 0];
    for (let day = boundAt(calendar, period); day < boundAt(calendar, period + 1); day += 1) {
      const owner = owners.get(day);
      const rule = owner === undefined ? undefined : rules.get(owner);
      final += rule === undefined ? calendar.dailyMean(day) : rule(calendar.dailyMean(day));
      if (rule !== undefined) touched = 1;
    }
    if (touched === 0) continue;
    overridden[period] = 1;
    scaleRow(quantiles.subarray(period * levels.length, (period + 1) * levels.length), {
      from: row.forecast.mean[period] ?? 0,
      to: final,
    });
    mean[period] = final;
  }
  return {
    ...row,
    forecast: { ...row.forecast, mean, quantiles },
    statisticalMean: row.statisticalMean ?? row.forecast.mean,
    overridden,
    overrides: [...new Set([...(row.overrides ?? []), ...owners.values()])].sort((a, b) => a.id - b.id),
  };
}

/** Moves one period's quantiles from one mean to another, in place: scaled, or all `to` where `from` is 0. */
export function scaleRow(
  quantiles: Float64Array,
  mean: { readonly from: number; readonly to: number },
): void {
  for (let k = 0; k < quantiles.length; k += 1)
    quantiles[k] = mean.from > 0 ? ((quantiles[k] ?? 0) / mean.from) * mean.to : mean.to;
}

/** Statistical units that a forecast expects from `startsOn` to `endsOn`, days outside it left out. */
export function sumStatistical(row: ForecastRow, period: Pick<Override, 'startsOn' | 'endsOn'>): number {
  if (row.startsOn === null) return 0;
  const calendar = readCalendar(row, row.startsOn);
  let sum = 0;
  for (const day of daysInside(calendar, period)) sum += calendar.dailyMean(day);
  return sum;
}

function readCalendar(row: ForecastRow, startsOn: string): Calendar {
  const { horizon } = row.forecast;
  const statistical = row.statisticalMean ?? row.forecast.mean;
  const bounds = Array.from({ length: horizon + 1 }, (_, period) =>
    toDayNumber(addPeriods(startsOn, row.frequency, period)),
  );
  const daily = new Map<number, number>();
  for (let period = 0; period < horizon; period += 1) {
    const [first, end] = [bounds[period] ?? 0, bounds[period + 1] ?? 0];
    for (let day = first; day < end; day += 1) daily.set(day, (statistical[period] ?? 0) / (end - first));
  }
  return { bounds, dailyMean: (day) => daily.get(day) ?? 0 };
}

function findOwners(calendar: Calendar, overrides: readonly Override[]): Map<number, Override> {
  const owners = new Map<number, Override>();
  for (const override of overrides)
    for (const day of daysInside(calendar, override)) owners.set(day, override);
  return owners;
}

function ruleOf(override: Override, calendar: Calendar): DayRule {
  const { units, factor } = override;
  if (units === null) return (statistical) => statistical * (factor ?? 1);
  const inside = daysInside(calendar, override);
  const length = toDayNumber(override.endsOn) - toDayNumber(override.startsOn) + 1;
  const share = (units * inside.length) / length;
  const statisticalUnits = inside.reduce((sum, day) => sum + calendar.dailyMean(day), 0);
  return statisticalUnits > 0
    ? (statistical) => (statistical / statisticalUnits) * share
    : () => share / inside.length;
}

function daysInside(
  calendar: Calendar,
  { startsOn, endsOn }: Pick<Override, 'startsOn' | 'endsOn'>,
): number[] {
  const first = Math.max(toDayNumber(startsOn), calendar.bounds[0] ?? 0);
  const last = Math.min(toDayNumber(endsOn), (calendar.bounds.at(-1) ?? 0) - 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function boundAt({ bounds }: Calendar, period: number): number {
  return bounds[period] ?? 0;
}
