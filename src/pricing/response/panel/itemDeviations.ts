/** How the items of a group deviate from the group's mean in each period. */

import {
  type GroupDeviations,
  invertWithPrior,
  poolSlopes,
  prepareStep,
  type Spread,
  type Step,
} from './deviationSteps.ts';
import type { PanelGroup, PanelItem } from './panelSeries.ts';

const rounds = 10;

/**
 * Fits y_it = z_t + a_i + s_i p_it + γ'(x_it − x̄_t) in every group: z_t is free, so shocks that all items share take no part;
 * a_i ~ N(0, τ_a²), s_i ~ N(0, τ_s²) and γ ~ N(γ of all groups, τ_γ²), whose variances are found by expectation–maximisation
 * (N. M. Laird and J. H. Ware, Biometrics 38 (1982), pp. 963–974). Groups of one item have no deviations, and the slopes of all.
 */
export function fitDeviations(groups: readonly PanelGroup[], width: number): readonly GroupDeviations[] {
  let fits = groups.map((group) => startFit(group, width));
  let spread: Spread = { level: 1, priceSlope: 0.25, slopes: new Float64Array(width).fill(0.25) };
  let shared: Float64Array<ArrayBufferLike> = new Float64Array(width);
  for (let round = 0; round < rounds; round += 1) {
    const steps = groups.map((group, g) => {
      const fit = fits[g];
      return fit === undefined || group.items.length < 2 ? undefined : prepareStep(group, fit, spread);
    });
    const known = steps.filter((step) => step !== undefined);
    if (known.length === 0) break;
    shared = poolSlopes(known, spread.slopes);
    fits = groups.map((group, g) => {
      const [fit, step] = [fits[g], steps[g]];
      if (fit === undefined) throw new Error('Every group must have a fit, and one has none.');
      return step === undefined
        ? { ...fit, slopes: shared }
        : finishStep(group, fit, { step, shared, spread });
    });
    spread = readSpread(fits, groups, { shared, steps: known, spread });
  }
  return fits;
}

function startFit(group: PanelGroup, width: number): GroupDeviations {
  const count = group.items.length;
  const cells = measureCells(group, width);
  const empty = {
    slopes: new Float64Array(width),
    priceError: 0,
    levels: new Float64Array(count),
    priceSlopes: new Float64Array(count),
    priceSlopeErrors: new Float64Array(count),
    residualVariance: 0.1,
  };
  return {
    ...empty,
    ...cells,
    cellMeans: meanCells(group, { ...empty, ...cells, cellMeans: new Float64Array(0) }),
  };
}

function measureCells({ items, days }: PanelGroup, width: number) {
  const cellWeights = new Float64Array(days.length);
  const cellCovariates = new Float64Array(days.length * width);
  for (const { cells, weights, covariates } of items)
    for (const [t, cell] of cells.entries()) {
      const weight = weights[t] ?? 0;
      cellWeights[cell] = (cellWeights[cell] ?? 0) + weight;
      for (let k = 0; k < width; k += 1)
        cellCovariates[cell * width + k] =
          (cellCovariates[cell * width + k] ?? 0) + weight * (covariates[t * width + k] ?? 0);
    }
  for (let place = 0; place < cellCovariates.length; place += 1)
    cellCovariates[place] =
      (cellCovariates[place] ?? 0) / Math.max(1e-9, cellWeights[Math.floor(place / width)] ?? 0);
  return { cellWeights, cellCovariates };
}

/** What an item's row is above its group's cell by the fit. */
export function readDeviation(
  fit: Pick<GroupDeviations, 'slopes' | 'levels' | 'priceSlopes'>,
  place: number,
  row: { readonly covariates: Float64Array; readonly cellCovariates: Float64Array },
): number {
  let sum = (fit.levels[place] ?? 0) + (fit.priceSlopes[place] ?? 0) * (row.covariates[0] ?? 0);
  for (const [k, slope] of fit.slopes.entries())
    sum += slope * ((row.covariates[k] ?? 0) - (row.cellCovariates[k] ?? 0));
  return sum;
}

