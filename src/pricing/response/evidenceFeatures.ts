import type { PriceItem } from '../priceItem.ts';
import type { ItemEvidence } from './itemEvidence.ts';
import type { Estimate } from './multipleRegression.ts';
import type { ShrunkenElasticity } from './shrinkElasticities.ts';

/** Numbers that the pricing network reads of an item, F of them. */
export const FEATURE_COUNT = 61;

/** What the items of a group have in common, the item itself among them. */
export interface PeerEvidence {
  /** Items of the request that share the item's group. */
  readonly count: number;
  /** Mean over them of how far the slope without controls, and that of changes, lie above the controlled one. */
  readonly naiveGap: number;
  readonly differencedGap: number;
}

/** Compares the slopes of a group's items; those that are hardly known count little. */
export function comparePeers(evidence: readonly ItemEvidence[]): PeerEvidence {
  const meanGap = (name: 'naive' | 'differenced') => {
    let [sum, total] = [0, 1];
    for (const one of evidence) {
      const precision = 1 / (0.25 + one.controlled.standardError ** 2 + one[name].standardError ** 2);
      sum += precision === 0 ? 0 : precision * clip(one[name].value - one.controlled.value, -6, 6);
      total += precision;
    }
    return sum / total;
  };
  return { count: evidence.length, naiveGap: meanGap('naive'), differencedGap: meanGap('differenced') };
}

const clip = (value: number, low: number, high: number) =>
  Number.isNaN(value) ? 0 : Math.max(low, Math.min(high, value));
const logOf = (value: number, low: number, high: number) => Math.log(clip(value, low, high));

/**
 * Lays out the evidence of one item as `[61]` numbers of about unit size: slopes with their log standard errors (4 = unknown),
 * log units by ranges of price with the share of the rows in each, and the circumstances of both.
 *
 */
export function readFeatures(
  item: PriceItem,
  evidence: ItemEvidence,
  { posterior, prior }: ShrunkenElasticity,
  { peers, periodDays }: { readonly peers: PeerEvidence; readonly periodDays: number },
): Float64Array {
  const { history, currentPrice } = item;
  const logs = history.map(({ price }) => Math.log(price / currentPrice));
  const mean = logs.reduce((sum, x) => sum + x, 0) / Math.max(1, logs.length);
  const moods = history.map(({ sentiment }) => sentiment).filter(Number.isFinite);
  const usualMood = moods.reduce((sum, mood) => sum + mood, 0) / Math.max(1, moods.length);
  const weight = evidence.bins.reduce((sum, bin) => sum + bin.weight, 0);
  const slopes = ['naive', 'controlled', 'remembering', 'differenced', 'local'] as const;
  return Float64Array.from([
    ...slopes.flatMap((name) => layOut(evidence[name], 1)),
    ...layOut(evidence.curvature, 5),
    ...layOut(evidence.promotion, 0.5),
    ...layOut(evidence.following, 0.2),
    ...layOut(posterior, 1),
    ...layOut(prior, 1),
    ...evidence.bins.flatMap((bin) => [
      clip(bin.mean, -2, 2),
      Math.sqrt(bin.weight / Math.max(1e-9, weight)),
    ]),
    logOf(evidence.deviation, 0.01, 3) + 1,
    clip(evidence.autocorrelation, -1, 1),
    logOf(evidence.priceDeviation, 1e-3, 2) + 2,
    logOf(evidence.freePriceDeviation, 1e-3, 2) + 3,
    logOf(evidence.effectiveMoves, 1, 1000) - 2.5,
    logOf(evidence.rows, 1, 2000) - 4,
    clip(evidence.usedShare, 0, 1),
    5 * clip(Math.min(...logs), -1, 1),
    5 * clip(Math.max(...logs), -1, 1),
    5 * clip(logs.at(-1) ?? 0, -1, 1),
    5 * clip(mean, -1, 1),
    history.filter(({ promoted }) => promoted).length / Math.max(1, history.length),
    history.at(-1)?.promoted ? 1 : 0,
    history.some(({ competitorPrices }) => competitorPrices.some(Number.isFinite)) ? 1 : 0,
    moods.length > 0 ? 1 : 0,
    clip((moods.at(-1) ?? 0) - usualMood, -1, 1),
    Math.log(periodDays) - 1,
    clip(evidence.meanLevel, -3, 12) / 3 - 1,
    clip(evidence.recentLevel - evidence.meanLevel, -2, 2),
    Math.log(peers.count) - 1.5,
    clip(peers.naiveGap, -4, 4),
    clip(peers.differencedGap, -4, 4),
    posterior.value,
  ]);
}

function layOut({ value, standardError }: Estimate, unit: number): readonly number[] {
  const error = Number.isFinite(standardError) ? standardError / unit : 50;
  return [error >= 50 ? 0 : clip(value / unit, -8, 4), logOf(error, 0.02, 50)];
}
