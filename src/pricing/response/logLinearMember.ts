import { normalQuantile } from '../../maths/normal.ts';
import { RESPONSE_LEVELS } from '../demandResponse.ts';
import type { PriceStep } from './findPriceSteps.ts';
import type { Estimate } from './multipleRegression.ts';

const scores = RESPONSE_LEVELS.map((level) => normalQuantile(level));
/** Doubt about the slope per unit of log price outside the range that was seen, and everywhere per unit away. */
const doubtOutside = 3;
const doubtAway = 0.5;

/** Log prices that were seen, relative to the current one. */
export interface SeenRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Quantiles of log demand ratios of the log-linear model with the shrunken elasticity: log r = θ x, whose slope is the less
 * certain the farther x lies from the current price and from what was seen; steps between the current price and x add their
 * falls. `[G × RESPONSE_LEVELS]`, ascending.
 */
export function predictLogLinear(
  { value, standardError }: Estimate,
  logRatios: Float64Array,
  { lowest, highest }: SeenRange,
  steps: readonly PriceStep[] = [],
): Float64Array {
  const width = RESPONSE_LEVELS.length;
  const quantiles = new Float64Array(logRatios.length * width);
  for (const [g, x] of logRatios.entries()) {
    const outside = Math.max(0, lowest - x, x - highest);
    const slopeError = Math.hypot(standardError, doubtOutside * outside, doubtAway * x);
    const { fall, variance } = crossSteps(steps, x);
    const deviation = Math.hypot(slopeError * x, Math.sqrt(variance));
    for (const [k, score] of scores.entries())
      quantiles[g * width + k] = value * x + fall + score * deviation;
  }
  return quantiles;
}

/** What the steps between the current price and x do to log demand: gained where x lies below them. */
function crossSteps(
  steps: readonly PriceStep[],
  x: number,
): { readonly fall: number; readonly variance: number } {
  let [fall, variance] = [0, 0];
  for (const step of steps) {
    const crossed = Number(x >= step.at - 1e-9) - Number(step.at <= 1e-9);
    fall += crossed * step.fall;
    variance += (crossed * step.standardError) ** 2;
  }
  return { fall, variance };
}
