/** Exponential smoothing with a damped trend, on the series without its season. */

import { normalScores } from '../maths/normal.ts';
import { adjustHistory } from './adjustedHistory.ts';
import { clipForecast } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';
import { seasonAt } from './seasonality.ts';

/**
 * Damped trend: l_t = l_{t−1} + φb_{t−1} + α e_t, b_t = φ b_{t−1} + αβ* e_t, ŷ_{n+h} = l_n + (φ + … + φ^h)
 * b_n, normal errors with c_j = α + αβ*(φ + … + φ^j): σ_h² = σ² (1 + Σ_{j<h} c_j²).
 *
 * α, β* and φ are taken from a grid by least squares of the one-step errors.
 * Sources: E. S. Gardner and E. McKenzie, "Forecasting trends in time series", Management Science 31 (1985),
 * pp. 1237–1246; R. J. Hyndman et al., Forecasting with Exponential Smoothing (2008), table 6.1, model
 * ANN/AAdN.
 */
export const dampedTrend: ForecastMember = { name: 'dampedTrend', predict };

const ALPHAS = [0.05, 0.15, 0.3, 0.5, 0.7, 0.9] as const;
const BETAS = [0.02, 0.1, 0.25, 0.5] as const;
const PHIS = [0.8, 0.9, 0.97] as const;

interface Fit {
  readonly alpha: number;
  readonly beta: number;
  readonly phi: number;
  readonly sse: number;
  readonly level: number;
  readonly trend: number;
}

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const { values, observed, count, nonNegative, pattern, adjusted } = adjustHistory(series);
  if (count === 0) return forecast;
  const fit = fitDamped(adjusted, observed);
  const sigma = Math.sqrt(fit.sse / Math.max(1, count - 3));
  const zs = normalScores(levels);
  let [steps, variance] = [0, 1];
  for (let h = 0; h < horizon; h += 1) {
    steps += fit.phi ** (h + 1);
    const { scale, shift } = seasonAt(pattern, values.length + h);
    const mean = fit.level + steps * fit.trend;
    forecast.mean[h] = mean * scale + shift;
    const deviation = Math.sqrt(variance);
    for (let k = 0; k < zs.length; k += 1)
      forecast.quantiles[h * zs.length + k] = (mean + (zs[k] ?? 0) * sigma * deviation) * scale + shift;
    variance += (fit.alpha + fit.alpha * fit.beta * steps) ** 2;
  }
  return clipForecast(forecast, nonNegative);
}

function fitDamped(values: Float64Array, observed: Uint8Array): Fit {
  let best: Fit = { alpha: 1, beta: 0, phi: 0.9, sse: Infinity, level: values[0] ?? 0, trend: 0 };
  for (const alpha of ALPHAS) {
    for (const beta of BETAS) {
      for (const fit of smooth(values, observed, { alpha, beta, limit: best.sse }))
        if (fit.sse < best.sse) best = fit;
    }
  }
  return best;
}

/**
 * Runs the three φ through the history side by side, which a processor does in little more than the time of one;
 * stops early once all are worse than `limit`, which only a fit that is not chosen notices.
 */
function smooth(
  values: Float64Array,
  observed: Uint8Array,
  { alpha, beta, limit }: { readonly alpha: number; readonly beta: number; readonly limit: number },
): readonly Fit[] {
  const n = values.length;
  const warmUp = Math.min(n, 8);
  const slope = warmUp > 1 ? ((values[warmUp - 1] ?? 0) - (values[0] ?? 0)) / (warmUp - 1) : 0;
  const start = (values[0] ?? 0) - slope;
  const [phi1, phi2, phi3] = PHIS;
  let [trend1, trend2, trend3] = [slope, slope, slope];
  let [level1, level2, level3] = [start, start, start];
  let [sse1, sse2, sse3] = [0, 0, 0];
  for (let t = 0; t < n && (sse1 < limit || sse2 < limit || sse3 < limit); t += 1) {
    trend1 *= phi1;
    trend2 *= phi2;
    trend3 *= phi3;
    level1 += trend1;
    level2 += trend2;
    level3 += trend3;
    if (observed[t] === 0) continue;
    const value = values[t] ?? 0;
    const [error1, error2, error3] = [value - level1, value - level2, value - level3];
    sse1 += error1 * error1;
    sse2 += error2 * error2;
    sse3 += error3 * error3;
    level1 += alpha * error1;
    level2 += alpha * error2;
    level3 += alpha * error3;
    trend1 += alpha * beta * error1;
    trend2 += alpha * beta * error2;
    trend3 += alpha * beta * error3;
  }
  return [
    { alpha, beta, phi: phi1, sse: sse1, level: level1, trend: trend1 },
    { alpha, beta, phi: phi2, sse: sse2, level: level2, trend: trend2 },
    { alpha, beta, phi: phi3, sse: sse3, level: level3, trend: trend3 },
  ];
}
