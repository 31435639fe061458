import { describe, expect, it } from 'vitest';
import { studentReach } from '../../src/maths/studentQuantile.ts';

describe('quantiles of Student’s t', () => {
  it.each([
    // Two-sided 95 % and 99 % points of printed tables.
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [3, 3.182, 5.841],
    [5, 2.571, 4.032],
    [10, 2.228, 3.169],
    [30, 2.042, 2.75],
    [1_000_000, 1.96, 2.576],
  ])('with %i degrees of freedom are those of the tables', (freedom, at95, at99) => {
    expect(studentReach(0.95, freedom)).toBeCloseTo(at95, 2);
    expect(studentReach(0.99, freedom)).toBeCloseTo(at99, 2);
  });
});
