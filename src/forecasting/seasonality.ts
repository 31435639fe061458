/** Whether a series has a season, its factors, and the series without it. */

/** Seasonal factors by position in the season. */
export interface SeasonalPattern {
  /** Multiplicative: value = level × factor. Additive: value = level + factor. */
  readonly kind: 'multiplicative' | 'additive';
  /** `[m]`, the factor of period t at t mod m; mean about 1 (multiplicative) or 0 (additive). */
  readonly factors: Float64Array;
}

/**
 * Point of the standard normal that the season's autocorrelation must exceed. Lower than the usual 1.645,
 * since factors of doubtful seasons are shrunk anyway.
 */
const TEST_POINT = 0.8;
/** A multiplicative factor below this would blow up what is divided by it. */
const SMALLEST_FACTOR = 0.05;
/** Weight of a season against the next one: patterns change slowly. */
const SEASON_MEMORY = 0.8;

/**
 * The seasonal pattern of gapless values, or null when the season's autocorrelation is not significant, the
 * season is 1, or there are fewer than two seasons of values.
 *
 * 1. The values less their centred moving average over a season must have |r_m| > 0.8·√((1 + 2 Σ_{i<m} r_i²)
 * / n).
 * 2. Classical decomposition, recent seasons weighing more (0.8 per season); multiplicative where all values
 *    are positive and it leaves the smaller squared misfit, else additive.
 * 3. Factors are drawn toward none by 1 − 1/F, F the ratio of the mean square that the season explains to the
 *    mean square it leaves (positive-part James–Stein).
 *
 * Sources: V. Assimakopoulos and K. Nikolopoulos, "The theta model", IJF 16 (2000), pp. 521–530 (test, there
 * on the values themselves, where a trend hides the season); D. M. Miller and D. Williams, "Shrinkage
 * estimators of time series seasonal factors and their effect on forecasting accuracy", IJF 19 (2003), pp.
 * 669–684.
 */
export function findSeasonalPattern(values: Float64Array, seasonLength: number): SeasonalPattern | null {
  if (seasonLength < 2 || values.length < 2 * seasonLength) return null;
  const centre = centredAverage(values, seasonLength);
  if (!hasSignificantSeason(values, centre, seasonLength)) return null;
  const additive = decompose(values, centre, seasonLength, 'additive');
  if (!values.every((value) => value > 0)) return shrink(additive, values, centre);
  const multiplicative = decompose(values, centre, seasonLength, 'multiplicative');
  const isAdditive = misfit(values, centre, additive) < misfit(values, centre, multiplicative);
  return shrink(isAdditive ? additive : multiplicative, values, centre);
}

/** The values with the season divided out or subtracted; a copy. */
export function removeSeason(values: Float64Array, pattern: SeasonalPattern | null): Float64Array {
  if (pattern === null) return values;
  const { kind, factors } = pattern;
  const m = factors.length;
  return kind === 'multiplicative'
    ? values.map((value, t) => value / (factors[t % m] ?? 1))
    : values.map((value, t) => value - (factors[t % m] ?? 0));
}

/** How a value without season at period `t` becomes one with it: value × scale + shift. */
export function seasonAt(
  pattern: SeasonalPattern | null,
  t: number,
): { readonly scale: number; readonly shift: number } {
  if (pattern === null) return { scale: 1, shift: 0 };
  const factor = pattern.factors[t % pattern.factors.length] ?? 0;
  return pattern.kind === 'multiplicative' ? { scale: factor, shift: 0 } : { scale: 1, shift: factor };
}

/** `[n]`: the centred moving average over one season; NaN where it would reach beyond the history. */
function centredAverage(values: Float64Array, m: number): Float64Array {
  const centre = new Float64Array(values.length).fill(Number.NaN);
  const half = Math.floor(m / 2);
  let window = 0;
  for (let t = 0; t < m; t += 1) window += values[t] ?? 0;
  for (let start = 0; start + m <= values.length; start += 1) {
    const next = window - (values[start] ?? 0) + (values[start + m] ?? Number.NaN);
    // An even season is centred by half weights at both ends: (window of m + next window of m) / 2m.
    centre[start + half] = m % 2 === 0 ? (window + next) / (2 * m) : window / m;
    window = next;
  }
  return centre;
}

