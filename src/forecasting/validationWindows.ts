/** Where a history is cut to see how well its members would have forecast what came next. */

import { cutHistory } from './history.ts';
import type { SeriesHistory } from './member.ts';

/** One cut: the history before `cut` forecasts the `length` periods from it on. */
export interface ValidationWindow {
  readonly cut: number;
  readonly length: number;
}

/** One history to be forecast: a series as it is (window null), or as it was at a cut. */
export interface ForecastRow {
  /** Index of the series in the request. */
  readonly owner: number;
  readonly history: SeriesHistory;
  readonly window: ValidationWindow | null;
}

/** At most so many windows a series: every window costs one more run of every member. */
const MOST_WINDOWS = 2;
/** Periods to validate on that are enough: with them no further window is made. */
const ENOUGH_PERIODS = 24;
/** A shorter history before the cut says little about the members. */
const SHORTEST_HISTORY = 6;

/**
 * The rolling windows of a history of `valueCount` values, newest first and not overlapping: at most two, and
 * only one where that has 24 periods.
 *
 * Each is as long as the horizon, or a third of the history where that is less; the history before a cut
 * keeps at least 6 values, and two seasons where the whole history has three (else the season would be lost
 * there).
 */
export function planWindows(
  valueCount: number,
  horizon: number,
  seasonLength: number,
): readonly ValidationWindow[] {
  const length = Math.min(horizon, Math.floor(valueCount / 3));
  const needed = valueCount >= 3 * seasonLength ? 2 * seasonLength : 0;
  const shortest = Math.max(SHORTEST_HISTORY, needed);
  const windows: ValidationWindow[] = [];
  for (let k = 1; k <= MOST_WINDOWS && length > 0; k += 1) {
    const cut = valueCount - k * length;
    if (cut < shortest) break;
    windows.push({ cut, length });
    if (k * length >= ENOUGH_PERIODS) break;
  }
  return windows;
}

/**
 * Every history that the ensemble must have forecast, for all series at once: first all series as they are,
 * in their order, then their windows. Each member, the network too, is asked for all of them in one call. Windows are as long as `windowLength` at most.
 */
export function planRows(
  series: readonly SeriesHistory[],
  horizon: number,
  windowLength = horizon,
): readonly ForecastRow[] {
  const rows: ForecastRow[] = series.map((history, owner) => ({ owner, history, window: null }));
  for (const [owner, history] of series.entries()) {
    const first = history.values.findIndex((value) => Number.isFinite(value));
    if (first < 0) continue;
    const count = history.values.length - first;
    for (const { cut, length } of planWindows(count, Math.min(horizon, windowLength), history.seasonLength)) {
      const window = { cut: cut + first, length };
      rows.push({ owner, history: cutHistory(history, window.cut, horizon), window });
    }
  }
  return rows;
}
