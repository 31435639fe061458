import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';
import type { QuantileForecast } from '../member.ts';
import { alignStarts, type Dated, maximumLagDays } from './alignStarts.ts';
import type { CalibrationRequest } from './calibrateCorrelations.ts';
import type { BaseForecasts, DemandHierarchy } from './reconcileDemand.ts';
import type { WarehouseShares } from './treeRepository.ts';

/** A variant with its own forecast's mean, kept without the quantiles: there may be a hundred thousand. */
export type TreeMember = {
  readonly id: number;
  readonly category: number;
  readonly startsOn: string;
  readonly mean: Float64Array;
  /** `[Q]`, the quantiles of a typical day: their means over the horizon. */
  readonly typical: Float64Array;
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

/**
 * Error variance of a sum's own forecast, as a share of the variances of the variants below it. Below 1, since what is
 * wrong with many forecasts partly cancels; chosen on origins before those that `bench/hierarchy.ts` reports.
 */
export const SUM_VARIANCE = 0.3;
/** Smallest variance of a variant, for those that are expected to sell nothing. */
const smallestVariance = 1e-3;

/** The quantiles of a typical period of a forecast, `[Q]`: their means over the horizon. */
export function typicalQuantiles({
  horizon,
  levels,
  quantiles,
}: QuantileForecast): Float64Array<ArrayBuffer> {
  const typical = new Float64Array(levels.length);
  for (let cell = 0; cell < horizon * levels.length; cell += 1) {
    const level = cell % levels.length;
    typical[level] = (typical[level] ?? 0) + (quantiles[cell] ?? 0) / horizon;
  }
  return typical;
}

/**
 * Aligns members and levels and makes the hierarchy of those that report in time; null where there is none.
 *
 * Variances are structural, with a variant counting as much as it is expected to sell: w = its mean over the horizon, and
 * `SUM_VARIANCE` × the sum of those below for a sum. A gap between a sum and its parts is then shared in proportion to
 * expected units. Variances of the forecasts' own errors would be the textbook's choice, but without the covariances
 * between variants, which are large and unknown, they trust the sum of the variants far too much (`bench/hierarchy.ts`).
 *
 * Source of structural scaling: G. Athanasopoulos, R. J. Hyndman, N. Kourentzes and F. Petropoulos, "Forecasting with
 * temporal hierarchies", EJOR 262 (2017), pp. 60–74, §3.
 */
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
  const warehouseKeys = [...new Set(members.flatMap(({ shares }) => Object.keys(shares).map(Number)))].sort(
    (a, b) => a - b,
  );
  const aligned = { startsOn, horizon };
  return {
    ...aligned,
    members,
    categoryKeys,
    warehouseKeys,
    hierarchy: packHierarchy({ ...aligned, members, categoryKeys, warehouseKeys }, levels),
  };
}

/** What the calibration of the copula asks, of a plan and the levels it was made from. */
export function calibrationOf(
  { members, hierarchy, categoryKeys }: TreePlan,
  levels: LevelForecasts,
  quantileLevels: readonly number[],
): CalibrationRequest {
  const widthOf = (forecasts: readonly LevelForecast[], key: number) => {
    const forecast = forecasts.find((candidate) => candidate.key === key)?.row?.forecast;
    if (forecast === undefined) return Number.NaN;
    const typical = typicalQuantiles(forecast);
    return (typical[forecast.levels.indexOf(0.9)] ?? 0) - (typical[forecast.levels.indexOf(0.1)] ?? 0);
  };
  const width = quantileLevels.length;
  const quantiles = new Float64Array(members.length * width);
  for (const [index, { typical }] of members.entries()) quantiles.set(typical, index * width);
  return {
    levels: quantileLevels,
    quantiles,
    means: Float64Array.from(members, ({ mean }) => meanOf(mean)),
    seeds: Uint32Array.from(members, ({ id }) => id),
    clusters: Int32Array.from(members, ({ category }) => category),
    clusterOf: hierarchy.categoryOf,
    clusterWidths: Float64Array.from(categoryKeys, (key) => widthOf(levels.categories, key)),
    totalWidth: widthOf(levels.total, 0),
  };
}

function packHierarchy(plan: Omit<TreePlan, 'hierarchy'>, levels: LevelForecasts): DemandHierarchy {
  const { members, categoryKeys, warehouseKeys, horizon } = plan;
  const categoryPlace = new Map(categoryKeys.map((key, index) => [key, index]));
  const variantMeans = new Float64Array(members.length * horizon);
  for (const [index, { mean, offset }] of members.entries())
    variantMeans.set(mean.subarray(offset, offset + horizon), index * horizon);
  const variantVariances = Float64Array.from(members, ({ mean }) => Math.max(smallestVariance, meanOf(mean)));
  const categoryOf = Int32Array.from(members, ({ category }) => categoryPlace.get(category) ?? 0);
  const cells = packCells(members, warehouseKeys);
  const below = {
    total: new Float64Array(1),
    categories: new Float64Array(categoryKeys.length),
    warehouses: new Float64Array(warehouseKeys.length),
  };
  for (const [variant, variance] of variantVariances.entries()) {
    addTo(below.total, 0, variance);
    addTo(below.categories, categoryOf[variant] ?? 0, variance);
    for (let cell = cells.cellOffsets[variant] ?? 0; cell < (cells.cellOffsets[variant + 1] ?? 0); cell += 1)
      addTo(below.warehouses, cells.cellWarehouses[cell] ?? 0, variance * (cells.cellShares[cell] ?? 0));
  }
  return {
    horizon,
    variantMeans,
    variantVariances,
    categoryOf,
    ...cells,
    categories: packLevel(levels.categories, categoryKeys, { plan, below: below.categories }),
    warehouses: packLevel(levels.warehouses, warehouseKeys, { plan, below: below.warehouses }),
    total: packLevel(levels.total, [0], { plan, below: below.total }),
  };
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
  { plan, below }: { readonly plan: Omit<TreePlan, 'hierarchy'>; readonly below: Float64Array },
): BaseForecasts {
  const { startsOn, horizon } = plan;
  const byKey = new Map(forecasts.map(({ key, row }) => [key, row]));
  const means = new Float64Array(keys.length * horizon);
  const variances = new Float64Array(keys.length).fill(Infinity);
  for (const [index, key] of keys.entries()) {
    const row = byKey.get(key) ?? null;
    if (row?.startsOn == null) continue;
    const offset = toDayNumber(startsOn) - toDayNumber(row.startsOn);
    if (offset > maximumLagDays) continue;
    means.set(row.forecast.mean.subarray(offset, offset + horizon), index * horizon);
    variances[index] = SUM_VARIANCE * (below[index] ?? 0);
  }
  return { means, variances };
}

function addTo(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
