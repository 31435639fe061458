/** A history without its season and its smoothed level: what several members start from, worked out once. */

import { type PreparedHistory, prepareHistory } from './history.ts';
import type { SeriesHistory } from './member.ts';
import { findSeasonalPattern, removeSeason, type SeasonalPattern } from './seasonality.ts';
import { fitSimpleSmoothing, type SmoothedLevel, smoothedTrack } from './simpleSmoothing.ts';

/** A prepared history, its season, and simple exponential smoothing of the rest. */
export interface AdjustedHistory extends PreparedHistory {
  readonly pattern: SeasonalPattern | null;
  /** `[n]`, the values without the season. */
  readonly adjusted: Float64Array;
  readonly fit: SmoothedLevel;
  /** `[n]`, the smoothed level before each period. */
  readonly track: Float64Array;
}

const known = new WeakMap<SeriesHistory, AdjustedHistory>();

/**
 * Adjusts a history; the answer is kept for as long as the history object lives, so that members asked about
 * the same one do not each repeat it. It is read-only: whoever needs to change an array copies it.
 */
export function adjustHistory(series: SeriesHistory): AdjustedHistory {
  const found = known.get(series);
  if (found !== undefined) return found;
  const prepared = prepareHistory(series);
  const pattern = findSeasonalPattern(prepared.values, series.seasonLength);
  const adjusted = removeSeason(prepared.values, pattern);
  const fit = fitSimpleSmoothing(adjusted, prepared.observed);
  const track = smoothedTrack(adjusted, prepared.observed, fit);
  const history = { ...prepared, pattern, adjusted, fit, track };
  known.set(series, history);
  return history;
}
