/** Ways of making a hierarchy add up, beside each level's own forecasts. */

import {
  type BaseForecasts,
  type DemandHierarchy,
  reconcileDemand,
} from '../../src/forecasting/hierarchy/reconcileDemand.ts';
import type { LevelForecast, TreePlan } from '../../src/forecasting/hierarchy/treePlan.ts';
import type { QuantileForecast } from '../../src/forecasting/member.ts';
import type { BenchForecasts } from './hierarchyData.ts';

/** Mean forecasts of each level, `[N × H]`. */
export type LevelMeans = Readonly<Record<'total' | 'categories' | 'warehouses' | 'variants', Float64Array>>;

/** The methods by name, ours last. */
export function methodsOf(plan: TreePlan, forecasts: BenchForecasts): [string, LevelMeans][] {
  const { hierarchy } = plan;
  const scale = (
    changes: Pick<DemandHierarchy, 'variantVariances'>,
    sums: (level: SumLevel) => Float64Array,
  ) =>
    reconcile({
      ...hierarchy,
      ...changes,
      total: withVariances(hierarchy.total, sums('total')),
      categories: withVariances(hierarchy.categories, sums('categories')),
      warehouses: withVariances(hierarchy.warehouses, sums('warehouses')),
    });
  const { variantVariances } = hierarchy;
  const ones = variantVariances.map(() => 1);
  return [
    [
      'own',
      {
        total: hierarchy.total.means,
        categories: hierarchy.categories.means,
        warehouses: hierarchy.warehouses.means,
        variants: hierarchy.variantMeans,
      },
    ],
    ['bottom up', scale({ variantVariances }, (level) => hierarchy[level].variances.map(() => Infinity))],
    ['structural', scale({ variantVariances: ones }, (level) => countBelow(hierarchy)[level])],
    [
      'error variance',
      scale(
        { variantVariances: Float64Array.from(forecasts.members, ({ forecast }) => errorVariance(forecast)) },
        (level) =>
          variancesOf(
            forecasts.levels[level],
            level === 'total' ? [0] : level === 'categories' ? plan.categoryKeys : plan.warehouseKeys,
          ),
      ),
    ],
    ['ours', reconcile(hierarchy)],
  ];
}

type SumLevel = 'total' | 'categories' | 'warehouses';

function reconcile(hierarchy: DemandHierarchy): LevelMeans {
  const { totalMeans, categoryMeans, warehouseMeans, variantMeans } = reconcileDemand(hierarchy);
  return { total: totalMeans, categories: categoryMeans, warehouses: warehouseMeans, variants: variantMeans };
}

/** A node without a forecast of its own stays one. */
function withVariances(level: BaseForecasts, variances: Float64Array): BaseForecasts {
  const chosen = level.variances.map((before, node) =>
    before === Infinity ? Infinity : (variances[node] ?? 0),
  );
  return { ...level, variances: chosen };
}

function countBelow({ categoryOf, cellShares, cellWarehouses, categories, warehouses }: DemandHierarchy) {
  const counts = {
    total: Float64Array.of(categoryOf.length),
    categories: new Float64Array(categories.variances.length),
    warehouses: new Float64Array(warehouses.variances.length),
  };
  for (const category of categoryOf) counts.categories[category] = (counts.categories[category] ?? 0) + 1;
  for (const [cell, warehouse] of cellWarehouses.entries())
    counts.warehouses[warehouse] = (counts.warehouses[warehouse] ?? 0) + (cellShares[cell] ?? 0);
  return counts;
}

function variancesOf(forecasts: readonly LevelForecast[], keys: readonly number[]): Float64Array {
  const byKey = new Map(forecasts.map(({ key, row }) => [key, row]));
  return Float64Array.from(keys, (key) => {
    const forecast = byKey.get(key)?.forecast;
    return forecast === undefined ? Infinity : errorVariance(forecast);
  });
}

/** ((p90 − p10) ÷ 2.563)², mean over the horizon; not below the mean, since the interval of rare demand may be empty. */
function errorVariance({ horizon, levels, quantiles, mean }: QuantileForecast): number {
  const [low, high] = [levels.indexOf(0.1), levels.indexOf(0.9)];
  let [variance, level] = [0, 0];
  for (let period = 0; period < horizon; period += 1) {
    const row = period * levels.length;
    variance += (((quantiles[row + high] ?? 0) - (quantiles[row + low] ?? 0)) / 2.563) ** 2 / horizon;
    level += (mean[period] ?? 0) / horizon;
  }
  return Math.max(variance, level, 1e-6);
}
