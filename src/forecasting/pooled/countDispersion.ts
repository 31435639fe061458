import { logGamma } from '../../maths/negativeBinomial.ts';
import type { DemandPanel } from './demandPanel.ts';
import type { GroupSeason } from './groupSeason.ts';
import type { LevelTracks } from './levelTracks.ts';

/** Candidates of φ in variance = μ + φ μ². */
const candidates = [0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1, 1.6, 2.5, 4, 7] as const;
/** Periods of evidence, and how much of it is kept from period to period. */
const window = 120;
const memory = 0.99;
const warmUp = 8;
/** Periods of evidence that a group is worth to its items, and all items to a group. */
const weightOfGroup = 60;
const weightOfAll = 100;
const smallestMean = 0.02;
const tableLength = 512;

/**
 * φ of each item, `[items]`: the posterior mean of ln φ over a grid, from the negative binomial likelihood of its
 * demand given what the level of `lead` periods before foretold; the prior is the likelihood of a period of its
 * coarsest group, itself drawn to that of all.
 */
export function estimateDispersions(
  panel: DemandPanel,
  season: GroupSeason,
  { levels }: LevelTracks,
  lead: number,
): Float64Array {
  const { items, periods } = panel;
  const width = candidates.length;
  const own = new Float64Array(items * width);
  const counts = new Float64Array(items);
  const tables = candidates.map((phi) => makeLikelihood(1 / phi));
  for (let i = 0; i < items; i += 1) {
    for (let t = Math.max(warmUp, lead, periods - window); t < periods; t += 1) {
      const level = levels[(t - lead) * items + i] ?? 0;
      const mean = Math.max(
        smallestMean,
        level * (season.factors[i * season.length + (t % season.length)] ?? 1),
      );
      const cell = i * periods + t;
      if (panel.seen[cell] === 0) continue;
      const weight = memory ** (periods - 1 - t);
      counts[i] = (counts[i] ?? 0) + weight;
      for (let k = 0; k < width; k += 1)
        own[i * width + k] =
          (own[i * width + k] ?? 0) + weight * (tables[k]?.(panel.demand[cell] ?? 0, mean) ?? 0);
    }
  }
  const prior = groupLikelihoods(panel, own, counts);
  return Float64Array.from({ length: items }, (_, i) =>
    posteriorMean(
      candidates.map((_, k) => (own[i * width + k] ?? 0) + weightOfGroup * (prior[i * width + k] ?? 0)),
    ),
  );
}

/** `[items × candidates]`: log-likelihood of one period of each item's coarsest group. */
function groupLikelihoods(panel: DemandPanel, own: Float64Array, counts: Float64Array): Float64Array {
  const width = candidates.length;
  const kind = panel.kinds[0] ?? { count: 1, groupOf: new Int32Array(panel.items) };
  const sums = new Float64Array(kind.count * width);
  const weights = new Float64Array(kind.count);
  const all = new Float64Array(width);
  let total = 0;
  for (let i = 0; i < panel.items; i += 1) {
    const group = kind.groupOf[i] ?? -1;
    total += counts[i] ?? 0;
    if (group >= 0) weights[group] = (weights[group] ?? 0) + (counts[i] ?? 0);
    for (let k = 0; k < width; k += 1) {
      all[k] = (all[k] ?? 0) + (own[i * width + k] ?? 0);
      if (group >= 0) sums[group * width + k] = (sums[group * width + k] ?? 0) + (own[i * width + k] ?? 0);
    }
  }
  const prior = new Float64Array(panel.items * width);
  for (let i = 0; i < panel.items; i += 1) {
    const group = kind.groupOf[i] ?? -1;
    for (let k = 0; k < width; k += 1) {
      const mean = (all[k] ?? 0) / Math.max(1e-9, total);
      prior[i * width + k] =
        ((sums[group * width + k] ?? 0) + weightOfAll * mean) / ((weights[group] ?? 0) + weightOfAll);
    }
  }
  return prior;
}

function posteriorMean(logWeights: readonly number[]): number {
  const most = Math.max(...logWeights);
  let [sum, total] = [0, 0];
  for (const [k, phi] of candidates.entries()) {
    const weight = Math.exp((logWeights[k] ?? 0) - most);
    sum += weight * Math.log(phi);
    total += weight;
  }
  return Math.exp(sum / total);
}

/** ln P(count | mean) of a negative binomial of one size; what depends on the count alone is computed once. */
function makeLikelihood(size: number): (count: number, mean: number) => number {
  const combine = (count: number) => logGamma(count + size) - logGamma(size) - logGamma(count + 1);
  const table = Float64Array.from({ length: tableLength }, (_, count) => combine(count));
  return (count, mean) => {
    const known = Number.isInteger(count) ? table[count] : undefined;
    const combinations = known ?? combine(count);
    return combinations + size * Math.log(size / (size + mean)) + count * Math.log(mean / (size + mean));
  };
}
