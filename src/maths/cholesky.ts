/** Symmetric positive definite matrices, `[size × size]` row-major, by Cholesky's factor L, A = L Lᵀ. */

/** Replaces the lower half of a matrix by its factor; the upper half is left. */
export function factorise(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j += 1) {
    for (let i = j; i < size; i += 1) {
      let sum = matrix[i * size + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (matrix[i * size + k] ?? 0) * (matrix[j * size + k] ?? 0);
      matrix[i * size + j] =
        i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (matrix[j * size + j] ?? Number.NaN);
    }
  }
}

/** A⁻¹ b from the factor of A. */
export function solveFactorised(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const x = right.slice();
  for (let i = 0; i < size; i += 1) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (factor[i * size + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * size + i] ?? Number.NaN);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) sum -= (factor[k * size + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * size + i] ?? Number.NaN);
  }
  return x;
}

/** A⁻¹ from the factor of A, `[size × size]`. */
export function invertFactorised(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let j = 0; j < size; j += 1) {
    unit.fill(0);
    unit[j] = 1;
    inverse.set(solveFactorised(factor, unit), j * size);
  }
  return inverse;
}
