/** `[size × size]` row-major with `values` on the diagonal and 0 elsewhere. */
export function makeDiagonal(values: readonly number[]): Float64Array {
  const matrix = new Float64Array(values.length ** 2);
  for (const [i, value] of values.entries()) matrix[i * values.length + i] = value;
  return matrix;
}

/** Inverse of a small symmetric positive definite matrix, `[size × size]` row-major, by Gauss–Jordan elimination. */
export function invertSymmetric(matrix: Float64Array, size: number): Float64Array {
  const work = matrix.slice();
  const inverse = makeDiagonal(new Array<number>(size).fill(1));
  for (let pivot = 0; pivot < size; pivot += 1) {
    const divisor = work[pivot * size + pivot] ?? 1;
    scaleRow(work, pivot, size, 1 / divisor);
    scaleRow(inverse, pivot, size, 1 / divisor);
    for (let row = 0; row < size; row += 1) {
      const factor = work[row * size + pivot] ?? 0;
      if (row === pivot || factor === 0) continue;
      subtractRow(work, { row, pivot, factor, size });
      subtractRow(inverse, { row, pivot, factor, size });
    }
  }
  return inverse;
}

function scaleRow(matrix: Float64Array, row: number, size: number, factor: number): void {
  for (let i = row * size; i < (row + 1) * size; i += 1) matrix[i] = (matrix[i] ?? 0) * factor;
}

function subtractRow(
  matrix: Float64Array,
  {
    row,
    pivot,
    factor,
    size,
  }: { readonly row: number; readonly pivot: number; readonly factor: number; readonly size: number },
): void {
  for (let i = 0; i < size; i += 1)
    matrix[row * size + i] = (matrix[row * size + i] ?? 0) - factor * (matrix[pivot * size + i] ?? 0);
}
