/** The periods of groups as blocks of one linear system that only slopes of all groups tie together. */

import { factorise, invertFactorised, solveFactorised } from '../../../maths/cholesky.ts';

/** The periods of one group. */
export interface GroupSeries {
  readonly days: readonly number[];
  /** `[n]`, log units less their mean. */
  readonly values: Float64Array;
  /** `[n]`, > 0, 1 = a usual period. */
  readonly weights: Float64Array;
  /** `[n × covariates]`. */
  readonly covariates: Float64Array;
}

/** Variances that all groups share, and each group's noise. */
export interface DemandVariances {
  /** `[covariates]`, of the slopes of all groups around 0, and of a group's around those. */
  readonly shared: Float64Array;
  readonly own: Float64Array;
  /** Of a group's mean, and of the level that wanders about it. */
  readonly mean: number;
  readonly level: number;
  /** `[groups]`, of a usual period. */
  readonly noise: Float64Array;
}

/** Days in which the memory of a level fades to 1/e. */
const LEVEL_DAYS = 84;

/** V of one group without the shared slopes, and what the shared slopes see of it. */
export interface GroupBlock {
  /** Factor of V, `[n × n]`. */
  readonly factor: Float64Array;
  /** V⁻¹X, `[n × covariates]`. */
  readonly seen: Float64Array;
  /** V⁻¹y. */
  readonly solved: Float64Array;
}

/** The system of all groups, solved. */
export interface WholeFit {
  readonly blocks: readonly GroupBlock[];
  /** Variance of the shared slopes given the data, and their means. */
  readonly posterior: Float64Array;
  readonly slopes: Float64Array;
}

/** Solves with the shared slopes taken as unknowns of their own, so that every group's block stands alone. */
export function solveAll(
  groups: readonly GroupSeries[],
  variances: DemandVariances,
  width: number,
): WholeFit {
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  const blocks = groups.map((group, g) => {
    const block = solveGroup(group, variances, g);
    for (const [place, value] of block.seen.entries()) {
      const [t, j] = [Math.floor(place / width), place % width];
      right[j] = (right[j] ?? 0) + value * (group.values[t] ?? 0);
      for (let k = 0; k < width; k += 1)
        gram[j * width + k] = (gram[j * width + k] ?? 0) + value * (group.covariates[t * width + k] ?? 0);
    }
    return block;
  });
  const system = gram.slice();
  for (let k = 0; k < width; k += 1)
    system[k * width + k] = (system[k * width + k] ?? 0) + 1 / (variances.shared[k] ?? 1);
  factorise(system, width);
  const slopes = solveFactorised(system, right);
  return { blocks, posterior: invertFactorised(system, width), slopes };
}

/** V⁻¹y of the whole, one group's part: V_g⁻¹ (y − X μ). */
export function readLeft({ solved, seen }: GroupBlock, slopes: Float64Array): Float64Array {
  const width = slopes.length;
  return solved.map((value, t) => {
    let sum = value;
    for (let k = 0; k < width; k += 1) sum -= (seen[t * width + k] ?? 0) * (slopes[k] ?? 0);
    return sum;
  });
}

/** How much of a level is left after some days. */
export function remember(days: number): number {
  return Math.exp(-Math.abs(days) / LEVEL_DAYS);
}

function solveGroup(
  { days, values, weights, covariates }: GroupSeries,
  { own, mean, level, noise }: DemandVariances,
  g: number,
): GroupBlock {
  const n = days.length;
  const width = own.length;
  const matrix = new Float64Array(n * n);
  for (let s = 0; s < n; s += 1)
    for (let t = 0; t <= s; t += 1) {
      let sum = mean + level * remember((days[s] ?? 0) - (days[t] ?? 0));
      for (let k = 0; k < width; k += 1)
        sum += (own[k] ?? 0) * (covariates[s * width + k] ?? 0) * (covariates[t * width + k] ?? 0);
      matrix[s * n + t] = s === t ? sum + (noise[g] ?? 1) / (weights[s] ?? 1) : sum;
    }
  factorise(matrix, n);
  const seen = new Float64Array(n * width);
  const column = new Float64Array(n);
  for (let k = 0; k < width; k += 1) {
    for (let t = 0; t < n; t += 1) column[t] = covariates[t * width + k] ?? 0;
    for (const [t, value] of solveFactorised(matrix, column).entries()) seen[t * width + k] = value;
  }
  return { factor: matrix, seen, solved: solveFactorised(matrix, values) };
}
