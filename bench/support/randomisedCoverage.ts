/** Coverage of an interval of counts, where its ends carry probability of their own. */

import type { QuantileForecast } from '../../src/forecasting/member.ts';

const LOW = 0.1;
const HIGH = 0.9;
/** ln 5: how many times the tail shrinks by e between the median and the 0.9 quantile of an exponential tail. */
const TAIL_STEPS = Math.log(5);

/**
 * The chance that the randomised probability integral transform of what came lies between 0.1 and 0.9, summed over
 * the observed periods: 80 % for a true distribution, of counts as of continuous values. A closed interval of counts
 * covers more than it promises: where three quarters of the periods sell nothing its 0.1 quantile is 0, below which
 * nothing falls.
 *
 * A whole number y takes the levels from F(y − ½) to F(y + ½), F read from the forecast's quantiles, linear between
 * them; F(−½) = 0. Of those levels the part between 0.1 and 0.9 counts. Values that are not whole count 0 or 1.
 * Source: A. E. Brockwell, "Universal residuals: a multivariate transformation", Statistics & Probability Letters 77
 * (2007), pp. 1473–1478; C. Czado, T. Gneiting and L. Held, "Predictive Model Assessment for Count Data",
 * Biometrics 65 (2009), pp. 1254–1261.
 *
 * @param forecast levels 0.1, 0.5 and 0.9 among its own
 */
export function sumRandomisedCoverage(actual: Float64Array, forecast: QuantileForecast): number {
  const { levels, quantiles } = forecast;
  let sum = 0;
  for (const [h, y] of actual.entries()) {
    if (Number.isNaN(y)) continue;
    const row = quantiles.subarray(h * levels.length, (h + 1) * levels.length);
    const isCount = Number.isInteger(y) && y >= 0;
    const [below, above] = isCount
      ? [y === 0 ? 0 : levelOf(levels, row, y - 0.5), levelOf(levels, row, y + 0.5)]
      : [levelOf(levels, row, y), levelOf(levels, row, y)];
    const inside = Math.max(0, Math.min(above, HIGH) - Math.max(below, LOW));
    sum += above > below ? inside / (above - below) : Number(below >= LOW && below <= HIGH);
  }
  return sum;
}

/** The share of the forecast at or below `value`: the highest level there, linear to the next; outside, tails. */
function levelOf(levels: readonly number[], row: Float64Array, value: number): number {
  const next = row.findIndex((quantile) => quantile > value);
  const [low, high] = [row[0] ?? 0, row[row.length - 1] ?? 0];
  if (next === 0) return low > -0.5 ? (LOW * Math.max(0, value + 0.5)) / (low + 0.5) : 0;
  if (next < 0) {
    const scale = (high - (row[levels.indexOf(0.5)] ?? 0)) / TAIL_STEPS;
    return scale > 0 ? 1 - (1 - HIGH) * Math.exp((high - value) / scale) : 1;
  }
  const [from, to] = [row[next - 1] ?? 0, row[next] ?? 0];
  const [levelFrom, levelTo] = [levels[next - 1] ?? 0, levels[next] ?? 1];
  return levelFrom + ((value - from) / (to - from)) * (levelTo - levelFrom);
}
