/** Normal equations of a group's deviations, with its items' own levels and slopes taken out. */

import { factorise, invertFactorised, solveFactorised } from '../../../maths/cholesky.ts';
import type { PanelGroup, PanelItem } from './panelSeries.ts';

/** The fit of one group; items in the group's order. */
export interface GroupDeviations {
  /** `[covariates]`, log units per covariate by which an item differs from the group's mean. */
  readonly slopes: Float64Array;
  /** Standard error of the slope on the own log price; 0 in a group of one item. */
  readonly priceError: number;
  /** Log units of each item above the group's mean, and its slope on the own log price beyond the group's. */
  readonly levels: Float64Array;
  readonly priceSlopes: Float64Array;
  /** Standard errors of the items' slopes. */
  readonly priceSlopeErrors: Float64Array;
  /** Variance of what is left of a row. */
  readonly residualVariance: number;
  /** `[cells]` the group's mean log units at the items' usual prices as they are in the cell, and the weight behind it. */
  readonly cellMeans: Float64Array;
  readonly cellWeights: Float64Array;
  /** `[cells × covariates]`, weighted means of the items' covariates. */
  readonly cellCovariates: Float64Array;
}

/** Variances that are shared by all groups. */
export interface Spread {
  readonly level: number;
  readonly priceSlope: number;
  /** `[covariates]`, of a group's slopes around those of all. */
  readonly slopes: Float64Array;
}

/** Normal equations of one group with its items' levels and slopes taken out. */
export interface Step {
  /** `[covariates²]` and `[covariates]`. */
  readonly gram: Float64Array;
  readonly right: Float64Array;
  /** Per item: inverse of its 2 × 2 block, its cross products with the covariates, its right side. */
  readonly blocks: readonly ItemBlock[];
}

/** One item in them. */
export interface ItemBlock {
  readonly inverse: readonly [number, number, number];
  readonly cross: readonly [Float64Array, Float64Array];
  readonly right: readonly [number, number];
}

/** Gathers a group's normal equations. */
export function prepareStep(group: PanelGroup, fit: GroupDeviations, spread: Spread): Step {
  const width = fit.slopes.length;
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  const blocks = group.items.map((item) => {
    const block = addItem(item, fit, { gram, right, spread });
    const [a, b, c] = block.inverse;
    for (let j = 0; j < width; j += 1) {
      const [one, two] = [block.cross[0][j] ?? 0, block.cross[1][j] ?? 0];
      const [first, second] = [a * one + b * two, b * one + c * two];
      right[j] = (right[j] ?? 0) - first * block.right[0] - second * block.right[1];
      for (let k = 0; k < width; k += 1)
        gram[j * width + k] =
          (gram[j * width + k] ?? 0) - first * (block.cross[0][k] ?? 0) - second * (block.cross[1][k] ?? 0);
    }
    return block;
  });
  return { gram, right, blocks };
}

/** Slopes of all groups, each group's counting for as much as it says: Σ (G⁻¹ + T)⁻¹ G⁻¹ r. */
export function poolSlopes(steps: readonly Step[], variances: Float64Array): Float64Array {
  const width = variances.length;
  const total = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let k = 0; k < width; k += 1) total[k * width + k] = 1e-2;
  for (const step of steps) {
    const inverse = invertWithPrior(step.gram, variances);
    for (let i = 0; i < width; i += 1) {
      const precision = 1 / (variances[i] ?? 1);
      total[i * width + i] = (total[i * width + i] ?? 0) + precision;
      for (let j = 0; j < width; j += 1) {
        const entry = precision * (inverse[i * width + j] ?? 0);
        right[i] = (right[i] ?? 0) + entry * (step.right[j] ?? 0);
        total[i * width + j] = (total[i * width + j] ?? 0) - entry / (variances[j] ?? 1);
      }
    }
  }
  factorise(total, width);
  return solveFactorised(total, right);
}

/** Variance of slopes given the data, (G + T⁻¹)⁻¹. */
export function invertWithPrior(gram: Float64Array, variances: Float64Array): Float64Array {
  const width = variances.length;
  const matrix = gram.slice();
  for (let k = 0; k < width; k += 1)
    matrix[k * width + k] = (matrix[k * width + k] ?? 0) + 1 / (variances[k] ?? 1);
  factorise(matrix, width);
  return invertFactorised(matrix, width);
}

function addItem(
  { cells, logUnits, weights, covariates }: PanelItem,
  fit: GroupDeviations,
  sums: { readonly gram: Float64Array; readonly right: Float64Array; readonly spread: Spread },
): ItemBlock {
  const width = fit.slopes.length;
  const cross: [Float64Array, Float64Array] = [new Float64Array(width), new Float64Array(width)];
  let [ones, prices, squares] = [1 / sums.spread.level, 0, 1 / sums.spread.priceSlope];
  const own: [number, number] = [0, 0];
  const x = new Float64Array(width);
  for (const [t, cell] of cells.entries()) {
    const weight = (weights[t] ?? 0) / fit.residualVariance;
    if (weight === 0) continue;
    const price = covariates[t * width] ?? 0;
    const target = (logUnits[t] ?? 0) - (fit.cellMeans[cell] ?? 0);
    for (let k = 0; k < width; k += 1)
      x[k] = (covariates[t * width + k] ?? 0) - (fit.cellCovariates[cell * width + k] ?? 0);
    ones += weight;
    prices += weight * price;
    squares += weight * price ** 2;
    own[0] += weight * target;
    own[1] += weight * target * price;
    for (let j = 0; j < width; j += 1) {
      const scaled = weight * (x[j] ?? 0);
      cross[0][j] = (cross[0][j] ?? 0) + scaled;
      cross[1][j] = (cross[1][j] ?? 0) + scaled * price;
      sums.right[j] = (sums.right[j] ?? 0) + scaled * target;
      for (let k = 0; k < width; k += 1)
        sums.gram[j * width + k] = (sums.gram[j * width + k] ?? 0) + scaled * (x[k] ?? 0);
    }
  }
  const determinant = ones * squares - prices ** 2;
  return { inverse: [squares / determinant, -prices / determinant, ones / determinant], cross, right: own };
}