function meanCells({ items, days }: PanelGroup, fit: GroupDeviations): Float64Array {
  const sums = new Float64Array(days.length);
  for (const [place, item] of items.entries())
    for (const [t, cell] of item.cells.entries())
      sums[cell] =
        (sums[cell] ?? 0) +
        (item.weights[t] ?? 0) * ((item.logUnits[t] ?? 0) - deviationAt(fit, place, { item, t }));
  return sums.map((sum, cell) => sum / Math.max(1e-9, fit.cellWeights[cell] ?? 0));
}

function deviationAt(
  fit: GroupDeviations,
  place: number,
  { item, t }: { readonly item: PanelItem; readonly t: number },
): number {
  const width = fit.slopes.length;
  const cell = item.cells[t] ?? 0;
  return readDeviation(fit, place, {
    covariates: item.covariates.subarray(t * width, (t + 1) * width),
    cellCovariates: fit.cellCovariates.subarray(cell * width, (cell + 1) * width),
  });
}

function finishStep(
  group: PanelGroup,
  fit: GroupDeviations,
  found: { readonly step: Step; readonly shared: Float64Array; readonly spread: Spread },
): GroupDeviations {
  const { step, shared, spread } = found;
  const width = shared.length;
  const inverse = invertWithPrior(step.gram, spread.slopes);
  const slopes = Float64Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < width; j += 1)
      sum +=
        (inverse[i * width + j] ?? 0) * ((step.right[j] ?? 0) + (shared[j] ?? 0) / (spread.slopes[j] ?? 1));
    return sum;
  });
  const levels = new Float64Array(group.items.length);
  const priceSlopes = new Float64Array(group.items.length);
  const priceSlopeErrors = new Float64Array(group.items.length);
  for (const [place, { inverse: own, cross, right }] of step.blocks.entries()) {
    const one = right[0] - dot(cross[0], slopes);
    const two = right[1] - dot(cross[1], slopes);
    levels[place] = own[0] * one + own[1] * two;
    priceSlopes[place] = own[1] * one + own[2] * two;
    priceSlopeErrors[place] = Math.sqrt(Math.max(0, own[2]));
  }
  const priceError = Math.sqrt(inverse[0] ?? 0);
  const next = { ...fit, slopes, levels, priceSlopes, priceSlopeErrors, priceError };
  const cellMeans = meanCells(group, next);
  return { ...next, cellMeans, residualVariance: measureResidual(group, { ...next, cellMeans }) };
}

function measureResidual(group: PanelGroup, fit: GroupDeviations): number {
  let [squares, count] = [0, 0];
  for (const [place, item] of group.items.entries())
    for (const [t, cell] of item.cells.entries()) {
      const weight = item.weights[t] ?? 0;
      const left =
        (item.logUnits[t] ?? 0) - (fit.cellMeans[cell] ?? 0) - deviationAt(fit, place, { item, t });
      squares += weight * left ** 2;
      count += weight > 0 ? 1 : 0;
    }
  const freedom = count - group.days.length - group.items.length;
  return Math.max(1e-4, squares / Math.max(1, freedom, count / 4));
}

function readSpread(
  fits: readonly GroupDeviations[],
  groups: readonly PanelGroup[],
  found: { readonly shared: Float64Array; readonly steps: readonly Step[]; readonly spread: Spread },
): Spread {
  const { shared, steps, spread } = found;
  const blocks = steps.flatMap(({ blocks }) => blocks);
  const several = fits.filter((_, g) => (groups[g]?.items.length ?? 0) > 1);
  const width = shared.length;
  const inverses = steps.map(({ gram }) => invertWithPrior(gram, spread.slopes));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    level: Math.max(
      1e-3,
      mean(several.flatMap(({ levels }) => Array.from(levels, (a) => a ** 2))) +
        mean(blocks.map(({ inverse }) => inverse[0])),
    ),
    priceSlope: Math.max(
      1e-4,
      mean(several.flatMap(({ priceSlopes }) => Array.from(priceSlopes, (s) => s ** 2))) +
        mean(blocks.map(({ inverse }) => inverse[2])),
    ),
    slopes: Float64Array.from({ length: width }, (_, k) =>
      Math.max(
        1e-4,
        mean(several.map(({ slopes }) => ((slopes[k] ?? 0) - (shared[k] ?? 0)) ** 2)) +
          mean(inverses.map((inverse) => inverse[k * width + k] ?? 0)),
      ),
    ),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}
