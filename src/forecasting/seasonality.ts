/** Whether a series has a season, its factors, and the series without it. */

/** Seasonal factors by position in the season. */
export interface SeasonalPattern {
  /** Multiplicative: value = level × factor. Additive: value = level + factor. */
  readonly kind: 'multiplicative' | 'additive';
  /** `[m]`, the factor of period t at t mod m; mean 1 (multiplicative) or 0 (additive). */
  readonly factors: Float64Array;
}

/** One-sided 90 % point of the standard normal, as in the Theta method's test. */
const TEST_POINT = 1.645;
/** A multiplicative factor below this would blow up what is divided by it. */
const SMALLEST_FACTOR = 0.05;

/**
 * The seasonal pattern of gapless values, or null when the season's autocorrelation is not significant, the
 * season is 1, or there are fewer than two seasons of values.
 *
 * Significant: |r_m| > 1.645·√((1 + 2 Σ_{i<m} r_i²) / n). Multiplicative when all values are positive.
 * Source: V. Assimakopoulos and K. Nikolopoulos, "The theta model: a decomposition approach to forecasting",
 * International Journal of Forecasting 16 (2000), pp. 521–530; test as in R package forecast, thetaf().
 */
export function findSeasonalPattern(values: Float64Array, seasonLength: number): SeasonalPattern | null {
  if (seasonLength < 2 || values.length < 2 * seasonLength) return null;
  if (!hasSignificantSeason(values, seasonLength)) return null;
  const kind = values.every((value) => value > 0) ? 'multiplicative' : 'additive';
  return { kind, factors: averageFactors(values, seasonLength, kind) };
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

function hasSignificantSeason(values: Float64Array, seasonLength: number): boolean {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2;
  if (!(variance > 0)) return false;
  let squares = 0;
  let last = 0;
  for (let lag = 1; lag <= seasonLength; lag += 1) {
    let sum = 0;
    for (let t = lag; t < n; t += 1) sum += ((values[t] ?? 0) - mean) * ((values[t - lag] ?? 0) - mean);
    last = sum / variance;
    if (lag < seasonLength) squares += last * last;
  }
  return Math.abs(last) > TEST_POINT * Math.sqrt((1 + 2 * squares) / n);
}

/** Classical decomposition: means by position of the values against the centred moving average. */
function averageFactors(values: Float64Array, m: number, kind: SeasonalPattern['kind']): Float64Array {
  const sums = new Float64Array(m);
  const counts = new Float64Array(m);
  const half = Math.floor(m / 2);
  let window = 0;
  for (let t = 0; t < m; t += 1) window += values[t] ?? 0;
  for (let t = half; t + half < values.length; t += 1) {
    // An even season is centred by half weights at both ends: (window of m + next window of m) / 2m.
    const start = t - half;
    const next = window - (values[start] ?? 0) + (values[start + m] ?? 0);
    const centre = m % 2 === 0 ? (window + next) / (2 * m) : window / m;
    if (m % 2 === 0 && start + m >= values.length) break;
    const value = values[t] ?? 0;
    sums[t % m] = (sums[t % m] ?? 0) + (kind === 'multiplicative' ? value / centre : value - centre);
    counts[t % m] = (counts[t % m] ?? 0) + 1;
    window = next;
  }
  return normalise(sums, counts, kind);
}

function normalise(sums: Float64Array, counts: Float64Array, kind: SeasonalPattern['kind']): Float64Array {
  const m = sums.length;
  const neutral = kind === 'multiplicative' ? 1 : 0;
  const factors = sums.map((sum, i) => ((counts[i] ?? 0) > 0 ? sum / (counts[i] ?? 1) : neutral));
  const mean = factors.reduce((total, factor) => total + factor, 0) / m;
  return kind === 'multiplicative'
    ? factors.map((factor) => Math.max(SMALLEST_FACTOR, factor / mean))
    : factors.map((factor) => factor - mean);
}
