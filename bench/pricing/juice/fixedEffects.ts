/** Least squares with an intercept for each unit, and standard errors clustered by period. */

import { studentReach } from '../../../src/maths/studentQuantile.ts';
import { invertSymmetric } from '../../../src/maths/symmetricInverse.ts';

/** Rows of a panel; all lists of equal length. */
export interface PanelRows {
  readonly units: readonly number[];
  readonly periods: readonly number[];
  readonly targets: readonly number[];
  /** The regressors of each row. */
  readonly regressors: readonly (readonly number[])[];
}

/** A fit; intercepts by unit. */
export interface FixedEffectsFit {
  readonly slopes: readonly number[];
  readonly intercepts: ReadonlyMap<number, number>;
  /** Half of each slope's 95 % interval, clustered by period. */
  readonly reaches: readonly number[];
}

type Means = { readonly target: number; readonly regressors: readonly number[] };

/**
 * Fits y = a_unit + x'β by least squares. Errors of one period may follow each other in any way: the variance is
 * (X'X)⁻¹ Σ_t X_t'e_t e_t'X_t (X'X)⁻¹ with the factor G ÷ (G − 1) × (n − 1) ÷ (n − k), and Student's t has G − 1 degrees of
 * freedom (A. C. Cameron and D. L. Miller, Journal of Human Resources 50 (2015), pp. 317–372, §II).
 */
export function fitFixedEffects(rows: PanelRows): FixedEffectsFit {
  const size = rows.regressors[0]?.length ?? 0;
  const means = meansByUnit(rows, size);
  const centred = rows.regressors.map((x, i) => {
    const mean = means.get(rows.units[i] ?? 0);
    return x.map((value, k) => value - (mean?.regressors[k] ?? 0));
  });
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [i, x] of centred.entries())
    for (const [j, value] of x.entries()) {
      right[j] = (right[j] ?? 0) + value * (rows.targets[i] ?? 0);
      for (const [k, other] of x.entries()) gram[j * size + k] = (gram[j * size + k] ?? 0) + value * other;
    }
  const inverse = invertSymmetric(gram, size);
  const slopes = multiply(inverse, right);
  const intercepts = new Map(
    [...means].map(([unit, { target, regressors }]) => [unit, target - dot(regressors, slopes)]),
  );
  const residuals = rows.regressors.map(
    (x, i) => (rows.targets[i] ?? 0) - (intercepts.get(rows.units[i] ?? 0) ?? 0) - dot(x, slopes),
  );
  return { slopes, intercepts, reaches: measureReaches(rows, { centred, residuals, inverse }) };
}

/** Predicts a row; Σ a ÷ units for a unit that was not in the fit. */
export function predictFixedEffects(fit: FixedEffectsFit, unit: number, x: readonly number[]): number {
  const { intercepts, slopes } = fit;
  const mean = () => [...intercepts.values()].reduce((sum, value) => sum + value, 0) / intercepts.size;
  return (intercepts.get(unit) ?? mean()) + dot(x, slopes);
}

function meansByUnit({ units, targets, regressors }: PanelRows, size: number): Map<number, Means> {
  const rowsOf = new Map<number, number[]>();
  for (const [row, unit] of units.entries()) {
    const places = rowsOf.get(unit) ?? [];
    rowsOf.set(unit, places);
    places.push(row);
  }
  return new Map(
    [...rowsOf].map(([unit, places]) => {
      const mean = (read: (row: number) => number) =>
        places.reduce((sum, row) => sum + read(row), 0) / places.length;
      return [
        unit,
        {
          target: mean((row) => targets[row] ?? 0),
          regressors: Array.from({ length: size }, (_, k) => mean((row) => regressors[row]?.[k] ?? 0)),
        },
      ];
    }),
  );
}

function measureReaches(
  { periods, units }: PanelRows,
  fit: {
    readonly centred: readonly (readonly number[])[];
    readonly residuals: readonly number[];
    readonly inverse: Float64Array;
  },
): readonly number[] {
  const { centred, residuals, inverse } = fit;
  const size = centred[0]?.length ?? 0;
  const scores = new Map<number, Float64Array>();
  for (const [i, x] of centred.entries()) {
    const period = periods[i] ?? 0;
    const score = scores.get(period) ?? new Float64Array(size);
    scores.set(period, score);
    for (const [k, value] of x.entries()) score[k] = (score[k] ?? 0) + value * (residuals[i] ?? 0);
  }
  const variances = new Float64Array(size);
  for (const score of scores.values())
    for (const [k, influence] of multiply(inverse, score).entries())
      variances[k] = (variances[k] ?? 0) + influence ** 2;
  const [clusters, rows] = [scores.size, centred.length];
  const used = size + new Set(units).size;
  const factor = (clusters / (clusters - 1)) * ((rows - 1) / (rows - used));
  const reach = studentReach(0.95, clusters - 1);
  return Array.from(variances, (variance) => reach * Math.sqrt(factor * variance));
}

function multiply(matrix: Float64Array, vector: Float64Array): number[] {
  const size = vector.length;
  return Array.from({ length: size }, (_, i) =>
    vector.reduce((sum, value, k) => sum + (matrix[i * size + k] ?? 0) * value, 0),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
}
