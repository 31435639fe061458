import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';
import type { QuantileForecast } from '../member.ts';
import { alignStarts, type Dated, maximumLagDays } from './alignStarts.ts';
import { impliedCorrelation } from './jointSamples.ts';
import type { BaseForecasts, DemandHierarchy } from './reconcileDemand.ts';
import type { WarehouseShares } from './treeRepository.ts';

/** A variant with its own forecast's mean, kept without the quantiles: there may be a hundred thousand. */
export type TreeMember = {
  readonly id: number;
  readonly category: number;
  readonly startsOn: string;
  readonly mean: Float64Array;
  readonly variance: number;
  readonly shares: WarehouseShares;
};
/** A total's own forecast, by its key; null where it has no history. */
export type LevelForecast = { readonly key: number; readonly row: ForecastRow | null };
/** The own forecasts of every level above the variants. */
export type LevelForecasts = {
  readonly total: readonly LevelForecast[];
  readonly categories: readonly LevelForecast[];
  readonly warehouses: readonly LevelForecast[];
};

/** Everything that reconciliation and sampling need, aligned on one calendar. */
export type TreePlan = {
  readonly startsOn: string;
  readonly horizon: number;
  /** Members that report in time, by category and id, with the period of their forecast that is the first of all. */
  readonly members: readonly (TreeMember & { readonly offset: number })[];
  readonly categoryKeys: readonly number[];
  readonly warehouseKeys: readonly number[];
  readonly hierarchy: DemandHierarchy;
};

/** Correlations of forecast errors: between any two variants, and within each category. */
export type TreeCorrelations = { readonly overall: number; readonly within: readonly number[] };

const deviationsBetweenP10AndP90 = 2.5631031310892007;

/**
 * Error variance of a forecast as its own interval says: ((p90 − p10) ÷ 2.563)², mean over the horizon. Not below its mean,
 * the variance of a Poisson count, since the interval of rare demand may be empty.
 */
export function errorVariance({ horizon, levels, quantiles, mean }: QuantileForecast): number {
  const [low, high] = [levels.indexOf(0.1), levels.indexOf(0.9)];
  let [variance, level] = [0, 0];
  for (let period = 0; period < horizon; period += 1) {
    const row = period * levels.length;
    const width = (quantiles[row + high] ?? 0) - (quantiles[row + low] ?? 0);
    variance += (width / deviationsBetweenP10AndP90) ** 2 / horizon;
    level += (mean[period] ?? 0) / horizon;
  }
  return Math.max(variance, level, 1e-6);
}

/** Aligns members and levels and makes the hierarchy of those that report in time; null where there is none. */
export function planTree(all: readonly TreeMember[], levels: LevelForecasts): TreePlan | null {
  const flat = [...levels.total, ...levels.categories, ...levels.warehouses].map(({ row }) => row);
  const alignment = alignStarts([...all.map(toDated), ...flat]);
  if (alignment === null) return null;
  const { startsOn, horizon, offsets } = alignment;
  const members = all.flatMap((member, index) => {
    const offset = offsets[index] ?? null;
    return offset === null ? [] : [{ ...member, offset }];
  });
  if (members.length === 0) return null;
  const categoryKeys = [...new Set(members.map(({ category }) => category))];
  const categoryPlace = new Map(categoryKeys.map((key, index) => [key, index]));
  const warehouseKeys = [...new Set(members.flatMap(({ shares }) => Object.keys(shares).map(Number)))].sort(
    (a, b) => a - b,
  );
  const aligned = { startsOn, horizon };
  const variantMeans = new Float64Array(members.length * horizon);
  for (const [index, { mean, offset }] of members.entries())
    variantMeans.set(mean.subarray(offset, offset + horizon), index * horizon);
  const hierarchy = {
    horizon,
    variantMeans,
    variantVariances: Float64Array.from(members, ({ variance }) => variance),
    categoryOf: Int32Array.from(members, ({ category }) => categoryPlace.get(category) ?? 0),
    ...packCells(members, warehouseKeys),
    categories: packLevel(levels.categories, categoryKeys, aligned),
    warehouses: packLevel(levels.warehouses, warehouseKeys, aligned),
    total: packLevel(levels.total, [0], aligned),
  };
  return { ...aligned, members, categoryKeys, warehouseKeys, hierarchy };
}

