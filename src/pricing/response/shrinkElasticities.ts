import type { Estimate } from './multipleRegression.ts';

/** An item's elasticity with what is known of it without its own sales. */
export interface ShrunkenElasticity {
  /** From all items. */
  readonly posterior: Estimate;
  /** From the other items alone. */
  readonly prior: Estimate;
}

/**
 * Own-price elasticities of consumer goods before any sales are seen. They average −1.76 in one meta-analysis and −2.62 in a
 * later one, mostly between −0.5 and −4 (G. J. Tellis, JMR 25 (1988), pp. 331–341; T. H. A. Bijmolt et al., JMR 42 (2005),
 * pp. 141–156).
 */
const usual = { mean: -2.1, deviation: 0.9 } as const;
/** Deviations of items within a group, and of groups, with the logarithm of their weight before anything is seen. */
const itemDeviations = [0.1, 0.2, 0.35, 0.55, 0.85, 1.3] as const;
const groupDeviations = [0.15, 0.4, 0.9] as const;
const logWeight = (deviation: number, median: number) => -0.5 * (Math.log(deviation / median) / 0.7) ** 2;

/**
 * Shrinks estimates item ← group ← all: θᵢ ~ N(μ_g, τ²), μ_g ~ N(μ, ω²), μ ~ N(−2.1, 0.9²), averaged over a grid of τ
 * and ω by their marginal likelihood.
 *
 * Source: A. Gelman et al., Bayesian Data Analysis (3rd ed., 2013), §5.4.
 *
 * @param groups each estimate's group.
 */
export function shrinkElasticities(
  estimates: readonly Estimate[],
  groups: readonly string[],
): readonly ShrunkenElasticity[] {
  const names = [...new Set(groups)];
  const memberships = groups.map((group) => names.indexOf(group));
  const usable = estimates.map(({ value, standardError }) =>
    Number.isFinite(standardError) ? { value, variance: standardError ** 2 } : { value: 0, variance: 1e6 },
  );
  const fits = itemDeviations.flatMap((tau) =>
    groupDeviations.map((omega) => fitHierarchy(usable, memberships, { groups: names.length, tau, omega })),
  );
  const best = Math.max(...fits.map(({ logLikelihood }) => logLikelihood));
  const shares = fits.map(({ logLikelihood }) => Math.exp(logLikelihood - best));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return usable.map((estimate, i) => {
    let [mean, square] = [0, 0];
    for (const [k, fit] of fits.entries()) {
      const share = (shares[k] ?? 0) / total;
      const { value, variance } = fit.posteriors[i] ?? estimate;
      mean += share * value;
      square += share * (variance + value ** 2);
    }
    const variance = Math.max(1e-6, square - mean ** 2);
    return { posterior: toEstimate(mean, variance), prior: withoutOwn({ value: mean, variance }, estimate) };
  });
}

interface Normal {
  readonly value: number;
  readonly variance: number;
}

interface HierarchyFit {
  readonly logLikelihood: number;
  readonly posteriors: readonly Normal[];
}

function fitHierarchy(
  estimates: readonly Normal[],
  memberships: readonly number[],
  { groups, tau, omega }: { readonly groups: number; readonly tau: number; readonly omega: number },
): HierarchyFit {
  const gathered = Array.from({ length: groups }, () => ({
    precision: 0,
    sum: 0,
    square: 0,
    logVariance: 0,
  }));
  for (const [i, { value, variance }] of estimates.entries()) {
    const group = gathered[memberships[i] ?? 0];
    if (group === undefined) continue;
    const total = variance + tau ** 2;
    group.precision += 1 / total;
    group.sum += value / total;
    group.square += value ** 2 / total;
    group.logVariance += Math.log(total);
  }
  let logLikelihood = logWeight(tau, 0.4) + logWeight(omega, 0.4);
  let [precision, sum, square] = [
    1 / usual.deviation ** 2,
    usual.mean / usual.deviation ** 2,
    usual.mean ** 2 / usual.deviation ** 2,
  ];
  for (const group of gathered) {
    const variance = 1 / group.precision + omega ** 2;
    const mean = group.sum / group.precision;
    precision += 1 / variance;
    sum += mean / variance;
    square += mean ** 2 / variance;
    logLikelihood -=
      0.5 *
      (group.logVariance + Math.log(group.precision) + Math.log(variance) + group.square - group.sum * mean);
  }
  logLikelihood -= 0.5 * (square - sum ** 2 / precision + Math.log(precision));
  return {
    logLikelihood,
    posteriors: estimates.map((estimate, i) => {
      const group = gathered[memberships[i] ?? 0] ?? { precision: 0, sum: 0 };
      return shrinkOne(estimate, { group, all: { precision, sum }, tau, omega });
    }),
  };
}

/** The group's mean without the item, as its other members and the other groups have it, combined with the item's own estimate. */
function shrinkOne(
  { value, variance }: Normal,
  fit: {
    readonly group: { readonly precision: number; readonly sum: number };
    readonly all: { readonly precision: number; readonly sum: number };
    readonly tau: number;
    readonly omega: number;
  },
): Normal {
  const { group, all, tau, omega } = fit;
  const own = 1 / (variance + tau ** 2);
  const groupVariance = 1 / group.precision + omega ** 2;
  const allPrecision = Math.max(1e-9, all.precision - 1 / groupVariance);
  const allMean = (all.sum - group.sum / group.precision / groupVariance) / allPrecision;
  const above = 1 / (1 / allPrecision + omega ** 2);
  const precision = Math.max(1e-9, group.precision - own) + above;
  const mean = (group.sum - value * own + allMean * above) / precision;
  const prior = { value: mean, variance: 1 / precision + tau ** 2 };
  const posterior = 1 / (1 / variance + 1 / prior.variance);
  return { value: posterior * (value / variance + prior.value / prior.variance), variance: posterior };
}

/** Takes an item's own estimate out of its posterior again. */
function withoutOwn(posterior: Normal, own: Normal): Estimate {
  const precision = Math.max(0.05, 1 / posterior.variance - 1 / own.variance);
  const value = (posterior.value / posterior.variance - own.value / own.variance) / precision;
  return toEstimate(Math.max(-8, Math.min(2, value)), 1 / precision);
}

function toEstimate(value: number, variance: number): Estimate {
  return { value, standardError: Math.sqrt(variance) };
}
