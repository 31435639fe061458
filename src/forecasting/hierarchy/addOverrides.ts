import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';
import { scaleRow } from '../overrides/applyOverrides.ts';
import { unionOf } from './sumForecasts.ts';

/**
 * Adds to a sum's daily forecast what overrides change in the variants below it: the means become sums of final means,
 * the quantiles are scaled with them. `share` is a variant's share in the sum, 0 where it is not part of it.
 */
export function addOverrides(
  node: ForecastRow,
  variants: readonly { readonly row: ForecastRow | null; readonly share: number }[],
): ForecastRow {
  const { horizon, levels } = node.forecast;
  const mean = node.forecast.mean.slice();
  const quantiles = node.forecast.quantiles.slice();
  const overridden = new Uint8Array(horizon);
  const touching = variants.filter(({ row, share }) => share > 0 && row?.overridden !== undefined);
  for (const { row, share } of touching) {
    const offset = toDayNumber(node.startsOn ?? '') - toDayNumber(row?.startsOn ?? '');
    for (let period = 0; period < horizon; period += 1) {
      const day = period + offset;
      if (row?.overridden?.[day] !== 1) continue;
      const change = (row.forecast.mean[day] ?? 0) - (row.statisticalMean?.[day] ?? 0);
      mean[period] = Math.max(0, (mean[period] ?? 0) + share * change);
      overridden[period] = 1;
    }
  }
  if (!overridden.includes(1)) return node;
  for (let period = 0; period < horizon; period += 1)
    if (overridden[period] === 1)
      scaleRow(quantiles.subarray(period * levels.length, (period + 1) * levels.length), {
        from: node.forecast.mean[period] ?? 0,
        to: mean[period] ?? 0,
      });
  return {
    ...node,
    forecast: { ...node.forecast, mean, quantiles },
    statisticalMean: node.forecast.mean,
    overridden,
    overrides: unionOf(touching.map(({ row }) => row?.overrides ?? [])),
  };
}
