/** Weights of the members before a series has shown anything, by the kind of series. */

import { normalise } from './ensembleWeights.ts';

/** Kinds of series that weigh members differently: more than 30 % zeros or not. */
export type DemandKind = 'intermittent' | 'smooth';

const ZERO_SHARE_LIMIT = 0.3;

/**
 * Prior weights as chosen on validation windows inside `train` of the shared series and before the held-out part
 * of Online Retail. Counts with many zeros belong to the members that know counts; the rest to those that know
 * level, trend and season.
 */
const PRIORS: Readonly<Record<DemandKind, Readonly<Record<string, number>>>> = {
  intermittent: {
    seasonalNaive: 0.005,
    theta: 0.01,
    logTheta: 0.01,
    exponentialSmoothing: 0.02,
    dampedTrend: 0.005,
    tsbNegativeBinomial: 0.35,
    seasonalWindow: 0.35,
    network: 0.26,
  },
  smooth: {
    seasonalNaive: 0.02,
    theta: 0.25,
    logTheta: 0.2,
    exponentialSmoothing: 0.12,
    dampedTrend: 0.12,
    tsbNegativeBinomial: 0.02,
    seasonalWindow: 0.02,
    network: 0.4,
  },
};

/** The kind of a series by the share of zeros among its observed values. */
export function classifyDemand(zeroShare: number): DemandKind {
  return zeroShare > ZERO_SHARE_LIMIT ? 'intermittent' : 'smooth';
}

/** Prior weights of the named members, on the simplex; a member without an entry gets 0.02 before normalising. */
export function priorWeights(kind: DemandKind, names: readonly string[]): Float64Array {
  return normalise(Float64Array.from(names, (name) => PRIORS[kind][name] ?? 0.02));
}
