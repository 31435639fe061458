/** The newsvendor: how much to stock for one period of uncertain demand. */

import { normalPdf, normalQuantile } from '../maths/normal.ts';
import { interpolateQuantile } from '../maths/quantiles.ts';

/** What one unit too many and one unit too few cost. */
export interface UnitCosts {
  /** Per unit left over, > 0. */
  readonly holdingCost: number;
  /** Per unit of demand not met, > 0. */
  readonly shortageCost: number;
}

/**
 * p / (p + h): the probability with which stock should cover demand, in (0, 1).
 *
 * Source: L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), eq. 4.19.
 */
export function criticalRatio({ holdingCost, shortageCost }: UnitCosts): number {
  return shortageCost / (shortageCost + holdingCost);
}

/**
 * The best stock for normal demand and its expected cost: S* = μ + z σ, cost (h + p) φ(z) σ, z =
 * Φ⁻¹(p/(p+h)).
 *
 * Source: Snyder and Shen (2019), §4.3.2.1, example 4.3.
 */
export function planNormalNewsvendor(
  demand: { readonly mean: number; readonly deviation: number },
  costs: UnitCosts,
): { readonly stock: number; readonly cost: number } {
  const z = normalQuantile(criticalRatio(costs));
  return {
    stock: demand.mean + z * demand.deviation,
    cost: (costs.holdingCost + costs.shortageCost) * normalPdf(z) * demand.deviation,
  };
}

/** The best stock for a demand known by its quantiles at ascending levels: Q(p/(p+h)), interpolated. */
export function planQuantileNewsvendor(
  levels: readonly number[],
  quantiles: Float64Array,
  costs: UnitCosts,
): number {
  return interpolateQuantile(levels, quantiles, criticalRatio(costs));
}

/**
 * The best stock for a demand known by samples, sorted ascending and not empty: the smallest sample whose
 * share of samples at or below it reaches p/(p+h), which minimises the cost over exactly these samples.
 */
export function planSampleNewsvendor(sorted: Float64Array, costs: UnitCosts): number {
  return coveringSample(sorted, criticalRatio(costs));
}

/** The smallest of the ascending samples that is at least as large as the share `level` of them. */
export function coveringSample(sorted: Float64Array, level: number): number {
  const rank = Math.ceil(level * sorted.length - 1e-9) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? Number.NaN;
}