function hasSignificantSeason(values: Float64Array, centre: Float64Array, m: number): boolean {
  const rest = new Float64Array(values.length);
  let n = 0;
  for (let t = 0; t < values.length; t += 1) {
    const value = (values[t] ?? 0) - (centre[t] ?? 0);
    if (Number.isNaN(value)) continue;
    rest[n] = value;
    n += 1;
  }
  if (n < m + 4) return false;
  let mean = 0;
  for (let t = 0; t < n; t += 1) mean += (rest[t] ?? 0) / n;
  let variance = 0;
  for (let t = 0; t < n; t += 1) variance += ((rest[t] ?? 0) - mean) ** 2;
  if (!(variance > 0)) return false;
  let [squares, last] = [0, 0];
  for (let lag = 1; lag <= m; lag += 1) {
    let sum = 0;
    for (let t = lag; t < n; t += 1) sum += ((rest[t] ?? 0) - mean) * ((rest[t - lag] ?? 0) - mean);
    last = sum / variance;
    if (lag < m) squares += last * last;
  }
  return Math.abs(last) > TEST_POINT * Math.sqrt((1 + 2 * squares) / n);
}

/** Recency-weighted means by position of the values against the centred average. */
function decompose(
  values: Float64Array,
  centre: Float64Array,
  m: number,
  kind: SeasonalPattern['kind'],
): SeasonalPattern {
  const sums = new Float64Array(m);
  const weights = new Float64Array(m);
  const growth = SEASON_MEMORY ** (-1 / m);
  let weight = SEASON_MEMORY ** (values.length / m);
  let position = 0;
  for (let t = 0; t < values.length; t += 1) {
    const level = centre[t] ?? Number.NaN;
    if (!Number.isNaN(level)) {
      const value = values[t] ?? 0;
      const factor = kind === 'multiplicative' ? value / level : value - level;
      sums[position] = (sums[position] ?? 0) + weight * factor;
      weights[position] = (weights[position] ?? 0) + weight;
    }
    weight *= growth;
    position = position + 1 === m ? 0 : position + 1;
  }
  const neutral = kind === 'multiplicative' ? 1 : 0;
  const factors = sums.map((sum, i) => ((weights[i] ?? 0) > 0 ? sum / (weights[i] ?? 1) : neutral));
  const mean = factors.reduce((total, factor) => total + factor, 0) / m;
  return {
    kind,
    factors: factors.map((factor) => (kind === 'multiplicative' ? factor / mean : factor - mean)),
  };
}

function shrink(pattern: SeasonalPattern, values: Float64Array, centre: Float64Array): SeasonalPattern {
  const { kind, factors } = pattern;
  const neutral = kind === 'multiplicative' ? 1 : 0;
  const m = factors.length;
  const left = misfit(values, centre, pattern);
  const explained = misfit(values, centre, { kind, factors: factors.map(() => neutral) }) - left;
  const count = centre.reduce((known, level) => known + (Number.isNaN(level) ? 0 : 1), 0);
  const ratio = explained / (m - 1) / (left / Math.max(1, count - m));
  const keep = ratio > 1 ? 1 - 1 / ratio : 0;
  const least = kind === 'multiplicative' ? SMALLEST_FACTOR : -Infinity;
  return { kind, factors: factors.map((factor) => Math.max(least, neutral + keep * (factor - neutral))) };
}

/** Σ (value − centre with season)² where the centre is known. */
function misfit(values: Float64Array, centre: Float64Array, { kind, factors }: SeasonalPattern): number {
  let sum = 0;
  let position = 0;
  for (let t = 0; t < values.length; t += 1) {
    const level = centre[t] ?? Number.NaN;
    const factor = factors[position] ?? 0;
    position = position + 1 === factors.length ? 0 : position + 1;
    if (Number.isNaN(level)) continue;
    sum += ((values[t] ?? 0) - (kind === 'multiplicative' ? level * factor : level + factor)) ** 2;
  }
  return sum;
}
