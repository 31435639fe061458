/** Sample quantiles, quantile functions given at levels, and what can be computed from them. */

import { normalQuantile } from './normal.ts';

/**
 * The sample quantile at `level` in [0, 1] of values sorted ascending; NaN when there are none.
 *
 * Linear interpolation at position (n − 1)·level: type 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in
 * Statistical Packages", The American Statistician 50 (1996), pp. 361–365.
 */
export function sampleQuantile(sorted: Float64Array, level: number): number {
  const position = (sorted.length - 1) * level;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (position - below) * (high - low);
}

/**
 * The quantiles at ascending `levels` of values sorted ascending that carry the given non-negative weights: the
 * smallest value whose cumulative weight share, taken at the middle of each weight, reaches the level,
 * interpolated; NaN when there are none.
 *
 * With equal weights this is Hazen's rule, type 5 of Hyndman and Fan (1996). One pass for all levels.
 *
 * @param target where they are written, from `at` on; a new array by default
 */
export function weightedQuantiles(
  sorted: Float64Array,
  weights: Float64Array,
  levels: readonly number[],
  target: { readonly quantiles: Float64Array; readonly at: number } = {
    quantiles: new Float64Array(levels.length),
    at: 0,
  },
): Float64Array {
  const { quantiles, at } = target;
  let total = 0;
  for (let i = 0; i < sorted.length; i += 1) total += weights[i] ?? 0;
  let before = 0;
  let share = 0;
  let value = Number.NaN;
  let earlierShare = 0;
  let earlierValue = Number.NaN;
  let i = -1;
  for (let k = 0; k < levels.length; k += 1) {
    const level = levels[k] ?? 0.5;
    while (i < 0 || (share < level && i < sorted.length)) {
      i += 1;
      earlierShare = share;
      earlierValue = value;
      if (i === sorted.length) break;
      value = sorted[i] ?? Number.NaN;
      share = (before + 0.5 * (weights[i] ?? 0)) / total;
      before += weights[i] ?? 0;
    }
    const isEdge = i === sorted.length || i === 0 || share === earlierShare;
    quantiles[at + k] = isEdge
      ? value
      : earlierValue + ((level - earlierShare) / (share - earlierShare)) * (value - earlierValue);
  }
  return quantiles;
}

/**
 * The value at `level` in (0, 1) of a quantile function known at ascending `levels`.
 *
 * Inside, linear in the level. Outside, the outermost gap is continued at the rate of a normal quantile
 * function: Q(p) = Q(l_k) + (z(p) − z(l_k)) · (Q(l_k) − Q(l_j)) / (z(l_k) − z(l_j)), with l_j the level
 * nearest to the mirror image of l_k in the outer half, so that a 0.99 can be had from 0.1 … 0.9.
 */
export function interpolateQuantile(levels: readonly number[], values: Float64Array, level: number): number {
  const last = levels.length - 1;
  const lowest = levels[0] ?? 0.5;
  const highest = levels[last] ?? 0.5;
  if (last <= 0) return values[0] ?? Number.NaN;
  if (level < lowest) return extrapolate(levels, values, { edge: 0, inner: middle(levels, 0), level });
  if (level > highest) return extrapolate(levels, values, { edge: last, inner: middle(levels, last), level });
  let right = 1;
  while (right < last && (levels[right] ?? 1) < level) right += 1;
  const leftLevel = levels[right - 1] ?? 0;
  const rightLevel = levels[right] ?? 1;
  const left = values[right - 1] ?? 0;
  if (rightLevel === leftLevel) return left;
  return left + ((level - leftLevel) / (rightLevel - leftLevel)) * ((values[right] ?? 0) - left);
}

/**
 * Reads `interpolateQuantile(levels, values, probabilities[index])` off many rows of values with the same levels:
 * where each probability lies between the levels, and how far, is found once. The same numbers to the last bit.
 */
