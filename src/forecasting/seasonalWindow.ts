/** What the recent past was like: its empirical distribution, by position in a short season. */

import { weightedQuantiles } from '../maths/quantiles.ts';
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
  /** Places in the season of the periods in the window, by ascending value. */
  readonly positions: Uint32Array;
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
  const window = makeWindow(history, m, usesPosition ? HALF_LIFE_SEASONS * m : HALF_LIFE_PERIODS);
  const weights = new Float64Array(window.sorted.length);
  for (let h = 0; h < horizon; h += 1) {
    if (h >= m) {
      copyRow(forecast, h - m, h);
      continue;
    }
    weighPositions(window, n + h, m, weights);
    writeRow(forecast, h, window.sorted, weights);
  }
  return clipForecast(forecast, history.nonNegative);
}

function makeWindow({ values, observed }: PreparedHistory, seasonLength: number, halfLife: number): Window {
  const kept: number[] = [];
  const last = observed.lastIndexOf(1);
  for (let t = last; t >= 0 && last - t < HALF_LIVES_KEPT * halfLife; t -= 1) {
    if (observed[t] === 1) kept.push(t);
  }
  const periods = orderByValue(values, kept);
  const sorted = new Float64Array(periods.length);
  const recency = new Float64Array(periods.length);
  const positions = new Uint32Array(periods.length);
  const weights = ageWeights(halfLife);
  for (let i = 0; i < periods.length; i += 1) {
    const t = periods[i] ?? 0;
    sorted[i] = values[t] ?? 0;
    recency[i] = weights[last - t] ?? 0;
    positions[i] = t % seasonLength;
  }
  return { positions, sorted, recency };
}

const knownWeights = new Map<number, Float64Array>();

/** Weights by age in periods; kept, since there are but a few half-lives and powers are slow. */
function ageWeights(halfLife: number): Float64Array {
  const known = knownWeights.get(halfLife);
  if (known !== undefined) return known;
  const weights = Float64Array.from(
    { length: HALF_LIVES_KEPT * halfLife },
    (_, age) => 0.5 ** (age / halfLife),
  );
  knownWeights.set(halfLife, weights);
  return weights;
}

/**
 * The periods by ascending value, equal ones in the order given. Whole values of ordinary size are sorted as
 * numbers that carry their place, which the typed array's own sort does in a fraction of a comparator's time.
 */
function orderByValue(values: Float64Array, periods: readonly number[]): Uint32Array {
  const keys = new Float64Array(periods.length);
  const places = 2 ** 12;
  let canCarry = periods.length <= places;
  for (let i = 0; i < periods.length && canCarry; i += 1) {
    const value = values[periods[i] ?? 0] ?? 0;
    keys[i] = value * places + i;
    canCarry = Number.isInteger(value) && Math.abs(value) < 2 ** 40;
  }
  if (!canCarry) return Uint32Array.from(periods.toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0)));
  const order = new Uint32Array(periods.length);
  keys.sort();
  for (let i = 0; i < order.length; i += 1) {
    const key = keys[i] ?? 0;
    order[i] = periods[key - Math.floor(key / places) * places] ?? 0;
  }
  return order;
}

/** Writes the weights by age, those of another position in the season than period `target` cut. */
function weighPositions(
  { positions, recency }: Window,
  target: number,
  seasonLength: number,
  weights: Float64Array,
): void {
  const position = target % seasonLength;
  for (let i = 0; i < weights.length; i += 1) {
    const isSame = seasonLength === 1 || positions[i] === position;
    weights[i] = isSame ? (recency[i] ?? 0) : (recency[i] ?? 0) * OTHER_POSITION_WEIGHT;
  }
}

function writeRow(forecast: QuantileForecast, h: number, sorted: Float64Array, weights: Float64Array): void {
  const { levels } = forecast;
  let [sum, total] = [0, 0];
  for (let i = 0; i < sorted.length; i += 1) {
    sum += (sorted[i] ?? 0) * (weights[i] ?? 0);
    total += weights[i] ?? 0;
  }
  forecast.mean[h] = sum / total;
  weightedQuantiles(sorted, weights, levels, { quantiles: forecast.quantiles, at: h * levels.length });
}

function copyRow(forecast: QuantileForecast, from: number, to: number): void {
  const width = forecast.levels.length;
  forecast.quantiles.copyWithin(to * width, from * width, (from + 1) * width);
  forecast.mean[to] = forecast.mean[from] ?? 0;
}
