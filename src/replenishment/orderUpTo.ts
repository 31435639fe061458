/**
 * Reorder point, order-up-to level and safety stock from the distribution of demand over the protection
 * interval.
 */

import { coveringSample, criticalRatio, type UnitCosts } from './newsvendor.ts';

/**
 * What the stock must achieve: cover demand with a probability (cycle), meet a share of the units (fill), or
 * cost least. `level` is in (0, 1).
 */
export type StockTarget =
  | { readonly kind: 'cycleService'; readonly level: number }
  | { readonly kind: 'fillRate'; readonly level: number }
  | ({ readonly kind: 'cost' } & UnitCosts);

/** Sampled demand, path by path, in units; both `[paths]`, not empty, in the same order. */
export interface ProtectionDemand {
  /** Over the lead time plus the review period: until the order after this one can arrive. */
  readonly protection: Float64Array;
  /** Over the lead time alone. */
  readonly leadTime: Float64Array;
}

/** Stock levels in units of inventory position. */
export interface StockLevels {
  /** Order when the position is below it. */
  readonly reorderPoint: number;
  /** Order up to it; ≥ the reorder point. */
  readonly orderUpTo: number;
  /** Reorder point less expected demand over the protection interval; may be negative for low targets. */
  readonly safetyStock: number;
  /** Expected demand over the protection interval. */
  readonly expectedDemand: number;
}

const SEARCH_STEPS = 60;

/**
 * Plans a periodic-review policy. The reorder point covers the whole protection interval, since a review that
 * does not order leaves the stock alone until the next one's order arrives. The order-up-to level adds
 * `batchUnits` (an economic order quantity, or 0 = order little and often).
 *
 * cycleService: the quantile at the level. cost: the quantile p/(p+h). fillRate: the smallest stock S with
 * 1 − (E[(D_{L+R} − S)⁺] − E[(D_L − S)⁺]) / E[D_R] ≥ level, found by bisection.
 * Source: E. A. Silver, D. F. Pyke and D. J. Thomas, Inventory and Production Management in Supply Chains
 * (4th ed., 2017), §6.7 and §6.9.
 */
export function planStockLevels(demand: ProtectionDemand, target: StockTarget, batchUnits = 0): StockLevels {
  const expectedDemand = mean(demand.protection);
  const reorderPoint = findStock(demand, target);
  return {
    reorderPoint,
    orderUpTo: reorderPoint + Math.max(0, batchUnits),
    safetyStock: reorderPoint - expectedDemand,
    expectedDemand,
  };
}

/**
 * Share of the units asked for in one review period that stock `S` at the start of the interval meets, in [0,
 * 1].
 */
export function expectedFillRate(demand: ProtectionDemand, stock: number): number {
  const perCycle = mean(demand.protection) - mean(demand.leadTime);
  if (!(perCycle > 0)) return 1;
  const short = meanShortage(demand.protection, stock) - meanShortage(demand.leadTime, stock);
  return 1 - Math.max(0, short) / perCycle;
}

function findStock(demand: ProtectionDemand, target: StockTarget): number {
  const sorted = demand.protection.slice().sort();
  if (target.kind === 'cycleService') return coveringSample(sorted, target.level);
  if (target.kind === 'cost') return coveringSample(sorted, criticalRatio(target));
  let [low, high] = [0, sorted[sorted.length - 1] ?? 0];
  if (expectedFillRate(demand, low) >= target.level) return low;
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (expectedFillRate(demand, middle) >= target.level) high = middle;
    else low = middle;
  }
  return high;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** E[(D − S)⁺] over the samples. */
function meanShortage(values: Float64Array, stock: number): number {
  let sum = 0;
  for (const value of values) sum += Math.max(0, value - stock);
  return sum / values.length;
}