export function makeQuantileReader(
  levels: readonly number[],
  probabilities: Float64Array,
): (values: Float64Array, index: number) => number {
  const count = probabilities.length;
  const base = new Int32Array(count);
  const high = new Int32Array(count);
  const low = new Int32Array(count);
  const gap = new Float64Array(count).fill(1);
  const share = new Float64Array(count);
  const last = levels.length - 1;
  for (let i = 0; i < count && last > 0; i += 1) {
    const level = probabilities[i] ?? 0.5;
    const isLow = level < (levels[0] ?? 0.5);
    if (isLow || level > (levels[last] ?? 0.5)) {
      const edge = isLow ? 0 : last;
      const inner = middle(levels, edge);
      const zEdge = normalQuantile(levels[edge] ?? 0.5);
      base[i] = edge;
      high[i] = edge;
      low[i] = inner;
      gap[i] = zEdge - normalQuantile(levels[inner] ?? 0.5);
      share[i] = normalQuantile(level) - zEdge;
      continue;
    }
    let right = 1;
    while (right < last && (levels[right] ?? 1) < level) right += 1;
    const leftLevel = levels[right - 1] ?? 0;
    const width = (levels[right] ?? 0) - leftLevel;
    base[i] = right - 1;
    high[i] = right;
    low[i] = right - 1;
    share[i] = width === 0 ? 0 : (level - leftLevel) / width;
  }
  const at = (values: Float64Array, index: number | undefined) => values[index ?? 0] ?? 0;
  return (values, i) =>
    at(values, base[i]) + ((at(values, high[i]) - at(values, low[i])) / (gap[i] ?? 1)) * (share[i] ?? 0);
}

/**
 * The mean ∫ Q(p) dp of a quantile function known at ascending `levels`: the trapezoid rule inside, and
 * normal tails (see `interpolateQuantile`) outside, integrated at five points a side.
 */
export function meanFromQuantiles(levels: readonly number[], values: Float64Array): number {
  const weights = meanWeights(levels);
  let sum = 0;
  for (let k = 0; k < weights.length; k += 1) sum += (weights[k] ?? 0) * (values[k] ?? 0);
  return sum;
}

/**
 * Sorts one row of quantiles in place so that they rise with the level.
 *
 * Rearrangement never worsens the pinball loss: V. Chernozhukov, I. Fernández-Val and A. Galichon, "Quantile
 * and Probability Curves Without Crossing", Econometrica 78 (2010), pp. 1093–1125.
 */
export function rearrangeQuantiles(row: Float64Array): Float64Array {
  for (let i = 1; i < row.length; i += 1) {
    if ((row[i] ?? 0) < (row[i - 1] ?? 0)) return row.sort();
  }
  return row;
}

const TAIL_POINTS = 5;

const knownMeanWeights = new WeakMap<readonly number[], Float64Array>();

/** `[Q]`: what each level's value counts in the mean, which is linear in the values; kept by the list of levels. */
function meanWeights(levels: readonly number[]): Float64Array {
  const known = knownMeanWeights.get(levels);
  if (known !== undefined) return known;
  const last = levels.length - 1;
  const weights = new Float64Array(levels.length).fill(last === 0 ? 1 : 0);
  const add = (k: number, share: number) => {
    weights[k] = (weights[k] ?? 0) + share;
  };
  const addTail = (edge: number, size: number, levelAt: (share: number) => number) => {
    const inner = middle(levels, edge);
    const zEdge = normalQuantile(levels[edge] ?? 0.5);
    const gap = zEdge - normalQuantile(levels[inner] ?? 0.5);
    for (let i = 0; i < TAIL_POINTS; i += 1) {
      const steps = (normalQuantile(levelAt((i + 0.5) / TAIL_POINTS)) - zEdge) / gap;
      add(edge, (size / TAIL_POINTS) * (1 + steps));
      add(inner, -(size / TAIL_POINTS) * steps);
    }
  };
  for (let k = 1; k <= last; k += 1) {
    const half = 0.5 * ((levels[k] ?? 0) - (levels[k - 1] ?? 0));
    add(k, half);
    add(k - 1, half);
  }
  if (last > 0) {
    const [lowest, above] = [levels[0] ?? 0, 1 - (levels[last] ?? 1)];
    addTail(0, lowest, (share) => lowest * share);
    addTail(last, above, (share) => 1 - above * share);
  }
  knownMeanWeights.set(levels, weights);
  return weights;
}

/** Index of the level nearest to the middle 0.5, never the edge itself. */
function middle(levels: readonly number[], edge: number): number {
  let best = edge === 0 ? 1 : edge - 1;
  for (let k = 0; k < levels.length; k += 1) {
    if (k === edge) continue;
    if (Math.abs((levels[k] ?? 0) - 0.5) < Math.abs((levels[best] ?? 0) - 0.5)) best = k;
  }
  return best;
}

function extrapolate(
  levels: readonly number[],
  values: Float64Array,
  at: { readonly edge: number; readonly inner: number; readonly level: number },
): number {
  const zEdge = normalQuantile(levels[at.edge] ?? 0.5);
  const zInner = normalQuantile(levels[at.inner] ?? 0.5);
  const edge = values[at.edge] ?? 0;
  const slope = (edge - (values[at.inner] ?? 0)) / (zEdge - zInner);
  return edge + slope * (normalQuantile(at.level) - zEdge);
}
