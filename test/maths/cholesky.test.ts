import { expect, test } from 'vitest';
import { factorise, invertFactorised, solveFactorised } from '../../src/maths/cholesky.ts';

test('factors, solves and inverts a worked case', () => {
  const matrix = Float64Array.of(4, 0, 2, 5);
  factorise(matrix, 2);
  // L = (2 0; 1 2).
  expect([matrix[0], matrix[2], matrix[3]]).toEqual([2, 1, 2]);
  // 4x + 2y = 8 and 2x + 5y = 12 have the solution x = 1, y = 2.
  expect([...solveFactorised(matrix, Float64Array.of(8, 12))].map((x) => Number(x.toFixed(12)))).toEqual([
    1, 2,
  ]);
  const inverse = invertFactorised(matrix, 2);
  for (const [place, value] of [5 / 16, -2 / 16, -2 / 16, 4 / 16].entries())
    expect(inverse[place]).toBeCloseTo(value, 12);
});
