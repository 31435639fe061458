import type { PriceObservation } from '../priceItem.ts';

/** Units on a logarithmic scale, with how much each period says. */
export interface LogDemand {
  /** `[n]`, log units; of small counts their expectation's logarithm as far as it is known. */
  readonly values: Float64Array;
  /** `[n]`, ≥ 0, 1 = a period of many units; 0 = out of stock. */
  readonly weights: Float64Array;
}

/** Counts at least this large are as good as continuous. */
const manyUnits = 20;
/** Of a count y its logarithm is taken at y + ½, whose bias is of order 1/μ² (F. J. Anscombe, Biometrika 35 (1948)). */
const halfUnit = 0.5;

/**
 * Log units with weights for counts: the variance of log (y + ½) is about κ + 1/μ, so a period counts κ' / (κ' + 1/μ),
 * μ being the mean of its neighbours; κ' = 0.05 stands for the relative variance of demand itself.
 */
export function toLogDemand(history: readonly PriceObservation[]): LogDemand {
  const n = history.length;
  const values = Float64Array.from(history, ({ units }) =>
    Math.log(units + (units >= manyUnits ? 0 : halfUnit)),
  );
  const means = smoothUnits(history);
  const weights = Float64Array.from({ length: n }, (_, t) => {
    if (history[t]?.inStock === false) return 0;
    return 0.05 / (0.05 + 1 / Math.max(0.05, means[t] ?? 0));
  });
  const most = weights.reduce((max, weight) => Math.max(max, weight), 0);
  return { values, weights: weights.map((weight) => (most > 0 ? weight / most : 0)) };
}

/** Units whose logarithm by `toLogDemand` is `log`, ≥ 0. */
export function fromLogDemand(log: number): number {
  const units = Math.exp(log);
  return units < manyUnits ? Math.max(0, units - halfUnit) : units;
}

/** Means over nine periods in stock around each. */
function smoothUnits(history: readonly PriceObservation[]): Float64Array {
  const reach = 4;
  return Float64Array.from(history, (_, t) => {
    let [sum, count] = [0, 0];
    for (let s = Math.max(0, t - reach); s <= Math.min(history.length - 1, t + reach); s += 1) {
      const { units = 0, inStock = false } = history[s] ?? {};
      if (!inStock) continue;
      sum += units;
      count += 1;
    }
    return count === 0 ? 0 : sum / count;
  });
}
