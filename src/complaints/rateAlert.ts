import { negativeBinomialQuantiles } from '../maths/negativeBinomial.ts';

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

/** Weeks that are looked at together: a big jump shows in one, a small one in four. */
const windows = [1, 4] as const;
/** Weeks before them that the rate is compared with at most. */
export const longestHistory = 26;
/** The fewest of these. */
const shortestHistory = 8;
/** Probability of a false alarm in a week, shared by the windows. */
const falseAlarmRate = 0.001;
/** Complaints below which nothing is worth an alert. */
const fewestComplaints = 3;

/**
 * Looks for a jump of the complaint rate at the end of a series of weeks, oldest first; null where there is none or fewer than 8
 * weeks come before.
 *
 * The rate r of up to 26 weeks before is estimated by (Σy + ½) / Σn (Jeffreys' prior of a Poisson rate), its
 * overdispersion by φ = max(1, Σ (y − rn)² / (rn) / (k − 1)). Complaints of the weeks looked at, with exposure n, are then
 * about negative binomial with mean μ = rn and variance φ(μ + μ² / (Σy + ½)): the second part is the doubt about r. An
 * alert is raised beyond its quantile 1 − α, with α = 0.0005 for each of two windows (1 and 4 weeks): at most one
 * false alarm in 1,000 weeks of a series whose complaints are Poisson, more where they scatter more, since φ comes from 26
 * weeks: `bench/complaintAlerts.ts` counts them.
 *
 * Source: after Noufaily et al., "An improved algorithm for outbreak detection", Statistics in Medicine 32 (2013), §2.
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
  const exposure = sum(history, 'exposure');
  const expected = (past / exposure) * sum(recent, 'exposure');
  if (!(exposure > 0 && expected > 0) || complaints < fewestComplaints || complaints <= expected) return null;
  const dispersion = Math.max(1, dispersionOf(history, past / exposure));
  const variance = dispersion * (expected + expected ** 2 / past);
  const size = expected ** 2 / (variance - expected);
  const [limit = 0] = negativeBinomialQuantiles([1 - falseAlarmRate / windows.length], expected, size);
  return complaints > limit ? { weeks: recent.length, complaints, expected, limit } : null;
}

/** Pearson's statistic of the weeks by their degrees of freedom: 1 for Poisson counts. */
function dispersionOf(history: readonly RateWeek[], rate: number): number {
  let statistic = 0;
  for (const { complaints, exposure } of history)
    if (exposure > 0) statistic += (complaints - rate * exposure) ** 2 / (rate * exposure);
  return statistic / (history.length - 1);
}

function sum(weeks: readonly RateWeek[], name: keyof RateWeek): number {
  return weeks.reduce((total, week) => total + week[name], 0);
}
