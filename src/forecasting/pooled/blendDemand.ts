import { quantileLoss } from '../../maths/pinball.ts';
import { makeQuantileReader, sampleQuantile } from '../../maths/quantiles.ts';
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
 * Weight in [0, 1] of the pooled forecasts: 1 / (1 + r^40), r the median over the held-back periods of the losses'
 * ratio pooled / alone, so that one period that surprised everybody does not decide. Losses are quantile losses at the
 * levels that orders rest on (0.5, 0.8, 0.9, 0.95), each item's in units of √(its mean + 1), so that neither the large
 * items nor the many small ones decide alone. A half where nothing was lost either way.
 */
export function pooledShare(items: readonly HeldBackItem[]): number {
  const periods = items.reduce((most, { actual }) => Math.max(most, actual.length), 0);
  const alone = new Float64Array(periods);
  const pooled = new Float64Array(periods);
  for (const item of items) {
    const known = item.actual.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, known.length);
    addLosses(alone, item.alone, item.actual, Math.sqrt(mean + 1));
    addLosses(pooled, item.pooled, item.actual, Math.sqrt(mean + 1));
  }
  const ratios = pooled
    .map((loss, h) => {
      const other = alone[h] ?? 0;
      return loss === other ? 1 : loss / other;
    })
    .sort();
  const ratio = sampleQuantile(ratios, 0.5);
  const share = ratios.length === 0 ? 0.5 : 1 / (1 + ratio ** sharpness);
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

/** Adds each known period's loss over `scale` to `losses`. */
function addLosses(
  losses: Float64Array,
  forecast: QuantileForecast,
  actual: Float64Array,
  scale: number,
): void {
  const read = makeQuantileReader(forecast.levels, Float64Array.from(testedLevels));
  for (const [h, value] of actual.entries()) {
    if (Number.isNaN(value)) continue;
    for (const [k, level] of testedLevels.entries()) {
      const loss = quantileLoss(value, Math.max(0, read(rowOf(forecast, h), k)), level);
      losses[h] = (losses[h] ?? 0) + loss / scale;
    }
  }
}

function rowOf({ quantiles, levels }: QuantileForecast, h: number): Float64Array {
  return quantiles.subarray(h * levels.length, (h + 1) * levels.length);
}
