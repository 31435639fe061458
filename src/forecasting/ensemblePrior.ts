/** Weights of the members before a series has shown anything, by the kind of series. */

import { normalise } from './ensembleWeights.ts';
import type { PreparedHistory } from './history.ts';

/**
 * Kinds of series that weigh members differently: many periods without demand, demand that jumps about
 * without pausing, and demand with a level, trend or season worth following.
 */
export type DemandKind = 'intermittent' | 'erratic' | 'smooth';

/** All kinds. */
export const DEMAND_KINDS: readonly DemandKind[] = ['intermittent', 'erratic', 'smooth'];

const ZERO_SHARE_LIMIT = 0.3;
const CHANGE_LIMIT = 0.5;

/**
 * Prior weights as chosen on validation windows inside `train` of the shared series and before the held-out
 * part of Online Retail. Demand with zeros or jumps belongs to the members that know
 * counts or assume no shape; the rest to those that know level, trend and season. A member without an entry is
 * shut out of the kind for good.
 */
const PRIORS: Readonly<Record<DemandKind, Readonly<Record<string, number>>>> = {
  intermittent: { countPopulation: 0.5, tsbNegativeBinomial: 0.05, seasonalWindow: 0.2, network: 0.25 },
  erratic: { countPopulation: 0.47, seasonalWindow: 0.18, network: 0.35 },
  smooth: {
    seasonalNaive: 0.02,
    theta: 0.06,
    logTheta: 0.2,
    exponentialSmoothing: 0.04,
    dampedTrend: 0.1,
    network: 0.58,
  },
};

/**
 * As many windows' evidence equals the prior's in a group (`fitGroupWeights`). Windows of slow sellers tell members
 * apart reliably, since their noise is each series' own; those of smooth series share the fortunes of a time.
 */
export const PRIOR_STRENGTHS: Readonly<Record<DemandKind, number>> = {
  intermittent: 5,
  erratic: 5,
  smooth: 300,
};

/**
 * The kind of a history: intermittent above 30 % zeros; erratic when it has no negative value and the mean
 * absolute change, from period to period or season to season, whichever is less, exceeds half the mean; else
 * smooth.
 */
export function classifyDemand(history: PreparedHistory, seasonLength: number): DemandKind {
  if (history.zeroShare > ZERO_SHARE_LIMIT) return 'intermittent';
  const { values, nonNegative } = history;
  const change = Math.min(meanChange(values, 1), meanChange(values, seasonLength));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return nonNegative && change > CHANGE_LIMIT * mean ? 'erratic' : 'smooth';
}

/** Prior weights of the named members, on the simplex; a member that the kind does not list gets 0. */
export function priorWeights(kind: DemandKind, names: readonly string[]): Float64Array {
  return normalise(Float64Array.from(names, (name) => PRIORS[kind][name] ?? 0));
}

/** Whether a member can get any weight in a kind of series; one that cannot need not be run there. */
export function canWeigh(kind: DemandKind, name: string): boolean {
  return (PRIORS[kind][name] ?? 0) > 0;
}

/** Mean |y_t − y_{t−lag}|; 0 when there is no pair: a history too short to tell counts as smooth. */
function meanChange(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t += 1) sum += Math.abs((values[t] ?? 0) - (values[t - lag] ?? 0));
  return values.length > lag ? sum / (values.length - lag) : 0;
}
