/** What another way of choosing prices would bring, from a log of drawn prices. */

import { sampleQuantile } from '../../maths/quantiles.ts';
import { makeRandom } from '../../maths/random.ts';
import { studentReach } from '../../maths/studentQuantile.ts';
import type { IntervalEstimate } from './switchbackEffect.ts';

/** One logged choice with its outcome and what the policy in question would have done. */
export interface LoggedChoice {
  /** Choices of one cluster depend on each other, e.g. those of one item. */
  readonly cluster: string;
  /** What the chosen price brought. */
  readonly reward: number;
  /** Probability with which the price had been chosen, above 0. */
  readonly propensity: number;
  /** Probability with which the policy would choose it. */
  readonly policyShare: number;
  /** What the chosen price was expected to bring. */
  readonly expectedReward: number;
  /** What the policy was expected to bring: Σ over the candidates of its share × the expected reward. */
  readonly expectedPolicyReward: number;
}

/** What a policy is worth a choice, on items like those of the log. */
export interface PolicyValue {
  /** Mean reward of the log itself. */
  readonly logged: number;
  /** Expected rewards, corrected by what the log shows of their error. */
  readonly doublyRobust: IntervalEstimate;
  /** The doubly robust value less the log's mean reward; what items differ in falls out of it. */
  readonly gain: IntervalEstimate;
  /** Inverse propensity scores: unbiased, wide. */
  readonly inversePropensity: IntervalEstimate;
  /** The same over the sum of the weights: hardly biased, narrower. */
  readonly selfNormalised: IntervalEstimate;
  /** Choices of the policy's own that would say as much: (Σw)² ÷ Σw². */
  readonly effectiveChoices: number;
  readonly clusters: number;
}

const resamples = 1000;
/** Resamples after which other work may be done. */
const resamplesATurn = 50;

/** Sums over choices, of which every estimator is a ratio. */
interface ChoiceSums {
  count: number;
  reward: number;
  weight: number;
  weighted: number;
  robust: number;
}

/**
 * Estimates a policy's mean reward of a choice from at least one choice; NaN where the log holds no price of the policy's.
 *
 * With w = policy's share ÷ propensity, r the reward and q̂ the expected one: inverse propensity = mean(w r),
 * self-normalised = Σ w r ÷ Σ w, doubly robust = mean(Σ_a π(a) q̂(a) + w (r − q̂)). Intervals are the 2.5 % and 97.5 %
 * quantiles over 1,000 bootstrap samples of whole clusters, stretched by Student's t of the effective choices ÷ that of
 * many, since a few large weights decide where the policy was rarely drawn. Sources: M. Dudík, J. Langford and L. Li, "Doubly Robust
 * Policy Evaluation and Learning", ICML 2011; A. Swaminathan and T. Joachims, "The Self-Normalized Estimator for
 * Counterfactual Learning", NIPS 2015.
 *
 * @param takeTurn lets other work be done
 */
export async function estimatePolicyValue(
  choices: readonly LoggedChoice[],
  { seed, takeTurn }: { readonly seed: number; readonly takeTurn: () => Promise<void> },
): Promise<PolicyValue> {
  const clusters = sumClusters(choices);
  const random = makeRandom(seed);
  const drawn = Array.from({ length: 4 }, () => new Float64Array(resamples));
  for (let b = 0; b < resamples; b += 1) {
    if (b > 0 && b % resamplesATurn === 0) await takeTurn();
    const sums = makeSums();
    for (let i = 0; i < clusters.length; i += 1)
      addSums(sums, clusters[Math.floor(random.uniform() * clusters.length)]);
    for (const [place, value] of readEstimators(sums).entries()) {
      const column = drawn[place];
      if (column !== undefined) column[b] = value;
    }
  }
  const all = makeSums();
  for (const cluster of clusters) addSums(all, cluster);
  const squares = choices.reduce((sum, one) => sum + (one.policyShare / one.propensity) ** 2, 0);
  const effectiveChoices = squares > 0 ? all.weight ** 2 / squares : 0;
  const stretch = studentReach(0.95, Math.max(1, effectiveChoices - 1)) / studentReach(0.95, 1e6);
  const [robust, gain, inverse, normalised] = readEstimators(all).map((value, place) =>
    toInterval(value, drawn[place] ?? new Float64Array(0), stretch),
  );
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return {
    logged: all.reward / all.count,
    doublyRobust: robust ?? none,
    gain: gain ?? none,
    inversePropensity: inverse ?? none,
    selfNormalised: normalised ?? none,
    effectiveChoices,
    clusters: clusters.length,
  };
}

/** Doubly robust value, its gain over the log, inverse propensity and self-normalised value. */
function readEstimators({ count, reward, weight, weighted, robust }: ChoiceSums): number[] {
  return [robust / count, (robust - reward) / count, weighted / count, weighted / weight];
}

function sumClusters(choices: readonly LoggedChoice[]): ChoiceSums[] {
  const clusters = new Map<string, ChoiceSums>();
  for (const choice of choices) {
    const sums = clusters.get(choice.cluster) ?? makeSums();
    const weight = choice.policyShare / choice.propensity;
    addSums(sums, {
      count: 1,
      reward: choice.reward,
      weight,
      weighted: weight * choice.reward,
      robust: choice.expectedPolicyReward + weight * (choice.reward - choice.expectedReward),
    });
    clusters.set(choice.cluster, sums);
  }
  return [...clusters.values()];
}

function makeSums(): ChoiceSums {
  return { count: 0, reward: 0, weight: 0, weighted: 0, robust: 0 };
}

function addSums(sums: ChoiceSums, more: ChoiceSums | undefined): void {
  if (more === undefined) return;
  sums.count += more.count;
  sums.reward += more.reward;
  sums.weight += more.weight;
  sums.weighted += more.weighted;
  sums.robust += more.robust;
}

/** Samples in which the policy has no weight say nothing of the self-normalised value. */
function toInterval(value: number, drawn: Float64Array, stretch: number): IntervalEstimate {
  const sorted = drawn.filter((one) => !Number.isNaN(one)).sort();
  const [low, high] = [sampleQuantile(sorted, 0.025), sampleQuantile(sorted, 0.975)];
  return { value, low: value + stretch * (low - value), high: value + stretch * (high - value) };
}
