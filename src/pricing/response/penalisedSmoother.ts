/** Weighted ridge regression of several targets on the same columns, with exact leave-one-out residuals. */

import { factorise, solveFactorised } from '../../maths/cholesky.ts';

/** Columns of equal length, one after another: column k holds `values[k·n … (k+1)·n − 1]`. */
export interface Columns {
  readonly rows: number;
  readonly count: number;
  readonly values: Float64Array;
  /** `[count]`, > 0 = relative penalty of the column's coefficient, 0 = none. */
  readonly penalties: Float64Array;
}

/** Takes what columns explain out of targets. */
export interface Smoother {
  /** Rows' worth of freedom that a fit uses, 0 to n. */
  readonly freedom: number;
  /** `[n]`, the target less its prediction from all other rows. */
  leaveOver(target: Float64Array): Float64Array;
}

/** Strength of the penalty per unit of the rows' weight, where there are as many columns as rows. */
const fullStrength = 0.01;
/** Added to each column's sum of squares, so that one without weight has a factor too. */
const tiny = 1e-9;
/** A row that determines its own fit is left out instead. */
const highestLeverage = 0.98;

/**
 * Makes a smoother whose penalty is as weak as the numbers of columns K and rows n allow, 0.01 (K ÷ n)²: weaker than the
 * best for prediction, since what a smooth of both price and demand misses biases the slope between them, and what it adds
 * in noise does not.
 *
 * A row's prediction without itself is that of the whole fit corrected by its leverage: eₜ ÷ (1 − hₜ), which is
 * cross-fitting with as many folds as rows.
 * Sources: D. Allen, Technometrics 16 (1974) for the leave-one-out identity; W. Newey, F. Hsieh and J. Robins,
 * Econometrica 72 (2004) for undersmoothing.
 *
 * @param weights `[n]`, ≥ 0; 0 = the row is predicted but not learned from.
 */
export function makeSmoother(columns: Columns, weights: Float64Array): Smoother {
  const scale = sumOf(weights);
  const share = columns.count / Math.max(1, columns.rows);
  const factor = makeGram(columns, weights);
  for (let k = 0; k < columns.count; k += 1) {
    const penalty = fullStrength * share ** 2 * scale * (columns.penalties[k] ?? 0);
    factor[k * columns.count + k] = (factor[k * columns.count + k] ?? 0) + penalty + tiny;
  }
  factorise(factor, columns.count);
  const leverages = measureLeverages(columns, weights, factor);
  return {
    freedom: sumOf(leverages),
    leaveOver: (target) =>
      leaveOneOut(columns, target, solveFactorised(factor, project(columns, weights, target)), leverages),
  };
}

/** The columns' weighted products with each other, `[K × K]`, of which the lower half is used. */
function makeGram({ rows, count, values }: Columns, weights: Float64Array): Float64Array {
  const gram = new Float64Array(count * count);
  const weighted = new Float64Array(rows);
  for (let i = 0; i < count; i += 1) {
    for (let t = 0; t < rows; t += 1) weighted[t] = (weights[t] ?? 0) * (values[i * rows + t] ?? 0);
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      const from = j * rows;
      for (let t = 0; t < rows; t += 1) sum += (weighted[t] ?? 0) * (values[from + t] ?? 0);
      gram[i * count + j] = sum;
    }
  }
  return gram;
}

function project(
  { rows, count, values }: Columns,
  weights: Float64Array,
  target: Float64Array,
): Float64Array {
  const weighted = new Float64Array(rows);
  for (let t = 0; t < rows; t += 1) weighted[t] = (weights[t] ?? 0) * (target[t] ?? 0);
  const products = new Float64Array(count);
  for (let k = 0; k < count; k += 1) {
    let sum = 0;
    const from = k * rows;
    for (let t = 0; t < rows; t += 1) sum += (values[from + t] ?? 0) * (weighted[t] ?? 0);
    products[k] = sum;
  }
  return products;
}

function sumOf(numbers: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < numbers.length; t += 1) sum += numbers[t] ?? 0;
  return sum;
}

/** hₜ = wₜ xₜ' (X'WX + Λ)⁻¹ xₜ, by forward substitution for all rows at once. */
function measureLeverages(
  { rows, count, values }: Columns,
  weights: Float64Array,
  factor: Float64Array,
): Float64Array {
  const half = values.slice();
  const leverages = new Float64Array(rows);
  for (let i = 0; i < count; i += 1) {
    const own = i * rows;
    for (let j = 0; j < i; j += 1) {
      const share = factor[i * count + j] ?? 0;
      if (share === 0) continue;
      const other = j * rows;
      for (let t = 0; t < rows; t += 1) half[own + t] = (half[own + t] ?? 0) - share * (half[other + t] ?? 0);
    }
    const inverse = 1 / (factor[i * count + i] ?? 1);
    for (let t = 0; t < rows; t += 1) {
      const scaled = (half[own + t] ?? 0) * inverse;
      half[own + t] = scaled;
      leverages[t] = (leverages[t] ?? 0) + scaled * scaled;
    }
  }
  for (let t = 0; t < rows; t += 1)
    leverages[t] = Math.min(highestLeverage, (leverages[t] ?? 0) * (weights[t] ?? 0));
  return leverages;
}

function leaveOneOut(
  { rows, count, values }: Columns,
  target: Float64Array,
  coefficients: Float64Array,
  leverages: Float64Array,
): Float64Array {
  const residuals = target.slice();
  for (let k = 0; k < count; k += 1) {
    const coefficient = coefficients[k] ?? 0;
    for (let t = 0; t < rows; t += 1)
      residuals[t] = (residuals[t] ?? 0) - coefficient * (values[k * rows + t] ?? 0);
  }
  for (let t = 0; t < rows; t += 1) residuals[t] = (residuals[t] ?? 0) / (1 - (leverages[t] ?? 0));
  return residuals;
}
