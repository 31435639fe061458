import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';
import { scaleRow } from '../overrides/applyOverrides.ts';

/** Reconciled daily means of one variant, and the first day of them. */
export type TreeMeans = { readonly startsOn: string; readonly mean: readonly number[] };

/**
 * Moves a variant's daily forecast to its reconciled means; the quantiles are scaled with them. Days that the tree does
 * not reach keep the forecast as it is.
 */
export function applyTree(row: ForecastRow, tree: TreeMeans): ForecastRow {
  if (row.startsOn === null) return row;
  const { horizon, levels } = row.forecast;
  const mean = row.forecast.mean.slice();
  const quantiles = row.forecast.quantiles.slice();
  const offset = toDayNumber(tree.startsOn) - toDayNumber(row.startsOn);
  for (const [index, to] of tree.mean.entries()) {
    const period = index + offset;
    if (period < 0 || period >= horizon) continue;
    scaleRow(quantiles.subarray(period * levels.length, (period + 1) * levels.length), {
      from: mean[period] ?? 0,
      to,
    });
    mean[period] = to;
  }
  return { ...row, forecast: { ...row.forecast, mean, quantiles }, reconciliation: 'MIN_TRACE' };
}
