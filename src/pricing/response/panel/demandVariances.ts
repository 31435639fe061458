/** How much slopes and levels differ, found from the data themselves. */

import { invertFactorised } from '../../../maths/cholesky.ts';
import {
  type DemandVariances,
  type GroupBlock,
  type GroupSeries,
  readLeft,
  remember,
  solveAll,
  type WholeFit,
} from './groupBlocks.ts';

const rounds = 12;

/**
 * Variances that maximise the likelihood by minorisation–maximisation: v ← v √(y'V⁻¹ K V⁻¹y ÷ tr V⁻¹K) for each component v K
 * of the variance V of y (H. Zhou et al., Journal of Computational and Graphical Statistics 28 (2019), pp. 350–361), so that
 * covariates that say nothing are shrunk away.
 */
export function findVariances(groups: readonly GroupSeries[], width: number): DemandVariances {
  let variances = startVariances(groups, width);
  for (let round = 0; round < rounds; round += 1)
    variances = improve(groups, variances, solveAll(groups, variances, width));
  return variances;
}

function startVariances(groups: readonly GroupSeries[], width: number): DemandVariances {
  const moving = new Float64Array(width);
  let count = 0;
  for (const { covariates, days } of groups) {
    count += days.length;
    for (const [place, value] of covariates.entries())
      moving[place % width] = (moving[place % width] ?? 0) + value ** 2;
  }
  const noise = Float64Array.from(groups, ({ values }) => {
    const squares = values.reduce((sum, value) => sum + value ** 2, 0);
    return Math.max(1e-3, (0.5 * squares) / Math.max(1, values.length));
  });
  const start = moving.map((sum) => 0.1 / Math.max(1e-3, sum / Math.max(1, count)));
  return { shared: start, own: start.map((value) => value / 4), mean: 0.02, level: 0.05, noise };
}

/** Ratios y'V⁻¹ K V⁻¹y and tr V⁻¹K of every component, gathered over groups. */
class Ratios {
  readonly tops: Float64Array;
  readonly bottoms: Float64Array;
  constructor(size: number) {
    this.tops = new Float64Array(size).fill(1e-9);
    this.bottoms = new Float64Array(size).fill(1e-9);
  }
  add(component: number, top: number, bottom: number): void {
    this.tops[component] = (this.tops[component] ?? 0) + top;
    this.bottoms[component] = (this.bottoms[component] ?? 0) + bottom;
  }
  factor(component: number): number {
    return Math.sqrt((this.tops[component] ?? 0) / (this.bottoms[component] ?? 1));
  }
}

function improve(groups: readonly GroupSeries[], variances: DemandVariances, fit: WholeFit): DemandVariances {
  const width = variances.own.length;
  const own = new Ratios(width);
  const levels = new Ratios(2);
  const noise = new Ratios(groups.length);
  for (const [g, group] of groups.entries()) {
    const block = fit.blocks[g];
    if (block !== undefined) addGroup(group, { block, fit, g }, { own, levels, noise });
  }
  const shared = new Float64Array(width);
  for (let k = 0; k < width; k += 1) {
    // For K = φφ': φ'V⁻¹y = μ ÷ v, and φ'V⁻¹φ = (v − Var(μ | y)) ÷ v².
    const v = variances.shared[k] ?? 1;
    const ratios = new Ratios(1);
    ratios.add(
      0,
      ((fit.slopes[k] ?? 0) / v) ** 2,
      Math.max(0, v - (fit.posterior[k * width + k] ?? 0)) / v ** 2,
    );
    shared[k] = Math.min(100, Math.max(1e-8, v * ratios.factor(0)));
  }
  return {
    shared,
    own: variances.own.map((value, k) => Math.min(100, Math.max(1e-8, value * own.factor(k)))),
    mean: Math.max(1e-6, variances.mean * levels.factor(0)),
    level: Math.max(1e-6, variances.level * levels.factor(1)),
    noise: variances.noise.map((value, g) => Math.max(1e-4, value * noise.factor(g))),
  };
}

function addGroup(
  { days, weights, covariates }: GroupSeries,
  { block, fit, g }: { readonly block: GroupBlock; readonly fit: WholeFit; readonly g: number },
  sums: { readonly own: Ratios; readonly levels: Ratios; readonly noise: Ratios },
): void {
  const n = days.length;
  const width = fit.slopes.length;
  const left = readLeft(block, fit.slopes);
  const precision = readPrecision(block, fit.posterior, width);
  const [scores, traces] = [new Float64Array(width), new Float64Array(width)];
  let [total, all, wandering, levels] = [0, 0, 0, 0];
  for (let s = 0; s < n; s += 1) {
    const a = left[s] ?? 0;
    total += a;
    sums.noise.add(g, a ** 2 / (weights[s] ?? 1), (precision[s * n + s] ?? 0) / (weights[s] ?? 1));
    for (let k = 0; k < width; k += 1) scores[k] = (scores[k] ?? 0) + a * (covariates[s * width + k] ?? 0);
    for (let t = 0; t < n; t += 1) {
      const entry = precision[s * n + t] ?? 0;
      const memory = remember((days[s] ?? 0) - (days[t] ?? 0));
      all += entry;
      wandering += a * (left[t] ?? 0) * memory;
      levels += entry * memory;
      for (let k = 0; k < width; k += 1)
        traces[k] =
          (traces[k] ?? 0) + entry * (covariates[s * width + k] ?? 0) * (covariates[t * width + k] ?? 0);
    }
  }
  // A prior worth a few periods keeps the noise of short series in bounds.
  sums.noise.add(g, 0.5, 5);
  sums.levels.add(0, total ** 2, all);
  sums.levels.add(1, wandering, levels);
  for (let k = 0; k < width; k += 1) sums.own.add(k, (scores[k] ?? 0) ** 2, traces[k] ?? 0);
}

/** The group's part of V⁻¹ of the whole: V_g⁻¹ − V_g⁻¹X C X'V_g⁻¹. */
function readPrecision({ factor, seen }: GroupBlock, posterior: Float64Array, width: number): Float64Array {
  const n = seen.length / width;
  const turned = new Float64Array(n * width);
  for (let s = 0; s < n; s += 1)
    for (let j = 0; j < width; j += 1)
      for (let k = 0; k < width; k += 1)
        turned[s * width + j] =
          (turned[s * width + j] ?? 0) + (seen[s * width + k] ?? 0) * (posterior[k * width + j] ?? 0);
  const precision = invertFactorised(factor, n);
  for (let s = 0; s < n; s += 1)
    for (let t = 0; t < n; t += 1)
      for (let k = 0; k < width; k += 1)
        precision[s * n + t] =
          (precision[s * n + t] ?? 0) - (turned[s * width + k] ?? 0) * (seen[t * width + k] ?? 0);
  return precision;
}
