/** What the recent past was like: its empirical distribution, by position in a short season. */

import { weightedQuantile } from '../maths/quantiles.ts';
import { clipForecast, type PreparedHistory, prepareHistory } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';

/**
 * The weighted empirical distribution of the past. A value's weight halves every 6 periods; in a short season
 * (days of the week, hours of the day) every four seasons, and a value of another position in the season then
 * counts a tenth of one of the same position. It assumes nothing of the distribution, so zeros, lots and
 * bursts stay as they were.
 *
 * Source: the idea of sampling past demands of T. R. Willemain, C. N. Smart and H. F. Schwarz, IJF 20 (2004),
 * pp. 375–387, without its Markov step; half-lives and weights chosen on validation windows.
 */
export const seasonalWindow: ForecastMember = { name: 'seasonalWindow', predict };

const HALF_LIFE_PERIODS = 6;
const HALF_LIFE_SEASONS = 4;
/** Longest season of which a position returns often enough to have a distribution of its own. */
const LONGEST_SHORT_SEASON = 24;
/** Monthly and longer positions return too rarely; quarters are left to the members with seasonal factors. */
const POSITION_SEASONS: ReadonlySet<number> = new Set([7, LONGEST_SHORT_SEASON]);
const OTHER_POSITION_WEIGHT = 0.1;
/** Weights of values older than so many half-lives are below 1/250: they are left out. */
const HALF_LIVES_KEPT = 8;

interface Window {
  /** Indices of the periods in the window, by ascending value. */
  readonly periods: readonly number[];
  /** Their values, ascending. */
  readonly sorted: Float64Array;
  /** Their weights by age. */
  readonly recency: Float64Array;
}

function predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast {
  const forecast = makeForecast(horizon, levels);
  const history = prepareHistory(series);
  if (history.count === 0) return forecast;
  const n = history.values.length;
  const usesPosition = POSITION_SEASONS.has(series.seasonLength) && n >= 2 * series.seasonLength;
  const m = usesPosition ? series.seasonLength : 1;
  const window = makeWindow(history, usesPosition ? HALF_LIFE_SEASONS * m : HALF_LIFE_PERIODS);
  for (let h = 0; h < horizon; h += 1) {
    if (h >= m) {
      copyRow(forecast, h - m, h);
      continue;
    }
    const weights = window.recency.map((weight, i) =>
      (n + h - (window.periods[i] ?? 0)) % m === 0 ? weight : weight * OTHER_POSITION_WEIGHT,
    );
    writeRow(forecast, h, window.sorted, weights);
  }
  return clipForecast(forecast, history.nonNegative);
}

function makeWindow({ values, observed }: PreparedHistory, halfLife: number): Window {
  const periods: number[] = [];
  const last = observed.lastIndexOf(1);
  for (let t = last; t >= 0 && last - t < HALF_LIVES_KEPT * halfLife; t -= 1) {
    if (observed[t] === 1) periods.push(t);
  }
  periods.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  return {
    periods,
    sorted: Float64Array.from(periods, (t) => values[t] ?? 0),
    recency: Float64Array.from(periods, (t) => 0.5 ** ((last - t) / halfLife)),
  };
}

function writeRow(forecast: QuantileForecast, h: number, sorted: Float64Array, weights: Float64Array): void {
  const { levels } = forecast;
  let [sum, total] = [0, 0];
  for (let i = 0; i < sorted.length; i += 1) {
    sum += (sorted[i] ?? 0) * (weights[i] ?? 0);
    total += weights[i] ?? 0;
  }
  forecast.mean[h] = sum / total;
  for (let k = 0; k < levels.length; k += 1) {
    forecast.quantiles[h * levels.length + k] = weightedQuantile(sorted, weights, levels[k] ?? 0.5);
  }
}

function copyRow(forecast: QuantileForecast, from: number, to: number): void {
  const width = forecast.levels.length;
  forecast.quantiles.copyWithin(to * width, from * width, (from + 1) * width);
  forecast.mean[to] = forecast.mean[from] ?? 0;
}
