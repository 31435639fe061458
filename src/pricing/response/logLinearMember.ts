import { normalQuantile } from '../../maths/normal.ts';
import { RESPONSE_LEVELS } from '../demandResponse.ts';
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
 * certain the farther x lies from the current price and from what was seen. `[G × RESPONSE_LEVELS]`, ascending.
 */
export function predictLogLinear(
  { value, standardError }: Estimate,
  logRatios: Float64Array,
  { lowest, highest }: SeenRange,
): Float64Array {
  const width = RESPONSE_LEVELS.length;
  const quantiles = new Float64Array(logRatios.length * width);
  for (const [g, x] of logRatios.entries()) {
    const outside = Math.max(0, lowest - x, x - highest);
    const slopeError = Math.hypot(standardError, doubtOutside * outside, doubtAway * x);
    for (const [k, score] of scores.entries())
      quantiles[g * width + k] = value * x + score * slopeError * Math.abs(x);
  }
  return quantiles;
}
