/** Exponential smoothing with a damped trend, on the series without its season. */

import { normalQuantile } from '../maths/normal.ts';
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
  alpha: number;
  beta: number;
  phi: number;
  sse: number;
  level: number;
  trend: number;
}

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const { values, observed, count, nonNegative, pattern, adjusted } = adjustHistory(series);
  if (count === 0) return forecast;
  const fit = fitDamped(adjusted, observed);
  const sigma = Math.sqrt(fit.sse / Math.max(1, count - 3));
  const zs = levels.map(normalQuantile);
  let [steps, variance] = [0, 1];
  for (let h = 0; h < horizon; h += 1) {
    steps += fit.phi ** (h + 1);
    const { scale, shift } = seasonAt(pattern, values.length + h);
    const mean = fit.level + steps * fit.trend;
    forecast.mean[h] = mean * scale + shift;
    for (const [k, z] of zs.entries()) {
      forecast.quantiles[h * levels.length + k] = (mean + z * sigma * Math.sqrt(variance)) * scale + shift;
    }
    variance += (fit.alpha + fit.alpha * fit.beta * steps) ** 2;
  }
  return clipForecast(forecast, nonNegative);
}

function fitDamped(values: Float64Array, observed: Uint8Array): Fit {
  const best: Fit = { alpha: 1, beta: 0, phi: 0.9, sse: Infinity, level: values[0] ?? 0, trend: 0 };
  const trial: Fit = { ...best };
  for (const alpha of ALPHAS) {
    for (const beta of BETAS) {
      for (const phi of PHIS) {
        Object.assign(trial, { alpha, beta, phi });
        smooth(values, observed, trial, best.sse);
        if (trial.sse < best.sse) Object.assign(best, trial);
      }
    }
  }
  return best;
}

/** Runs one set of parameters through the history; stops early once it is worse than `limit`. */
function smooth(values: Float64Array, observed: Uint8Array, fit: Fit, limit: number): void {
  const { alpha, beta, phi } = fit;
  const warmUp = Math.min(values.length, 8);
  let trend = warmUp > 1 ? ((values[warmUp - 1] ?? 0) - (values[0] ?? 0)) / (warmUp - 1) : 0;
  let level = (values[0] ?? 0) - trend;
  let sse = 0;
  for (let t = 0; t < values.length && sse < limit; t += 1) {
    trend *= phi;
    level += trend;
    if (observed[t] === 0) continue;
    const error = (values[t] ?? 0) - level;
    sse += error * error;
    level += alpha * error;
    trend += alpha * beta * error;
  }
  fit.sse = sse;
  fit.level = level;
  fit.trend = trend;
}
