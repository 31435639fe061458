/** Widens or narrows intervals so that they cover what they promise. */

import { sampleQuantile } from '../maths/quantiles.ts';
import type { QuantileForecast } from './member.ts';

/** What came and what had been forecast for it. */
export interface CalibrationWindow {
  readonly actual: Float64Array;
  readonly forecast: QuantileForecast;
}

/** Number of observed periods whose evidence counts half. */
const HALF_EVIDENCE = 90;
/** Periods of a group that count at most: its windows lie at the same time and share its fortunes. */
const MOST_EVIDENCE = 60;
const WIDEST = 2.5;
const MOST_HALF_WIDTHS = 1e6;
const COVERAGE = 0.8;
/** By how much, in logarithms, a width is drawn to what is usual, and the factor at most. */
const WIDTH_SHARED = 0.1;
const LARGEST_SHARED = 1.5;
/** Of fewer series none knows what is usual. */
const FEWEST_SERIES = 10;

/** What is known of a kind of series before its errors are seen. */
export interface ScaleExpectation {
  /** The factor without evidence. */
  readonly expected: number;
  /** The factor never goes below this. */
  readonly narrowest: number;
}

const COUNTS: ScaleExpectation = { expected: 1, narrowest: 1 };

/**
 * What to expect of a kind of series, from validation windows. Intermittent and erratic demand is never narrowed:
 * its 0.1 quantile is mostly 0, below which nothing can fall, so an exact distribution covers more than 80 %
 * there, and cutting its upper quantiles until 80 % is met would make every one of them wrong. Smooth series err
 * beyond what their members expect where a period is long, since trends turn in between: by a tenth with quarters, a
 * fifth with years.
 *
 * @param seasonLength periods in a season: 4 quarters, 1 where there is none
 */
export function expectScale(
  kind: 'intermittent' | 'erratic' | 'smooth',
  seasonLength: number,
): ScaleExpectation {
  if (kind !== 'smooth') return COUNTS;
  if (seasonLength === 1) return { expected: 1.2, narrowest: 0.6 };
  return { expected: seasonLength <= 4 ? 1.1 : 1, narrowest: 0.6 };
}

/**
 * The factor on the distance of every quantile from the median that makes the interval from the 0.1 to the
 * 0.9 quantile cover 80 % of what came.
 *
 * Each period's score is its distance from the median in half-widths of its own side; the factor is the 80 %
 * quantile s of the scores, at most 2.5, drawn toward the expectation for few scores:
 * exp(ln s · n/(n + 90) + ln expected · 90/(n + 90)), n their number, at most 60. The scores come from earlier windows of the same
 * series.
 * Source: Y. Romano, E. Patterson and E. J. Candès, "Conformalized Quantile Regression", NeurIPS 32 (2019),
 * with the normalised score of J. Lei et al., JASA 113 (2018), §5.2.
 */
export function fitIntervalScale(
  windows: readonly CalibrationWindow[],
  { expected, narrowest }: ScaleExpectation,
): number {
  const scores: number[] = [];
  for (const window of windows) addScores(window, scores);
  if (scores.length === 0) return expected;
  const raw = sampleQuantile(Float64Array.from(scores).sort(), COVERAGE);
  const bounded = Math.min(WIDEST, Math.max(narrowest, raw));
  const evidence = Math.min(scores.length, MOST_EVIDENCE);
  const share = evidence / (evidence + HALF_EVIDENCE);
  return Math.exp(share * Math.log(bounded) + (1 - share) * Math.log(expected));
}

/** An answer and the mean size of its series' values, > 0. */
export interface SizedForecast {
  readonly answer: QuantileForecast;
  readonly scale: number;
}

/**
 * Factors that draw the widths of series of one kind together: (median width / own width)^0.1, the width being the
 * mean logarithm of the 80 % interval over the series' size; 1 for fewer than ten series. A width rests on few errors,
 * so a very narrow one was likely lucky and a very wide one unlucky (shrinkage toward what is usual, as
 * `findSeasonalPattern` does with seasons; chosen on validation windows).
 */
export function shareWidths(series: readonly SizedForecast[]): Float64Array {
  const factors = new Float64Array(series.length).fill(1);
  if (series.length < FEWEST_SERIES) return factors;
  const widths = Float64Array.from(series, readLogWidth);
  const usual = sampleQuantile(widths.filter(Number.isFinite).sort(), 0.5);
  for (let i = 0; i < factors.length; i += 1) {
    const factor = Math.exp(WIDTH_SHARED * (usual - (widths[i] ?? usual)));
    if (Number.isFinite(factor)) factors[i] = Math.max(1 / LARGEST_SHARED, Math.min(LARGEST_SHARED, factor));
  }
  return factors;
}

/** Mean over the periods of ln((q90 − q10) / scale); −∞ where an interval has no width. */
function readLogWidth({ answer, scale }: SizedForecast): number {
  const { levels, quantiles, horizon } = answer;
  const [low, high] = [levels.indexOf(0.1), levels.indexOf(0.9)];
  let sum = 0;
  for (let row = 0; row < quantiles.length; row += levels.length)
    sum += Math.log(((quantiles[row + high] ?? 0) - (quantiles[row + low] ?? 0)) / scale);
  return sum / horizon;
}

/** Multiplies every quantile's distance from its period's median by `factor`; a copy, the mean unchanged. */
export function scaleIntervals(forecast: QuantileForecast, factor: number): QuantileForecast {
  const { levels, horizon } = forecast;
  const centre = levels.indexOf(0.5);
  const quantiles = forecast.quantiles.slice();
  for (let h = 0; h < horizon; h += 1) {
    const row = h * levels.length;
    const median = quantiles[row + centre] ?? 0;
    for (let k = 0; k < levels.length; k += 1) {
      quantiles[row + k] = median + factor * ((quantiles[row + k] ?? 0) - median);
    }
  }
  return { ...forecast, quantiles };
}

function addScores({ actual, forecast }: CalibrationWindow, scores: number[]): void {
  const { levels, quantiles } = forecast;
  const [low, centre, high] = [levels.indexOf(0.1), levels.indexOf(0.5), levels.indexOf(0.9)];
  for (let h = 0; h < actual.length; h += 1) {
    const row = h * levels.length;
    const distance = (actual[h] ?? Number.NaN) - (quantiles[row + centre] ?? 0);
    const edge = quantiles[row + (distance > 0 ? high : low)] ?? 0;
    if (Number.isNaN(distance)) continue;
    // An interval without width is missed by infinitely many half-widths; infinities cannot be interpolated.
    const missed = distance === 0 ? 0 : distance / (edge - (quantiles[row + centre] ?? 0));
    scores.push(Math.min(missed, MOST_HALF_WIDTHS));
  }
}
