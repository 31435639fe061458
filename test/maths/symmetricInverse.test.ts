import { expect, it } from 'vitest';
import { invertSymmetric } from '../../src/maths/symmetricInverse.ts';

it('inverts a symmetric matrix', () => {
  // [[4, 2], [2, 3]]: determinant 8, inverse [[3, −2], [−2, 4]] / 8.
  const inverse = invertSymmetric(Float64Array.of(4, 2, 2, 3), 2);
  for (const [i, expected] of [0.375, -0.25, -0.25, 0.5].entries())
    expect(inverse[i]).toBeCloseTo(expected, 12);
});
