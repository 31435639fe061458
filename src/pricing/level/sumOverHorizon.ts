import type { QuantileForecast } from '../../forecasting/service.ts';
import { normalQuantile } from '../../maths/normal.ts';
import { type DemandLevel, RESPONSE_LEVELS } from '../demandResponse.ts';

/** Correlation of the errors of any two periods of a horizon: most of what a forecast misses is the level. */
const errorCorrelation = 0.5;

/**
 * Demand over a whole horizon from the marginal forecasts of its periods: the means add up; the deviations, read from the
 * quantiles 0.1 and 0.9, are added with a correlation of 0.5; the sum is taken for log-normal.
 */
export function sumOverHorizon({ horizon, levels, quantiles, mean }: QuantileForecast): DemandLevel {
  const [low, high] = [levels.indexOf(0.1), levels.indexOf(0.9)];
  const width = normalQuantile(0.9) - normalQuantile(0.1);
  let [units, deviations, variance] = [0, 0, 0];
  for (let t = 0; t < horizon; t += 1) {
    const row = t * levels.length;
    const deviation = Math.max(0, (quantiles[row + high] ?? 0) - (quantiles[row + low] ?? 0)) / width;
    units += Math.max(0, mean[t] ?? 0);
    deviations += deviation;
    variance += (1 - errorCorrelation) * deviation ** 2;
  }
  variance += errorCorrelation * deviations ** 2;
  if (!(units > 0)) return { units: 0, unitQuantiles: new Float64Array(RESPONSE_LEVELS.length) };
  const logVariance = Math.log1p(variance / units ** 2);
  const centre = Math.log(units) - logVariance / 2;
  const spread = Math.sqrt(logVariance);
  return {
    units,
    unitQuantiles: Float64Array.from(RESPONSE_LEVELS, (level) =>
      Math.exp(centre + spread * normalQuantile(level)),
    ),
  };
}
