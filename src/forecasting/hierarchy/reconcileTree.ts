/** Makes forecasts of a hierarchy add up: minimum-trace reconciliation with a diagonal error covariance. */

import { factorise, solveFactorised } from '../../maths/cholesky.ts';

/**
 * A tree whose leaves also belong to crossed groups (variants in warehouses, say). Nodes are numbered so that parents
 * come before their children.
 */
export interface ForecastTree {
  /** `[N]`, index of each node's parent; −1 for a root. */
  readonly parent: Int32Array;
  /** `[N]`, index of the group that a leaf belongs to; −1 where none, and for nodes with children. */
  readonly groupOf: Int32Array;
  /** G */
  readonly groupCount: number;
}

/** Error variances of base forecasts, > 0; Infinity where a node or group has no forecast of its own (never a leaf). */
export interface TreeVariances {
  /** `[N]` */
  readonly nodes: Float64Array;
  /** `[G]` */
  readonly groups: Float64Array;
}

/** Reconciles one period: base forecasts of nodes `[N]` and groups `[G]` in, coherent values of all nodes `[N]` out. */
export type Reconciler = (nodes: Float64Array, groups: Float64Array) => Float64Array;

/**
 * Makes the reconciler of a tree: values y with every node the sum of its children that minimise
 * Σ_nodes (ŷ − y)²/w + Σ_groups (ŷ_g − Σ leaves of g)²/w_g, which is minimum-trace reconciliation
 * b̃ = (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ with W = diag(w).
 *
 * No matrix of the hierarchy's size is formed. Without groups two passes over the tree solve it: upwards each subtree
 * is summed up by one estimate of its total and that estimate's variance (the sum of its children, corrected by its own
 * base forecast with the gain Σv/(Σv + w)); downwards each node's difference is shared among its children in proportion
 * to their variances. Groups are G more observations of the leaves: the Woodbury identity adds them by a G × G system
 * whose columns are G more passes, made once for all periods. O(N) for a period, O(N·G + G³) once.
 *
 * Source: S. L. Wickramasuriya, G. Athanasopoulos and R. J. Hyndman, "Optimal Forecast Reconciliation for Hierarchical
 * and Grouped Time Series Through Trace Minimization", JASA 114 (2019), pp. 804–819, eq. 9. Throws RangeError where a
 * leaf's variance is not finite and > 0.
 */
export function makeReconciler(tree: ForecastTree, variances: TreeVariances): Reconciler {
  const solver = makeTreeSolver(tree, variances.nodes);
  const active = Array.from({ length: tree.groupCount }, (_, group) => group).filter((group) =>
    Number.isFinite(variances.groups[group]),
  );
  const responses = active.map((group) => solver.solve(groupResponse(tree, variances.nodes, group)));
  const system = responses.map((response, row) =>
    active.map(
      (group, column) =>
        sumOfGroup(tree, response, group) + (row === column ? (variances.groups[group] ?? 0) : 0),
    ),
  );
  return (nodes, groups) => {
    const values = solver.solve(nodes);
    const gaps = active.map((group) => (groups[group] ?? 0) - sumOfGroup(tree, values, group));
    for (const [index, multiplier] of solveSymmetric(system, gaps).entries()) {
      const response = responses[index] ?? new Float64Array();
      for (let node = 0; node < values.length; node += 1)
        values[node] = (values[node] ?? 0) + multiplier * (response[node] ?? 0);
    }
    return values;
  };
}

/**
 * Raises negative values to 0 and keeps every parent's value by scaling its other children, from the top down; in
 * place. Afterwards parents are summed again from the leaves, so that the tree is coherent to the last bit.
 *
 * Source: the set-negative-to-zero heuristic of T. Di Fonzo and D. Girolimetto, "Spatio-temporal reconciliation of solar
 * forecasts", Solar Energy 251 (2023), pp. 13–29, with the parents' totals kept.
 */
