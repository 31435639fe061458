/** Weights of the ensemble's members: from a prior over a group of series to the single series. */

import { quantileLoss } from '../maths/pinball.ts';
import type { QuantileForecast } from './member.ts';

/** What one validation window showed: the members' forecasts and what came. */
export interface ScoredWindow {
  /** Units per period that came, NaN = missing; at most as many as the forecasts' horizon. */
  readonly actual: Float64Array;
  /** One per member, equal horizon and levels. */
  readonly forecasts: readonly QuantileForecast[];
  /** Mean size of the series' values, so that large series do not outvote small ones; > 0. */
  readonly scale: number;
}

const GROUP_STEPS = 40;
const STEP_SIZE = 4;
/** Of more windows an evenly spread sample is used: the weights no longer change. */
const MOST_WINDOWS = 300;
/** Relative gradients are cut here, so that one absurd member cannot throw the others' weights about. */
const STEEPEST = 5;
const SMALLEST_WEIGHT = 1e-9;
/** How sharply a single series prefers the members that did better on it. */
const SERIES_SHARPNESS = 2;
/** Number of observed periods whose evidence counts half. */
const SERIES_HALF_EVIDENCE = 24;

/**
 * Weights of a group of series: the w on the simplex that minimise the mean scaled pinball loss of the
 * averaged quantiles over all windows, plus (N₀/N)·L̄·KL(w ‖ prior), where N is the number of windows and N₀
 * the `strength` of the prior.
 *
 * With few windows that is the prior; with many, stacking. Minimised by exponentiated gradient, 40 steps:
 * w ← w·exp(−η·∇)/Z, η = 4 on gradients divided by the mean loss. `prior` lies on the simplex.
 * Source: J. Kivinen and M. K. Warmuth, "Exponentiated Gradient versus Gradient Descent for Linear
 * Predictors", Information and Computation 132 (1997), pp. 1–63.
 */
export function fitGroupWeights(
  windows: readonly ScoredWindow[],
  prior: Float64Array,
  strength: number,
): Float64Array {
  if (windows.length === 0) return prior.slice();
  const members = Uint32Array.from(prior.keys()).filter((i) => prior[i] !== 0);
  const pull = strength / windows.length;
  const stride = Math.ceil(windows.length / MOST_WINDOWS);
  const surface = prepareLoss(
    windows.filter((_, i) => i % stride === 0),
    members,
  );
  const own = Float64Array.from(members, (i) => prior[i] ?? 0);
  const logPrior = own.map(Math.log);
  const gradient = new Float64Array(members.length);
  for (let step = 0; step < GROUP_STEPS; step += 1) {
    const loss = readGradient(surface, own, gradient);
    if (!(loss > 0)) break;
    updateWeights(own, logPrior, { gradient, loss, pull });
  }
  const weights = new Float64Array(prior.length);
  for (let a = 0; a < members.length; a += 1) weights[members[a] ?? 0] = own[a] ?? 0;
  return weights;
}

/**
 * Weights of one series: the group's, w_i ∝ g_i · (L_i / min L)^(−k·n/(n + 24)), where L_i is member i's
 * pinball loss on the series' own windows, n the number of observed periods in them and k = 2; a series
 * without windows takes the group's weights as they are.
 */
export function fitSeriesWeights(windows: readonly ScoredWindow[], group: Float64Array): Float64Array {
  const losses = new Float64Array(group.length);
  let count = 0;
  for (const window of windows) count += addMemberLosses(window, losses);
  const lowest = losses.reduce((low, loss) => Math.min(low, loss), Infinity);
  if (count === 0 || !(lowest > 0)) return group.slice();
  const power = (SERIES_SHARPNESS * count) / (count + SERIES_HALF_EVIDENCE);
  return normalise(group.map((weight, i) => weight * ((losses[i] ?? 0) / lowest) ** -power));
}

