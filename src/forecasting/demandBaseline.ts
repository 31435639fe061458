/** Demand as it would have been without the effects of price, promotions and holidays. */

const SHORTEST_HALF_LIFE = 8;
/** Keeps rates above 0 where nothing was sold, in units. */
const TINY = 1e-9;

/**
 * Smooth level times season, `[n]`, > 0: units per period at neutral covariates.
 *
 * The level is a two-sided exponentially weighted Σ units / Σ e^effect, half-life two seasons and at least 8
 * periods; the factors by phase of the season are drawn toward 1 by one season's demand.
 *
 * @param units `[n]`, ≥ 0, NaN = missing
 * @param logEffects `[n]`, log of the factor by which covariates moved each period
 * @param shortestHalfLife periods that the level's half-life is at least
 */
export function fitBaseline(
  units: Float64Array,
  logEffects: Float64Array,
  seasonLength: number,
  shortestHalfLife: number = SHORTEST_HALF_LIFE,
): Float64Array {
  const exposure = logEffects.map(Math.exp);
  const halfLife = Math.max(SHORTEST_HALF_LIFE, shortestHalfLife, 2 * seasonLength);
  const level = smoothBothWays(units, exposure, halfLife);
  if (seasonLength < 2 || units.length < 2 * seasonLength) return level;
  const season = phaseFactors(
    units,
    level.map((rate, t) => rate * (exposure[t] ?? 1)),
    seasonLength,
  );
  const seasonal = exposure.map((value, t) => value * (season[t % seasonLength] ?? 1));
  return smoothBothWays(units, seasonal, halfLife).map((rate, t) => rate * (season[t % seasonLength] ?? 1));
}

function smoothBothWays(units: Float64Array, exposure: Float64Array, halfLife: number): Float64Array {
  const keep = 0.5 ** (1 / halfLife);
  const n = units.length;
  const sold = new Float64Array(n).fill(TINY);
  const exposed = new Float64Array(n).fill(TINY);
  for (const isForward of [true, false]) {
    let [sum, weight] = [0, 0];
    for (let i = 0; i < n; i += 1) {
      const t = isForward ? i : n - 1 - i;
      const value = units[t] ?? Number.NaN;
      const isKnown = !Number.isNaN(value);
      sum = sum * keep + (isKnown ? value : 0);
      weight = weight * keep + (isKnown ? (exposure[t] ?? 1) : 0);
      sold[t] = (sold[t] ?? 0) + sum;
      exposed[t] = (exposed[t] ?? 0) + weight;
    }
  }
  return sold.map((sum, t) => sum / (exposed[t] ?? 1));
}

/** `[m]`, each phase's demand over what was expected of it, drawn toward 1. */
function phaseFactors(units: Float64Array, expected: Float64Array, m: number): Float64Array {
  const sold = new Float64Array(m);
  const wanted = new Float64Array(m);
  for (let t = 0; t < units.length; t += 1) {
    const value = units[t] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sold[t % m] = (sold[t % m] ?? 0) + value;
    wanted[t % m] = (wanted[t % m] ?? 0) + (expected[t] ?? 0);
  }
  const strength = wanted.reduce((sum, value) => sum + value, 0) / units.length + TINY;
  return sold.map((sum, phase) => (sum + strength) / ((wanted[phase] ?? 0) + strength));
}
