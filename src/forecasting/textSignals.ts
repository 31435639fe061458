/** Signals from texts about a product, complaints and sentiment, as influences on the demand that follows. */

/** Weeks after which what was said of a product counts half. */
const HALF_LIFE_WEEKS = 4;
/** Fewest known values of a signal that can tell what is usual. */
const FEWEST_VALUES = 8;
/** Deviations below this share are a constant's rounding. */
const ROUNDING = 1e-9;
/** Deviations beyond this count as it: one bad week among few texts is no measure. */
const LARGEST_SHIFT = 4;

/** Periods of a half-life, by the periods of a season: days of a week, months of a year, else weeks. */
export function signalHalfLife(seasonLength: number): number {
  if (seasonLength === 7) return 7 * HALF_LIFE_WEEKS;
  return seasonLength === 12 ? 1 : HALF_LIFE_WEEKS;
}

/**
 * A signal as the regression reads it, `[n + horizon]`: the exponentially weighted mean of the periods before each one,
 * in standard deviations from what is usual of it, within ±4; 0 where nothing is known. Over the horizon it falls back to what is
 * usual with the same half-life, since what will be said is not known: values given for it are not read. Null where
 * fewer than 8 values are known or they never differ.
 *
 * So a period answers to what was said before it, most to what was said last (S. R. Broadbent's adstock, "One Way TV
 * Advertisements Work", Journal of the Market Research Society 21 (1979), pp. 139–166).
 *
 * @param given values of the history and the horizon, NaN = unknown
 */
export function readSignal(
  given: Float64Array,
  periods: { readonly history: number; readonly total: number; readonly halfLife: number },
): Float64Array | null {
  const { history, total, halfLife } = periods;
  const keep = 0.5 ** (1 / halfLife);
  const heard = new Float64Array(total).fill(Number.NaN);
  let [sum, weight, count] = [0, 0, 0];
  for (let t = 0; t < history; t += 1) {
    heard[t] = weight > 0 ? sum / weight : Number.NaN;
    const value = given[t] ?? Number.NaN;
    const isKnown = Number.isFinite(value);
    sum = keep * sum + (isKnown ? value : 0);
    weight = keep * weight + (isKnown ? 1 : 0);
    if (isKnown) count += 1;
  }
  const { mean, deviation } = summarise(heard.subarray(0, history));
  if (count < FEWEST_VALUES || !(deviation > ROUNDING * Math.max(1, Math.abs(mean)))) return null;
  const last = weight > 0 ? sum / weight : mean;
  return heard.map((value, t) => {
    const raw = t < history ? value : mean + (last - mean) * keep ** (t - history);
    const shift = (raw - mean) / deviation;
    return Number.isNaN(shift) ? 0 : Math.max(-LARGEST_SHIFT, Math.min(LARGEST_SHIFT, shift));
  });
}

function summarise(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((total, value) => total + value, 0) / known.length;
  const squares = known.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / known.length) };
}
