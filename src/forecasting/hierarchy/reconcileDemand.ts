/** The hierarchy of a shop: total → categories → variants in warehouses, with the warehouses crossing it. */

import { type ForecastTree, makeNonNegative, makeReconciler, sumOfGroup } from './reconcileTree.ts';

/** Base forecasts of a hierarchy with V variants, C categories and G warehouses over H periods. */
export interface DemandHierarchy {
  readonly horizon: number;
  /** `[V × H]` row-major, expected units of each variant. */
  readonly variantMeans: Float64Array<ArrayBuffer>;
  /** `[V]`, error variance, > 0. */
  readonly variantVariances: Float64Array<ArrayBuffer>;
  /** `[V]`, index of the variant's category. */
  readonly categoryOf: Int32Array<ArrayBuffer>;
  /** Where variant v sells: entries `cellOffsets[v]` … `cellOffsets[v + 1]` − 1 of the next two; at least one. */
  readonly cellOffsets: Uint32Array<ArrayBuffer>;
  readonly cellWarehouses: Uint32Array<ArrayBuffer>;
  /** Share of the variant's demand, above 0; those of a variant sum to 1. */
  readonly cellShares: Float64Array<ArrayBuffer>;
  readonly categories: BaseForecasts;
  readonly warehouses: BaseForecasts;
  /** The one of the total. */
  readonly total: BaseForecasts;
}

/** Base forecasts of one level: N nodes. */
export interface BaseForecasts {
  /** `[N × H]` row-major. */
  readonly means: Float64Array<ArrayBuffer>;
  /** `[N]`, error variance; Infinity where a node has no forecast of its own. */
  readonly variances: Float64Array<ArrayBuffer>;
}

/** Coherent means of every level, in the order of the input. */
export interface ReconciledDemand {
  readonly variantMeans: Float64Array<ArrayBuffer>;
  readonly categoryMeans: Float64Array<ArrayBuffer>;
  readonly warehouseMeans: Float64Array<ArrayBuffer>;
  readonly totalMeans: Float64Array<ArrayBuffer>;
  /** Share of each cell in its variant over the whole horizon. */
  readonly cellShares: Float64Array<ArrayBuffer>;
}

/**
 * Reconciles the means of all levels by minimum trace with diagonal error covariance, none below 0.
 *
 * The lowest level is a variant in a warehouse (a cell). It is not forecast itself: its base forecast is the variant's
 * times its share, its variance the variant's times its share, so that the cells of a variant together say just what
 * the variant's forecast says.
 */
export function reconcileDemand(hierarchy: DemandHierarchy): ReconciledDemand {
  const { horizon, categories, warehouses, total, cellOffsets, cellShares } = hierarchy;
  const tree = makeTree(hierarchy);
  const categoryCount = categories.variances.length;
  const firstCell = 1 + categoryCount;
  const variances = new Float64Array(firstCell + cellShares.length);
  variances.set(total.variances);
  variances.set(categories.variances, 1);
  eachCell(hierarchy, (variant, cell) => {
    variances[firstCell + cell] = (hierarchy.variantVariances[variant] ?? 0) * (cellShares[cell] ?? 0);
  });
  const reconcile = makeReconciler(tree, { nodes: variances, groups: warehouses.variances });
  const answer = {
    variantMeans: new Float64Array(hierarchy.variantMeans.length),
    categoryMeans: new Float64Array(categories.means.length),
    warehouseMeans: new Float64Array(warehouses.means.length),
    totalMeans: new Float64Array(horizon),
    cellShares: new Float64Array(cellShares.length),
  };
  const base = new Float64Array(variances.length);
  const groups = new Float64Array(tree.groupCount);
  for (let period = 0; period < horizon; period += 1) {
    base[0] = total.means[period] ?? 0;
    for (let c = 0; c < categoryCount; c += 1) base[1 + c] = categories.means[c * horizon + period] ?? 0;
    for (let g = 0; g < groups.length; g += 1) groups[g] = warehouses.means[g * horizon + period] ?? 0;
    eachCell(hierarchy, (variant, cell) => {
      base[firstCell + cell] =
        (hierarchy.variantMeans[variant * horizon + period] ?? 0) * (cellShares[cell] ?? 0);
    });
    const values = makeNonNegative(tree, reconcile(base, groups));
    answer.totalMeans[period] = values[0] ?? 0;
    for (let c = 0; c < categoryCount; c += 1)
      answer.categoryMeans[c * horizon + period] = values[1 + c] ?? 0;
    for (let g = 0; g < groups.length; g += 1)
      answer.warehouseMeans[g * horizon + period] = sumOfGroup(tree, values, g);
    eachCell(hierarchy, (variant, cell) => {
      const units = values[firstCell + cell] ?? 0;
      const at = variant * horizon + period;
      answer.variantMeans[at] = (answer.variantMeans[at] ?? 0) + units;
      answer.cellShares[cell] = (answer.cellShares[cell] ?? 0) + units;
    });
  }
  normaliseShares(answer.cellShares, cellShares, cellOffsets);
  return answer;
}

function makeTree(hierarchy: DemandHierarchy): ForecastTree {
  const { categories, warehouses, categoryOf, cellShares, cellWarehouses } = hierarchy;
  const firstCell = 1 + categories.variances.length;
  const parent = new Int32Array(firstCell + cellShares.length);
  const groupOf = new Int32Array(parent.length).fill(-1);
  parent[0] = -1;
  eachCell(hierarchy, (variant, cell) => {
    parent[firstCell + cell] = 1 + (categoryOf[variant] ?? 0);
    groupOf[firstCell + cell] = cellWarehouses[cell] ?? 0;
  });
  return { parent, groupOf, groupCount: warehouses.variances.length };
}

function eachCell({ cellOffsets }: DemandHierarchy, visit: (variant: number, cell: number) => void): void {
  for (let variant = 0; variant + 1 < cellOffsets.length; variant += 1)
    for (let cell = cellOffsets[variant] ?? 0; cell < (cellOffsets[variant + 1] ?? 0); cell += 1)
      visit(variant, cell);
}

/** Turns units by cell into shares of the variant; where it has none the shares stay what they were. */
function normaliseShares(units: Float64Array, before: Float64Array, offsets: Uint32Array): void {
  for (let variant = 0; variant + 1 < offsets.length; variant += 1) {
    const [from, to] = [offsets[variant] ?? 0, offsets[variant + 1] ?? 0];
    const sum = units.subarray(from, to).reduce((total, value) => total + value, 0);
    for (let cell = from; cell < to; cell += 1)
      units[cell] = sum > 0 ? (units[cell] ?? 0) / sum : (before[cell] ?? 0);
  }
}