export function makeNonNegative(tree: ForecastTree, values: Float64Array): Float64Array {
  const { parent } = tree;
  const sums = new Float64Array(values.length);
  for (let node = 0; node < values.length; node += 1) {
    values[node] = Math.max(0, values[node] ?? 0);
    const above = parent[node] ?? -1;
    if (above >= 0) sums[above] = (sums[above] ?? 0) + (values[node] ?? 0);
  }
  for (let node = 0; node < values.length; node += 1) {
    const above = parent[node] ?? -1;
    const sum = sums[above] ?? 0;
    if (above >= 0 && sum > 0) values[node] = ((values[node] ?? 0) * (values[above] ?? 0)) / sum;
  }
  return sumUp(tree, values);
}

/** Sum of a group's leaves. */
export function sumOfGroup({ groupOf }: ForecastTree, values: Float64Array, group: number): number {
  let sum = 0;
  for (let node = 0; node < groupOf.length; node += 1) if (groupOf[node] === group) sum += values[node] ?? 0;
  return sum;
}

/** Replaces every node that has children by their sum; in place. */
function sumUp({ parent }: ForecastTree, values: Float64Array): Float64Array {
  const hasChildren = new Uint8Array(values.length);
  for (const above of parent) if (above >= 0) hasChildren[above] = 1;
  for (let node = 0; node < values.length; node += 1) if (hasChildren[node] === 1) values[node] = 0;
  for (let node = values.length - 1; node >= 0; node -= 1) {
    const above = parent[node] ?? -1;
    if (above >= 0) values[above] = (values[above] ?? 0) + (values[node] ?? 0);
  }
  return values;
}

function makeTreeSolver({ parent }: ForecastTree, variances: Float64Array) {
  const count = parent.length;
  const childVariance = new Float64Array(count);
  const variance = new Float64Array(count);
  const gain = new Float64Array(count);
  for (let node = count - 1; node >= 0; node -= 1) {
    const [own, below] = [variances[node] ?? Infinity, childVariance[node] ?? 0];
    if (below === 0 && !(own > 0 && own < Infinity))
      throw new RangeError(`The variance of leaf ${node} must be above 0 and finite, got ${own}.`);
    gain[node] = below === 0 ? 1 : own === Infinity ? 0 : below / (below + own);
    variance[node] = below === 0 ? own : below * (1 - (gain[node] ?? 0));
    const above = parent[node] ?? -1;
    if (above >= 0) childVariance[above] = (childVariance[above] ?? 0) + (variance[node] ?? 0);
  }
  return {
    /** Coherent values `[N]` for base forecasts `[N]`. */
    solve(base: Float64Array): Float64Array {
      const childSum = new Float64Array(count);
      const values = new Float64Array(count);
      for (let node = count - 1; node >= 0; node -= 1) {
        const below = childSum[node] ?? 0;
        const share = gain[node] ?? 0;
        values[node] = share === 0 ? below : below + share * ((base[node] ?? 0) - below);
        const above = parent[node] ?? -1;
        if (above >= 0) childSum[above] = (childSum[above] ?? 0) + (values[node] ?? 0);
      }
      for (let node = 0; node < count; node += 1) {
        const above = parent[node] ?? -1;
        if (above < 0) continue;
        const missing = (values[above] ?? 0) - (childSum[above] ?? 0);
        values[node] = (values[node] ?? 0) + ((variance[node] ?? 0) / (childVariance[above] ?? 1)) * missing;
      }
      return values;
    },
  };
}

/** Base forecasts whose solution is (S'W⁻¹S)⁻¹ u, u = 1 for the leaves of the group: w on those leaves, 0 elsewhere. */
function groupResponse({ groupOf }: ForecastTree, variances: Float64Array, group: number): Float64Array {
  return Float64Array.from(groupOf, (of, node) => (of === group ? (variances[node] ?? 0) : 0));
}

function solveSymmetric(matrix: readonly (readonly number[])[], right: readonly number[]): Float64Array {
  const factor = Float64Array.from(matrix.flat());
  factorise(factor, right.length);
  return solveFactorised(factor, Float64Array.from(right));
}