/**
 * Correlations that give categories and the total the error variance that their own forecasts have; see
 * `impliedCorrelation`. A category's or total's interval is calibrated on its own past errors, so this is where the
 * dependence between variants' errors shows.
 */
export function findCorrelations({ members, hierarchy, categoryKeys }: TreePlan): TreeCorrelations {
  const sums = categoryKeys.map(() => ({ variances: 0, deviations: 0 }));
  for (const [index, { variance }] of members.entries()) {
    const sum = sums[hierarchy.categoryOf[index] ?? 0];
    if (sum === undefined) continue;
    sum.variances += variance;
    sum.deviations += Math.sqrt(variance);
  }
  const within = sums.map((sum, category) => {
    const variance = hierarchy.categories.variances[category] ?? Infinity;
    return variance === Infinity ? 0 : impliedCorrelation(variance, sum);
  });
  const variances = sums.map((sum, category) => varianceOfSum(sum, within[category] ?? 0));
  const deviations = sums.reduce((total, sum) => total + sum.deviations, 0);
  const crossed = deviations ** 2 - sums.reduce((total, sum) => total + sum.deviations ** 2, 0);
  const known = variances.reduce((total, value) => total + value, 0);
  const totalVariance = hierarchy.total.variances[0] ?? Infinity;
  const overall =
    totalVariance === Infinity || crossed <= 0
      ? 0
      : Math.min(0.9, Math.max(0, (totalVariance - known) / crossed));
  return { overall, within: within.map((correlation) => Math.max(overall, correlation)) };
}

function varianceOfSum(
  { variances, deviations }: { readonly variances: number; readonly deviations: number },
  correlation: number,
): number {
  return variances + correlation * (deviations ** 2 - variances);
}

/** A member as `alignStarts` reads it. */
function toDated({ startsOn, mean }: TreeMember): Dated {
  return { startsOn, frequency: 'DAILY', forecast: { horizon: mean.length } };
}

function packCells(members: readonly TreeMember[], warehouseKeys: readonly number[]) {
  const place = new Map(warehouseKeys.map((key, index) => [key, index]));
  const cellOffsets = new Uint32Array(members.length + 1);
  const cells = members.flatMap(({ shares }, index) => {
    const own = Object.entries(shares);
    cellOffsets[index + 1] = (cellOffsets[index] ?? 0) + own.length;
    return own;
  });
  return {
    cellOffsets,
    cellWarehouses: Uint32Array.from(cells, ([key]) => place.get(Number(key)) ?? 0),
    cellShares: Float64Array.from(cells, ([, share]) => share),
  };
}

function packLevel(
  forecasts: readonly LevelForecast[],
  keys: readonly number[],
  { startsOn, horizon }: Pick<TreePlan, 'startsOn' | 'horizon'>,
): BaseForecasts {
  const byKey = new Map(forecasts.map(({ key, row }) => [key, row]));
  const means = new Float64Array(keys.length * horizon);
  const variances = new Float64Array(keys.length).fill(Infinity);
  for (const [index, key] of keys.entries()) {
    const row = byKey.get(key) ?? null;
    if (row?.startsOn == null) continue;
    const offset = toDayNumber(startsOn) - toDayNumber(row.startsOn);
    if (offset > maximumLagDays) continue;
    means.set(row.forecast.mean.subarray(offset, offset + horizon), index * horizon);
    variances[index] = errorVariance(row.forecast);
  }
  return { means, variances };
}
