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

/** How many windows' evidence equals the prior's in a group. */
const GROUP_PRIOR_STRENGTH = 150;
const GROUP_STEPS = 40;
const STEP_SIZE = 0.5;
/** Of more windows an evenly spread sample is used: the weights no longer change. */
const MOST_WINDOWS = 300;
/** Relative gradients are cut here, so that one absurd member cannot throw the others' weights about. */
const STEEPEST = 5;
const SMALLEST_WEIGHT = 1e-9;
/** How sharply a single series prefers the members that did better on it. */
const SERIES_SHARPNESS = 1;
/** Number of observed periods whose evidence counts half. */
const SERIES_HALF_EVIDENCE = 24;

/**
 * Weights of a group of series: the w on the simplex that minimise the mean scaled pinball loss of the
 * averaged quantiles over all windows, plus (N₀/N)·L̄·KL(w ‖ prior), where N is the number of windows and N₀
 * = 150.
 *
 * With few windows that is the prior; with many, stacking. Minimised by exponentiated gradient, 40 steps:
 * w ← w·exp(−η·∇)/Z, η = 0.5 on gradients divided by the mean loss.
 * Source: J. Kivinen and M. K. Warmuth, "Exponentiated Gradient versus Gradient Descent for Linear
 * Predictors", Information and Computation 132 (1997), pp. 1–63.
 */
export function fitGroupWeights(windows: readonly ScoredWindow[], prior: Float64Array): Float64Array {
  const weights = prior.slice();
  if (windows.length === 0) return weights;
  const gradient = new Float64Array(prior.length);
  const pull = GROUP_PRIOR_STRENGTH / windows.length;
  const stride = Math.ceil(windows.length / MOST_WINDOWS);
  for (let step = 0; step < GROUP_STEPS; step += 1) {
    gradient.fill(0);
    let loss = 0;
    for (const window of strided(windows, stride)) loss += addLossGradient(window, weights, gradient);
    if (!(loss > 0)) return weights;
    updateWeights(weights, prior, { gradient, loss, pull });
  }
  return weights;
}

/**
 * Weights of one series: the group's, w_i ∝ g_i · (L_i / min L)^(−k·n/(n + 24)), where L_i is member i's
 * pinball loss on the series' own windows, n the number of observed periods in them and k = 1; a series
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

function* strided<T>(items: readonly T[], stride: number): Generator<T> {
  for (let i = 0; i < items.length; i += stride) {
    const item = items[i];
    if (item !== undefined) yield item;
  }
}

/** Adds one window's scaled loss gradient ∂/∂w_i and returns its scaled loss. */
function addLossGradient(window: ScoredWindow, weights: Float64Array, gradient: Float64Array): number {
  const { actual, forecasts, scale } = window;
  const levels = forecasts[0]?.levels ?? [];
  const width = levels.length;
  let loss = 0;
  for (let h = 0; h < actual.length; h += 1) {
    const y = actual[h] ?? Number.NaN;
    if (Number.isNaN(y)) continue;
    for (let k = 0; k < width; k += 1) {
      const cell = h * width + k;
      let quantile = 0;
      for (let i = 0; i < weights.length; i += 1)
        quantile += (weights[i] ?? 0) * (forecasts[i]?.quantiles[cell] ?? 0);
      const slope = (2 * ((y <= quantile ? 1 : 0) - (levels[k] ?? 0.5))) / (scale * width * actual.length);
      loss += slope * (quantile - y);
      for (let i = 0; i < weights.length; i += 1) {
        gradient[i] = (gradient[i] ?? 0) + slope * ((forecasts[i]?.quantiles[cell] ?? 0) - y);
      }
    }
  }
  return loss;
}

/**
 * One mirror-descent step; the divergence is taken at the new weights, which keeps the step stable however
 * strong the pull is: w ← (w · prior^(ηκ) · exp(−η∇))^(1/(1+ηκ)) / Z, κ the pull.
 */
function updateWeights(
  weights: Float64Array,
  prior: Float64Array,
  step: { readonly gradient: Float64Array; readonly loss: number; readonly pull: number },
): void {
  const strength = STEP_SIZE * step.pull;
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    if (prior[i] === 0) continue;
    const slope = Math.max(-STEEPEST, Math.min(STEEPEST, (step.gradient[i] ?? 0) / step.loss));
    const kept = Math.log(Math.max(weights[i] ?? 0, SMALLEST_WEIGHT));
    const drawn = strength * Math.log(prior[i] ?? 1);
    weights[i] = Math.exp((kept + drawn - STEP_SIZE * slope) / (1 + strength));
    sum += weights[i] ?? 0;
  }
  for (let i = 0; i < weights.length; i += 1) weights[i] = (weights[i] ?? 0) / sum;
}

function addMemberLosses(window: ScoredWindow, losses: Float64Array): number {
  const { actual, forecasts } = window;
  let count = 0;
  for (let h = 0; h < actual.length; h += 1) {
    const y = actual[h] ?? Number.NaN;
    if (Number.isNaN(y)) continue;
    count += 1;
    for (const [i, { levels, quantiles }] of forecasts.entries()) {
      let loss = 0;
      for (let k = 0; k < levels.length; k += 1) {
        loss += quantileLoss(y, quantiles[h * levels.length + k] ?? 0, levels[k] ?? 0.5);
      }
      losses[i] = (losses[i] ?? 0) + loss;
    }
  }
  return count;
}
