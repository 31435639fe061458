/** A history as counts: whole numbers of units, and how often demand comes by position in the season. */

import { type PreparedHistory, prepareHistory } from './history.ts';
import type { SeriesHistory } from './member.ts';

/** A history as counts. */
export interface CountHistory {
  /** `[n]`, whole numbers ≥ 0, gaps filled. */
  readonly counts: Float64Array;
  /** `[n]`, 1 where the count was observed. */
  readonly observed: Uint8Array;
  /** Units in one count. */
  readonly unit: number;
  /** `[m]` factors on the chance of demand by position in the season, or `[1]` of 1. */
  readonly season: Float64Array;
}

/** Counts above this are scaled down to it: the distribution's shape no longer depends on single units. */
const LARGEST_COUNT_MEAN = 200;
/** Seasons of observations needed before positions are told apart. */
const SEASONS_NEEDED = 4;

/** Turns a history into counts, negative values into 0; null when nothing was observed. */
export function toCountHistory(series: SeriesHistory): CountHistory | null {
  const history = prepareHistory(series);
  if (history.count === 0) return null;
  const unit = countUnit(history);
  const counts = new Float64Array(history.values.length);
  for (let t = 0; t < counts.length; t += 1)
    counts[t] = Math.max(0, Math.round((history.values[t] ?? 0) / unit));
  const season = occurrenceSeason(counts, history.observed, series.seasonLength);
  return { counts, observed: history.observed, unit, season };
}

/**
 * Factors on the probability of demand by position in the season, `[m]`, mean about 1: each position's share
 * of periods with demand over the overall share, drawn toward 1 by 1 − 1/F, F the variance ratio between and
 * within positions (positive-part James–Stein); `[1]` of 1 where positions return too rarely to tell.
 *
 * Source: B. Efron and C. Morris, "Data analysis using Stein's estimator", JASA 70 (1975), pp. 311–319.
 */
function occurrenceSeason(counts: Float64Array, observed: Uint8Array, m: number): Float64Array {
  const seen = new Float64Array(m);
  const positive = new Float64Array(m);
  let [total, hits] = [0, 0];
  for (let t = 0; t < counts.length; t += 1) {
    if (observed[t] === 0) continue;
    const hit = (counts[t] ?? 0) > 0 ? 1 : 0;
    seen[t % m] = (seen[t % m] ?? 0) + 1;
    positive[t % m] = (positive[t % m] ?? 0) + hit;
    total += 1;
    hits += hit;
  }
  const share = hits / total;
  if (m < 2 || total < SEASONS_NEEDED * m || share === 0 || share === 1) return new Float64Array([1]);
  let between = 0;
  for (let i = 0; i < m; i += 1) {
    if ((seen[i] ?? 0) > 0) between += (positive[i] ?? 0) ** 2 / (seen[i] ?? 1);
  }
  between -= total * share * share;
  const within = total * share * (1 - share) - between;
  const ratio = between / (m - 1) / Math.max(1e-9, within / (total - m));
  const keep = Math.max(0, 1 - 1 / ratio);
  return positive.map((hit, i) => 1 + keep * (hit / Math.max(1, seen[i] ?? 1) / share - 1));
}

/** The factor of period `t`. */
export function seasonFactor(season: Float64Array, t: number): number {
  return season[t % season.length] ?? 1;
}

/**
 * Units in one count: 1 for whole numbers of ordinary size; larger where the mean of the demand is so large
 * that single units do not matter; the hundredth part of the mean for fractions.
 */
function countUnit(history: PreparedHistory): number {
  let sum = 0;
  let isWhole = true;
  for (const value of history.values) {
    sum += Math.max(0, value);
    if (!Number.isInteger(value)) isWhole = false;
  }
  const mean = sum / history.values.length;
  if (isWhole) return Math.max(1, mean / LARGEST_COUNT_MEAN);
  return mean > 0 ? mean / (LARGEST_COUNT_MEAN / 2) : 1;
}
