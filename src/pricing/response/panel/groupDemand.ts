/** How the mean demand of groups answers to their covariates: slopes of all, of each group, and a level that wanders. */

import { findVariances } from './demandVariances.ts';
import {
  type DemandVariances,
  type GroupBlock,
  type GroupSeries,
  readLeft,
  solveAll,
  type WholeFit,
} from './groupBlocks.ts';

/** What one group's periods say. */
export interface GroupDemand {
  /** `[covariates]`. */
  readonly slopes: Float64Array;
  readonly slopeErrors: Float64Array;
  readonly mean: number;
  /** Days and weights of the level's wandering: the level on day d is Σ w remember(d − day). */
  readonly levelWeights: Float64Array;
  readonly days: readonly number[];
}

/** Work of finding variances, as a sum of cubed numbers of periods: the groups that say most are taken as far as it reaches. */
const variancesWork = 1e8;
const groupsForVariances = { fewest: 3, most: 24 } as const;

/**
 * y_gt = m_g + (μ + δ_g)'x_gt + u_g(t) + e_gt with μ_k ~ N(0, v_k), δ_gk ~ N(0, w_k) and u an Ornstein–Uhlenbeck process:
 * slopes are their means given the data, with the variances of `findVariances`.
 */
export function fitGroupDemand(groups: readonly GroupSeries[], width: number): readonly GroupDemand[] {
  const longest = [...groups.keys()].sort((a, b) => lengthOf(groups[b]) - lengthOf(groups[a]));
  const affordable = Math.floor(variancesWork / Math.max(1, lengthOf(groups[longest[0] ?? 0])) ** 3);
  const { fewest, most } = groupsForVariances;
  const told = longest.slice(0, Math.max(fewest, Math.min(most, affordable)));
  const variances = findVariances(
    told.flatMap((index) => groups[index] ?? []),
    width,
  );
  const noise = new Float64Array(groups.length).fill(median(variances.noise));
  for (const [place, index] of told.entries()) noise[index] = variances.noise[place] ?? 0.1;
  return readSlopes(groups, { ...variances, noise });
}

function readSlopes(groups: readonly GroupSeries[], variances: DemandVariances): readonly GroupDemand[] {
  const width = variances.own.length;
  const fit = solveAll(groups, variances, width);
  return groups.map((group, g): GroupDemand => {
    const block = fit.blocks[g];
    if (block === undefined) throw new Error('Every group must have been solved, and one has not.');
    const left = readLeft(block, fit.slopes);
    const slopes = new Float64Array(width);
    const slopeErrors = new Float64Array(width);
    for (let k = 0; k < width; k += 1) {
      const own = variances.own[k] ?? 0;
      let score = 0;
      for (const [t, value] of left.entries()) score += value * (group.covariates[t * width + k] ?? 0);
      slopes[k] = (fit.slopes[k] ?? 0) + own * score;
      slopeErrors[k] = Math.sqrt(readSlopeVariance(group, { block, fit, own, k }));
    }
    const mean = variances.mean * left.reduce((sum, value) => sum + value, 0);
    return {
      slopes,
      slopeErrors,
      mean,
      levelWeights: left.map((value) => variances.level * value),
      days: group.days,
    };
  });
}

/**
 * Var(μ + δ | y): given μ the group's slope is μ + δ with variance w − w² x'V⁻¹x and moves with μ by 1 − w x'V⁻¹X, so the
 * variance of the whole is that plus that of the move under the shared slopes' posterior.
 */
function readSlopeVariance(
  { covariates }: GroupSeries,
  {
    block,
    fit,
    own,
    k,
  }: { readonly block: GroupBlock; readonly fit: WholeFit; readonly own: number; readonly k: number },
): number {
  const width = fit.slopes.length;
  const moves = new Float64Array(width);
  moves[k] = 1;
  let squares = 0;
  for (let t = 0; t * width < covariates.length; t += 1) {
    const x = covariates[t * width + k] ?? 0;
    for (let j = 0; j < width; j += 1)
      moves[j] = (moves[j] ?? 0) - own * x * (block.seen[t * width + j] ?? 0);
    squares += x * (block.seen[t * width + k] ?? 0);
  }
  let variance = own - own ** 2 * squares;
  for (let i = 0; i < width; i += 1)
    for (let j = 0; j < width; j += 1)
      variance += (moves[i] ?? 0) * (fit.posterior[i * width + j] ?? 0) * (moves[j] ?? 0);
  return Math.max(1e-8, variance);
}

function lengthOf(group: GroupSeries | undefined): number {
  return group?.days.length ?? 0;
}

function median(values: Float64Array): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0.1;
}
