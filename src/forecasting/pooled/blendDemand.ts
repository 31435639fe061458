import { quantileLoss } from '../../maths/pinball.ts';
import { makeQuantileReader } from '../../maths/quantiles.ts';
import { makeForecast, type QuantileForecast } from '../member.ts';
import type { DemandForecast } from './pooledDemand.ts';

/** What came in the held-back periods of an item and what was foretold, by both ways, at the same horizon. */
export interface HeldBackItem {
  /** `[test periods]`, units; NaN = unknown or limited by stock. */
  readonly actual: Float64Array;
  readonly alone: QuantileForecast;
  readonly pooled: QuantileForecast;
}

/** Correlation of neighbouring periods' demand around a forecast of one series alone. */
export const aloneCorrelation = 0.25;
/** How fast the better way takes over: a loss a twentieth smaller gives it eight times the weight of the other. */
const sharpness = 40;
const testedLevels = [0.5, 0.8, 0.9, 0.95] as const;
/** Share beyond which one way is taken alone. */
const wholeShare = 0.97;

/**
 * Weight in [0, 1] of the pooled forecasts: 1 / (1 + (L_pooled / L_alone)^40) with the quantile losses at the levels
 * that orders rest on (0.5, 0.8, 0.9, 0.95), each item's in units of √(its mean + 1), so that neither the large items
 * nor the many small ones decide alone; ½ where nothing was lost either way.
 */
export function pooledShare(items: readonly HeldBackItem[]): number {
  let [alone, pooled] = [0, 0];
  for (const item of items) {
    const { actual } = item;
    const known = actual.filter((value) => !Number.isNaN(value));
    if (known.length === 0) continue;
    const mean = known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length;
    const scale = Math.sqrt(mean + 1);
    alone += sumLoss(actual, item.alone) / scale;
    pooled += sumLoss(actual, item.pooled) / scale;
  }
  const better = Math.min(alone, pooled);
  if (!(better > 0)) return alone === pooled ? 0.5 : alone > pooled ? 1 : 0;
  const share = 1 / (1 + (pooled / alone) ** sharpness);
  return share > wholeShare ? 1 : share < 1 - wholeShare ? 0 : share;
}

/** Quantile averages of both ways at the pooled forecasts' levels, in order. */
export function blendDemand(
  alone: readonly QuantileForecast[],
  pooled: readonly DemandForecast[],
  share: number,
): readonly DemandForecast[] {
  if (share === 1) return pooled;
  return pooled.map((together, i) => {
    const single = alone[i];
    if (single === undefined) return together;
    if (share === 0) return { ...single, correlation: aloneCorrelation };
    const { horizon, levels } = together;
    const width = levels.length;
    const forecast = makeForecast(horizon, levels);
    const read = makeQuantileReader(single.levels, Float64Array.from(levels));
    for (let h = 0; h < horizon; h += 1) {
      const row = rowOf(single, h);
      for (let k = 0; k < width; k += 1) {
        const cell = h * width + k;
        forecast.quantiles[cell] =
          share * (together.quantiles[cell] ?? 0) + (1 - share) * Math.max(0, read(row, k));
      }
      forecast.mean[h] = share * (together.mean[h] ?? 0) + (1 - share) * (single.mean[h] ?? 0);
    }
    const correlation = share * together.correlation + (1 - share) * aloneCorrelation;
    return { ...forecast, correlation };
  });
}

function sumLoss(actual: Float64Array, forecast: QuantileForecast): number {
  const read = makeQuantileReader(forecast.levels, Float64Array.from(testedLevels));
  let sum = 0;
  for (const [h, value] of actual.entries()) {
    if (Number.isNaN(value)) continue;
    for (const [k, level] of testedLevels.entries())
      sum += quantileLoss(value, Math.max(0, read(rowOf(forecast, h), k)), level);
  }
  return sum;
}

function rowOf({ quantiles, levels }: QuantileForecast, h: number): Float64Array {
  return quantiles.subarray(h * levels.length, (h + 1) * levels.length);
}
