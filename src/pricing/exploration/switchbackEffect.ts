/** What a switch-back test shows. */

import { studentReach } from '../../maths/studentQuantile.ts';
import {
  countPairs,
  planSwitchback,
  type SwitchbackArm,
  type SwitchbackBlock,
  type SwitchbackDesign,
} from './switchback.ts';

/** An estimate with its 95 % interval. */
export interface IntervalEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What the tested price does to the outcome per period, against the price as it is. */
export interface SwitchbackEffect {
  /** Mean outcome of a period that counts, of blocks at the price as it is and at the tested one. */
  readonly controlMean: number;
  readonly treatmentMean: number;
  /** Treatment less control. */
  readonly difference: IntervalEstimate;
  /** Treatment ÷ control − 1; null where the control's mean is not above 0. */
  readonly change: IntervalEstimate | null;
  /** Pairs of blocks, over all items, in which both have an outcome. */
  readonly pairs: number;
  /** What was drawn independently, and so is taken as independent. */
  readonly clusteredBy: 'ITEM' | 'PAIR';
  readonly clusters: number;
}

/** One item's pair of blocks, by the means of the periods that count. */
interface BlockPair {
  readonly cluster: number;
  readonly control: number;
  readonly treatment: number;
}

/**
 * The mean over pairs of blocks of treatment less control, with a cluster-robust interval; null where fewer than two
 * clusters have outcomes, from which no interval follows.
 *
 * With residuals e_i = (t_i − c_i) − δ, N pairs and G clusters the variance of δ is
 * G ÷ (G − 1) · Σ_g (Σ_{i in g} e_i)² ÷ N², and the interval takes Student's t with G − 1 degrees of freedom. The change is
 * ρ = Σt ÷ Σc − 1 with the residuals (t_i − (1 + ρ) c_i) ÷ c̄ of its linearisation. Clusters are the items where each has
 * its own draws, and the pairs of blocks where all share them or there is one item.
 * Source: A. C. Cameron and D. L. Miller, "A Practitioner's Guide to Cluster-Robust Inference", Journal of Human
 * Resources 50 (2015), §II and §VI.
 *
 * @param outcomes `[items][periods]` in the design's order, NaN = unknown, which is left out
 */
export function estimateSwitchback(
  design: SwitchbackDesign,
  outcomes: readonly (readonly number[])[],
): SwitchbackEffect | null {
  const clusteredBy = design.isShared || design.itemIds.length === 1 ? 'PAIR' : 'ITEM';
  const pairs = planSwitchback(design).flatMap((blocks, item) =>
    listPairs(blocks, outcomes[item] ?? [], (pair) => (clusteredBy === 'ITEM' ? item : pair)),
  );
  const clusters = new Set(pairs.map(({ cluster }) => cluster)).size;
  if (clusters < 2) return null;
  const controlMean = mean(pairs.map(({ control }) => control));
  const treatmentMean = mean(pairs.map(({ treatment }) => treatment));
  const difference = treatmentMean - controlMean;
  const ratio = treatmentMean / controlMean;
  const reach = (residual: (pair: BlockPair) => number) =>
    studentReach(0.95, clusters - 1) * findError(pairs, clusters, residual);
  return {
    controlMean,
    treatmentMean,
    difference: around(
      difference,
      reach(({ control, treatment }) => treatment - control - difference),
    ),
    change:
      controlMean > 0
        ? around(
            ratio - 1,
            reach(({ control, treatment }) => (treatment - ratio * control) / controlMean),
          )
        : null,
    pairs: pairs.length,
    clusteredBy,
    clusters,
  };

  function listPairs(
    blocks: readonly SwitchbackBlock[],
    values: readonly number[],
    toCluster: (pair: number) => number,
  ): BlockPair[] {
    return Array.from({ length: countPairs(design) }, (_, pair) => {
      const read = (arm: SwitchbackArm) => {
        const block = blocks.slice(2 * pair, 2 * pair + 2).find((one) => one.arm === arm);
        return block === undefined ? Number.NaN : meanOfBlock(block, values);
      };
      return { cluster: toCluster(pair), control: read('CONTROL'), treatment: read('TREATMENT') };
    }).filter(({ control, treatment }) => !Number.isNaN(control + treatment));
  }
}

/** The standard error of a mean from the residuals of its terms, which are independent between clusters only. */
function findError(
  pairs: readonly BlockPair[],
  clusters: number,
  residual: (pair: BlockPair) => number,
): number {
  const sums = new Map<number, number>();
  for (const pair of pairs) sums.set(pair.cluster, (sums.get(pair.cluster) ?? 0) + residual(pair));
  const squares = [...sums.values()].reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt((clusters / (clusters - 1)) * squares) / pairs.length;
}

/** Mean of the known outcomes that count; NaN where there is none. */
function meanOfBlock({ countsFrom, lastPeriod }: SwitchbackBlock, values: readonly number[]): number {
  return mean(values.slice(countsFrom, lastPeriod + 1).filter((value) => !Number.isNaN(value)));
}

function around(value: number, reach: number): IntervalEstimate {
  return { value, low: value - reach, high: value + reach };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
