import { invertSymmetric } from '../../maths/symmetricInverse.ts';
import { longRunProduct } from './longRunProduct.ts';

/** An estimate with its doubt. */
export interface Estimate {
  readonly value: number;
  /** > 0; infinite where nothing is known. */
  readonly standardError: number;
}

/** What is known of a slope before anything is seen. */
export const unknown: Estimate = { value: 0, standardError: Number.POSITIVE_INFINITY };

/** Slopes of a target on several regressors together. */
export interface Slopes {
  readonly estimates: readonly Estimate[];
  /** `[n]`, what is left of the target. */
  readonly residuals: Float64Array;
}

/** Added to each regressor's sum of squares, per row and relative to it: regressors that say the same share what they say. */
const ridge = 1e-6;

/** Share of a regressor's sum of squares that is taken for chance errors at most: beyond it too little would be left to hold on to. */
const mostError = 0.35;

/**
 * Least squares of remainders on remainders, with standard errors that allow for errors that differ in size and follow each
 * other: (V'WV)⁻¹ Ω (V'WV)⁻¹, Ω by Newey and West. Regressors that do not move get no estimate.
 *
 * The last regressors may be known with chance errors only. Their sums of squares are then less those of the errors; else their
 * slopes would be too small, and what they stand for would be laid to the others (W. A. Fuller, Measurement Error Models
 * (1987), §2.2).
 *
 * @param errors `[k][n]`, series as large as the chance errors of the last k regressors.
 */
export function regressTogether(
  y: Float64Array,
  regressors: readonly Float64Array[],
  weights: Float64Array,
  errors: readonly Float64Array[] = [],
): Slopes {
  const rows = countPositive(weights);
  const moving = regressors.map(
    (regressor) => dot(regressor, regressor, weights) > 1e-7 && rows > regressors.length + 2,
  );
  const used = regressors.filter((_, k) => moving[k]);
  const usedErrors = regressors
    .map((_, k) => errors[k - regressors.length + errors.length])
    .filter((_, k) => moving[k]);
  const size = used.length;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [i, one] of used.entries()) {
    for (const [j, other] of used.entries())
      gram[i * size + j] = dot(one, other, weights) * (i === j ? 1 + ridge : 1);
    const error = usedErrors[i];
    const square = gram[i * size + i] ?? 0;
    if (error !== undefined)
      gram[i * size + i] = square - Math.min(mostError * square, dot(error, error, weights));
    right[i] = dot(one, y, weights);
  }
  const inverse = invertSymmetric(gram, size);
  const slopes = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j += 1) sum += (inverse[i * size + j] ?? 0) * (right[j] ?? 0);
    return sum;
  });
  const residuals = y.slice();
  for (const [k, one] of used.entries())
    for (let t = 0; t < y.length; t += 1)
      residuals[t] = (residuals[t] ?? 0) - (slopes[k] ?? 0) * (one[t] ?? 0);
  const deviations = measureDeviations(used, { inverse, residuals, weights });
  let next = 0;
  const estimates = moving.map((isUsed) => {
    if (!isUsed) return unknown;
    const estimate = {
      value: slopes[next] ?? 0,
      standardError: deviations[next] ?? Number.POSITIVE_INFINITY,
    };
    next += 1;
    return estimate;
  });
  return { estimates, residuals };
}

/**
 * Makes what subtracts a weighted fit of the same regressors from one target after another, as `regressTogether` does for its
 * residuals, without asking how sure the slopes are.
 */
export function makeFitSubtraction(
  regressors: readonly Float64Array[],
  weights: Float64Array,
): (target: Float64Array) => Float64Array {
  const used = regressors.filter((regressor) => dot(regressor, regressor, weights) > 1e-7);
  const size = used.length;
  const gram = new Float64Array(size * size);
  for (const [i, one] of used.entries())
    for (const [j, other] of used.entries())
      gram[i * size + j] = dot(one, other, weights) * (i === j ? 1 + ridge : 1);
  const inverse = invertSymmetric(gram, size);
  return (target) => {
    const products = used.map((one) => dot(one, target, weights));
    const left = target.slice();
    for (const [i, one] of used.entries()) {
      let slope = 0;
      for (const [j, product] of products.entries()) slope += (inverse[i * size + j] ?? 0) * product;
      for (let t = 0; t < left.length; t += 1) left[t] = (left[t] ?? 0) - slope * (one[t] ?? 0);
    }
    return left;
  };
}

/** Each slope's variance is that of the sum over rows of its influence, aᵗᵢ = Σⱼ (V'WV)⁻¹ᵢⱼ vⱼₜ wₜ eₜ. */
function measureDeviations(
  used: readonly Float64Array[],
  fit: { readonly inverse: Float64Array; readonly residuals: Float64Array; readonly weights: Float64Array },
): Float64Array {
  const { inverse, residuals, weights } = fit;
  const size = used.length;
  const deviations = new Float64Array(size);
  const influence = new Float64Array(residuals.length);
  for (let i = 0; i < size; i += 1) {
    influence.fill(0);
    for (const [j, one] of used.entries()) {
      const share = inverse[i * size + j] ?? 0;
      for (let t = 0; t < influence.length; t += 1)
        influence[t] = (influence[t] ?? 0) + share * (one[t] ?? 0);
    }
    for (let t = 0; t < influence.length; t += 1)
      influence[t] = (influence[t] ?? 0) * (residuals[t] ?? 0) * (weights[t] ?? 0);
    deviations[i] = Math.max(1e-4, Math.sqrt(longRunProduct(influence)));
  }
  return deviations;
}

function countPositive(weights: Float64Array): number {
  let count = 0;
  for (let t = 0; t < weights.length; t += 1) if ((weights[t] ?? 0) > 0) count += 1;
  return count;
}

function dot(one: Float64Array, other: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < one.length; t += 1) sum += (weights[t] ?? 0) * (one[t] ?? 0) * (other[t] ?? 0);
  return sum;
}
