/** Two plain estimates of elasticities by ordinary least squares, to hold ours beside. */

import { invertSymmetric } from '../../src/maths/symmetricInverse.ts';
import type { PriceItem, PriceObservation } from '../../src/pricing/priceItem.ts';

/** A slope of log units on log price with its 95 % interval. */
export interface Slope {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const DAYS_A_YEAR = 365.25;
const FEWEST_UNITS = 0.5;
const NORMAL_95 = 1.96;
/** Keeps columns that never move, as promotions that never were, from making the matrix singular. */
const RIDGE = 1e-9;

/** Log units on log price alone. */
export function fitNaiveSlope(item: PriceItem): Slope {
  return fitFirstSlope(
    item.history.map(({ price }) => [Math.log(price)]),
    toLogUnits(item.history),
  );
}

/**
 * Log units on log price, a line and a wave over the year, promotion, the competitors' mean log price, sentiment and the
 * log of the mean units of the items' others of its groups (of all without groups) in the same period; what is unknown
 * is the item's mean.
 */
export function fitControlledSlopes(items: readonly PriceItem[]): Slope[] {
  const sums = sumUnitsByDay(items);
  return items.map((item) => {
    const rivals = fillMissing(item.history.map(meanLogCompetitor));
    const moods = fillMissing(item.history.map(({ sentiment }) => sentiment));
    const first = item.history[0]?.day ?? 0;
    const rows = item.history.map((period, t) => {
      const angle = (2 * Math.PI * period.day) / DAYS_A_YEAR;
      const years = (period.day - first) / DAYS_A_YEAR;
      return [
        Math.log(period.price),
        ...[years, Math.sin(angle), Math.cos(angle)],
        ...[period.promoted ? 1 : 0, rivals[t] ?? 0, moods[t] ?? 0],
        logOthers(sums, item, period),
      ];
    });
    return fitFirstSlope(rows, toLogUnits(item.history));
  });
}

/** The first coefficient of a regression with an intercept; rows are the regressors of each observation. */
export function fitFirstSlope(rows: readonly (readonly number[])[], outcomes: readonly number[]): Slope {
  const width = rows[0]?.length ?? 0;
  const means = Array.from({ length: width }, (_, column) => mean(rows.map((row) => row[column] ?? 0)));
  const centred = rows.map((row) => row.map((value, column) => value - (means[column] ?? 0)));
  const middle = mean(outcomes);
  const gram = new Float64Array(width * width);
  const products = new Float64Array(width);
  for (const [i, row] of centred.entries())
    for (let a = 0; a < width; a += 1) {
      products[a] = (products[a] ?? 0) + (row[a] ?? 0) * ((outcomes[i] ?? 0) - middle);
      for (let b = 0; b < width; b += 1)
        gram[a * width + b] = (gram[a * width + b] ?? 0) + (row[a] ?? 0) * (row[b] ?? 0);
    }
  for (let a = 0; a < width; a += 1) gram[a * width + a] = (gram[a * width + a] ?? 0) + RIDGE;
  const inverse = invertSymmetric(gram, width);
  const slopes = products.map((_, a) =>
    products.reduce((sum, product, b) => sum + (inverse[a * width + b] ?? 0) * product, 0),
  );
  const squares = centred.reduce((sum, row, i) => {
    const fitted = row.reduce((total, value, a) => total + value * (slopes[a] ?? 0), middle);
    return sum + ((outcomes[i] ?? 0) - fitted) ** 2;
  }, 0);
  const variance = squares / Math.max(1, rows.length - width - 1);
  const value = slopes[0] ?? Number.NaN;
  const reach = NORMAL_95 * Math.sqrt(variance * (inverse[0] ?? 0));
  return { value, low: value - reach, high: value + reach };
}

function toLogUnits(history: readonly PriceObservation[]): number[] {
  return history.map(({ units }) => Math.log(Math.max(units, FEWEST_UNITS)));
}

function meanLogCompetitor({ competitorPrices }: PriceObservation): number {
  return mean(competitorPrices.filter((price) => !Number.isNaN(price)).map(Math.log));
}

/** Missing values as the mean of the known ones; 0 where none is known. */
function fillMissing(values: readonly number[]): number[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const middle = known.length > 0 ? mean(known) : 0;
  return values.map((value) => (Number.isNaN(value) ? middle : value));
}

/** Units and number of items by group and day. */
type DaySums = ReadonlyMap<string, { readonly units: number; readonly items: number }>;

function sumUnitsByDay(items: readonly PriceItem[]): DaySums {
  const sums = new Map<string, { units: number; items: number }>();
  for (const item of items)
    for (const { day, units } of item.history) {
      const key = `${item.groups[0] ?? ''}/${day}`;
      const sum = sums.get(key) ?? { units: 0, items: 0 };
      sums.set(key, { units: sum.units + units, items: sum.items + 1 });
    }
  return sums;
}

function logOthers(sums: DaySums, item: PriceItem, { day, units }: PriceObservation): number {
  const sum = sums.get(`${item.groups[0] ?? ''}/${day}`) ?? { units: 0, items: 0 };
  const others = sum.items > 1 ? (sum.units - units) / (sum.items - 1) : 1;
  return Math.log(Math.max(others, FEWEST_UNITS));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
