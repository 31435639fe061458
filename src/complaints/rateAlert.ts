import {
  negativeBinomialLogPmf,
  negativeBinomialMixtureQuantiles,
  negativeBinomialQuantiles,
} from '../maths/negativeBinomial.ts';

/** Complaints of one week beside what they are counted against, e.g. units sold; ≥ 0. */
export type RateWeek = { readonly complaints: number; readonly exposure: number };
/** A jump of the rate in the weeks up to the last one. */
export type RateAlert = {
  /** Weeks over which the complaints were added up, the last one among them. */
  readonly weeks: number;
  readonly complaints: number;
  /** What the series' own history leads to expect. */
  readonly expected: number;
  /** Complaints beyond which an alert is raised. */
  readonly limit: number;
};

type Expectation = {
  readonly history: readonly RateWeek[];
  /** Complaints a unit of exposure. */
  readonly rate: number;
  /** Complaints that the rate was counted from. */
  readonly past: number;
  /** Complaints of the weeks looked at. */
  readonly expected: number;
};

/** Weeks that are looked at together: a big jump shows in one, a small one in four. */
const windows = [1, 4] as const;
/** Weeks before them that the rate is compared with at most. */
export const longestHistory = 52;
/** The fewest of these. */
const shortestHistory = 8;
/** Probability of a false alarm of each window in a week. */
const falseAlarmRate = 0.001;
/** Complaints below which nothing is worth an alert. */
const fewestComplaints = 3;
/** How much complaints may scatter, as variance by mean (1 = Poisson): equally likely before a history is seen. */
const scatters = [1.05, 1.25, 1.5, 2, 3, 4.5, 7] as const;
const levelOfAlert = 1 - falseAlarmRate;

/**
 * Looks for a jump of the complaint rate at the end of a series of weeks, oldest first; null where there is none or fewer than 8
 * weeks come before.
 *
 * The rate r of up to 52 weeks before is estimated by (Σy + ½) / Σn (Jeffreys' prior of a Poisson rate). How much complaints
 * scatter, φ = variance by mean, is not estimated but doubted: seven values from 1.05 to 7 are weighed by the likelihood of the
 * history, whose weeks are negative binomial with mean rn and variance φrn. Complaints of the weeks looked at, with exposure
 * n and mean μ = rn, are then a mixture of negative binomials with the variances φ(μ + μ² / (Σy + ½)): the second part is
 * the doubt about r. An alert is raised beyond its quantile 1 − α, with α = 0.001 for each of two windows (1 and 4 weeks).
 * `bench/complaintAlerts.ts` counts false alarms and jumps that are found.
 *
 * Source: after Manitz and Höhle, "Bayesian outbreak detection algorithm for monitoring reported cases of campylobacteriosis
 * in Germany", Biometrical Journal 55 (2013), §2 (quantile of the predictive distribution); windows and variance after Noufaily
 * et al., "An improved algorithm for outbreak detection", Statistics in Medicine 32 (2013), §2.
 */
export function findRateJump(series: readonly RateWeek[]): RateAlert | null {
  for (const weeks of windows) {
    const recent = series.slice(-weeks);
    const history = series.slice(0, -weeks).slice(-longestHistory);
    if (recent.length < weeks || history.length < shortestHistory) continue;
    const alert = compareWeeks(recent, history);
    if (alert !== null) return alert;
  }
  return null;
}

function compareWeeks(recent: readonly RateWeek[], history: readonly RateWeek[]): RateAlert | null {
  const complaints = sum(recent, 'complaints');
  const past = sum(history, 'complaints') + 0.5;
  const rate = past / sum(history, 'exposure');
  const expected = rate * sum(recent, 'exposure');
  if (!(Number.isFinite(rate) && expected > 0) || complaints < fewestComplaints || complaints <= expected)
    return null;
  const expectation = { history, rate, past, expected };
  // The limit of the least scatter is the lowest that can be, and spares most weeks the rest.
  if (complaints <= lowestLimit(expectation)) return null;
  const limit = findLimit(expectation);
  return complaints > limit ? { weeks: recent.length, complaints, expected, limit } : null;
}

function lowestLimit(expectation: Expectation): number {
  const size = sizeOf(expectation, scatters[0]);
  return negativeBinomialQuantiles([levelOfAlert], expectation.expected, size)[0] ?? 0;
}

function findLimit(expectation: Expectation): number {
  const logs = scatters.map((scatter) => logLikelihood(expectation, scatter));
  const most = Math.max(...logs);
  const shares = logs.map((log) => Math.exp(log - most));
  const total = shares.reduce((whole, share) => whole + share, 0);
  const mixture = {
    weights: Float64Array.from(shares, (share) => share / total),
    means: new Float64Array(scatters.length).fill(expectation.expected),
    sizes: Float64Array.from(scatters, (scatter) => sizeOf(expectation, scatter)),
  };
  return negativeBinomialMixtureQuantiles([levelOfAlert], mixture)[0] ?? 0;
}

/** Size of the negative binomial with the mean expected and the variance φ(μ + μ² / past). */
function sizeOf({ expected, past }: Expectation, scatter: number): number {
  return expected ** 2 / (scatter * (expected + expected ** 2 / past) - expected);
}

/** Of a history whose weeks scatter by φ around the rate: a size of mean / (φ − 1). */
function logLikelihood({ history, rate }: Expectation, scatter: number): number {
  return history.reduce((total, { complaints, exposure }) => {
    const mean = rate * exposure;
    return mean > 0 ? total + negativeBinomialLogPmf(complaints, mean, mean / (scatter - 1)) : total;
  }, 0);
}

function sum(weeks: readonly RateWeek[], name: keyof RateWeek): number {
  return weeks.reduce((total, week) => total + week[name], 0);
}