/** Divides non-negative weights by their sum. */
export function normalise(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The scaled pinball loss of the averaged quantiles as a function of the weights. It is piecewise linear: an
 * average lies on the same side of what came as its members where those agree, whatever the weights, so only
 * the cells (period and level) where they disagree must be looked at again in every step.
 */
interface LossSurface {
  /** `[A]`, one a member: gradient of the agreed cells, and of the others taken as lying below what came. */
  readonly base: Float64Array;
  /** `[C × A]` row-major, quantile less what came, of each disputed cell. */
  readonly distances: readonly number[];
  /** `[C]`, by how much a disputed cell's slope rises when its average reaches what came. */
  readonly lifts: readonly number[];
}

/** The surface over the weights of the A named members; the others have none. */
function prepareLoss(windows: readonly ScoredWindow[], members: Uint32Array): LossSurface {
  // Plain lists: they grow as needed, and most cells are agreed on.
  const distances: number[] = [];
  const lifts: number[] = [];
  const base = new Float64Array(members.length);
  const row = new Float64Array(members.length);
  for (const { actual, forecasts, scale } of windows) {
    const levels = forecasts[0]?.levels ?? [];
    const width = levels.length;
    const quantiles = Array.from(members, (i) => forecasts[i]?.quantiles ?? new Float64Array(0));
    const lift = 2 / (scale * width * actual.length);
    for (let cell = 0; cell < actual.length * width; cell += 1) {
      const y = actual[Math.floor(cell / width)] ?? Number.NaN;
      if (Number.isNaN(y)) continue;
      const side = readDistances(quantiles, cell, y, row);
      const slope = lift * ((side === 'above' ? 1 : 0) - (levels[cell % width] ?? 0.5));
      for (let i = 0; i < row.length; i += 1) base[i] = (base[i] ?? 0) + slope * (row[i] ?? 0);
      if (side !== 'disputed') continue;
      for (let i = 0; i < row.length; i += 1) distances.push(row[i] ?? 0);
      lifts.push(lift);
    }
  }
  return { base, distances, lifts };
}

/** Writes each member's quantile less `y` into `row`; on which side of it, ends included above, they lie. */
function readDistances(
  quantiles: readonly Float64Array[],
  cell: number,
  y: number,
  row: Float64Array,
): 'above' | 'below' | 'disputed' {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < row.length; i += 1) {
    const distance = (quantiles[i]?.[cell] ?? 0) - y;
    row[i] = distance;
    if (distance < lowest) lowest = distance;
    if (distance > highest) highest = distance;
  }
  if (lowest >= 0) return 'above';
  return highest <= 0 ? 'below' : 'disputed';
}

/** Writes the loss gradient at the weights, both `[A]`, and returns the loss. */
function readGradient(surface: LossSurface, weights: Float64Array, gradient: Float64Array): number {
  const { base, distances, lifts } = surface;
  const width = base.length;
  gradient.set(base);
  for (let c = 0; c < lifts.length; c += 1) {
    const at = c * width;
    let distance = 0;
    for (let i = 0; i < width; i += 1) distance += (weights[i] ?? 0) * (distances[at + i] ?? 0);
    if (distance < 0) continue;
    const lift = lifts[c] ?? 0;
    for (let i = 0; i < width; i += 1) gradient[i] = (gradient[i] ?? 0) + lift * (distances[at + i] ?? 0);
  }
  let loss = 0;
  for (let i = 0; i < width; i += 1) loss += (weights[i] ?? 0) * (gradient[i] ?? 0);
  return loss;
}

/**
 * One mirror-descent step; the divergence is taken at the new weights, which keeps the step stable however
 * strong the pull is: w ← (w · prior^(ηκ) · exp(−η∇))^(1/(1+ηκ)) / Z, κ the pull.
 */
function updateWeights(
  weights: Float64Array,
  logPrior: Float64Array,
  step: { readonly gradient: Float64Array; readonly loss: number; readonly pull: number },
): void {
  const strength = STEP_SIZE * step.pull;
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const slope = Math.max(-STEEPEST, Math.min(STEEPEST, (step.gradient[i] ?? 0) / step.loss));
    const kept = Math.log(Math.max(weights[i] ?? 0, SMALLEST_WEIGHT));
    weights[i] = Math.exp((kept + strength * (logPrior[i] ?? 0) - STEP_SIZE * slope) / (1 + strength));
    sum += weights[i] ?? 0;
  }
  for (let i = 0; i < weights.length; i += 1) weights[i] = (weights[i] ?? 0) / sum;
}

function addMemberLosses({ actual, forecasts }: ScoredWindow, losses: Float64Array): number {
  for (const [i, { levels, quantiles }] of forecasts.entries()) {
    const width = levels.length;
    for (let h = 0; h < actual.length; h += 1) {
      const y = actual[h] ?? Number.NaN;
      if (Number.isNaN(y)) continue;
      let loss = 0;
      for (let k = 0; k < width; k += 1)
        loss += quantileLoss(y, quantiles[h * width + k] ?? 0, levels[k] ?? 0.5);
      losses[i] = (losses[i] ?? 0) + loss;
    }
  }
  return actual.reduce((count, y) => count + (Number.isNaN(y) ? 0 : 1), 0);
}
