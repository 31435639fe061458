/** Simple exponential smoothing with the best α and the best starting level for each α. */

import { prepareHistory } from './history.ts';

/** A fitted level. */
export interface SmoothedLevel {
  /** Smoothing weight of the newest value, in (0, 1). */
  readonly alpha: number;
  /** The level after the last value. */
  readonly level: number;
  /** Level before the first value. */
  readonly start: number;
  /** Standard deviation of one-step errors, √(SSE / (n − 2)). */
  readonly sigma: number;
}

const SMALLEST_ALPHA = 0.02;
const LARGEST_ALPHA = 0.99;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SEARCH_STEPS = 12;

interface FitSums {
  sse: number;
  level: number;
  start: number;
}

/**
 * Fits l_t = l_{t−1} + α(y_t − l_{t−1}) by least squares of the one-step errors, skipping what was not
 * observed.
 *
 * For a given α the errors are linear in the starting level l_0 (e_t = u_t − (1−α)^t l_0), so the best l_0 is
 * Σ u_t (1−α)^t / Σ (1−α)^{2t}; α itself by a coarse grid and golden-section search.
 * Source: R. J. Hyndman et al., Forecasting with Exponential Smoothing (2008), §2.3 and §5.2.
 */
export function fitSimpleSmoothing(values: Float64Array, observed: Uint8Array): SmoothedLevel {
  const sums: FitSums = { sse: 0, level: 0, start: 0 };
  const alpha = searchAlpha((candidate) => smooth(values, observed, candidate, sums));
  const sse = smooth(values, observed, alpha, sums);
  let count = 0;
  for (const seen of observed) count += seen;
  const sigma = Math.sqrt(sse / Math.max(1, count - 2));
  return { alpha, level: sums.level, start: sums.start, sigma };
}

/** The level before each period, `[n]`. */
export function smoothedTrack(values: Float64Array, observed: Uint8Array, fit: SmoothedLevel): Float64Array {
  let level = fit.start;
  return values.map((value, t) => {
    const before = level;
    if (observed[t] === 1) level += fit.alpha * (value - level);
    return before;
  });
}

/** Minimises a function of α over [0.02, 0.99]: four grid points, then golden section around the best. */
function searchAlpha(cost: (alpha: number) => number): number {
  let best = SMALLEST_ALPHA;
  let bestCost = cost(best);
  for (const candidate of [0.15, 0.4, 0.7, LARGEST_ALPHA]) {
    const candidateCost = cost(candidate);
    if (candidateCost < bestCost) [best, bestCost] = [candidate, candidateCost];
  }
  let low = Math.max(SMALLEST_ALPHA, best - 0.25);
  let high = Math.min(LARGEST_ALPHA, best + 0.25);
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [leftCost, rightCost] = [cost(left), cost(right)];
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    if (leftCost <= rightCost) {
      [high, right, rightCost] = [right, left, leftCost];
      left = high - GOLDEN * (high - low);
      leftCost = cost(left);
    } else {
      [low, left, leftCost] = [left, right, rightCost];
      right = low + GOLDEN * (high - low);
      rightCost = cost(right);
    }
  }
  return (low + high) / 2;
}

/** Returns the SSE for one α and writes level and start into `sums`. */
function smooth(values: Float64Array, observed: Uint8Array, alpha: number, sums: FitSums): number {
  let level = 0;
  let weight = 1;
  let [uu, uw, ww] = [0, 0, 0];
  for (let t = 0; t < values.length; t += 1) {
    if (observed[t] === 0) continue;
    const error = (values[t] ?? 0) - level;
    uu += error * error;
    uw += error * weight;
    ww += weight * weight;
    level += alpha * error;
    weight *= 1 - alpha;
  }
  const start = ww > 0 ? uw / ww : 0;
  sums.sse = Math.max(0, uu - start * uw);
  sums.level = level + weight * start;
  sums.start = start;
  return sums.sse;
}

/** Level and one-step deviation of a history by `fitSimpleSmoothing`; periods without stock are left out. */
export function fitSmoothedDemand(history: {
  readonly values: Float64Array;
  readonly inStock?: readonly boolean[];
}): Pick<SmoothedLevel, 'level' | 'sigma'> {
  const { values, observed } = prepareHistory({ ...history, seasonLength: 1 });
  if (values.length === 0) return { level: 0, sigma: 0 };
  return fitSimpleSmoothing(values, observed);
}
