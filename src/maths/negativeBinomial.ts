/** The negative binomial distribution by mean and size, and the logarithm of the gamma function. */

/**
 * ln Γ(x) for x > 0, relative error below 1e-13.
 *
 * Source: C. Lanczos, "A Precision Approximation of the Gamma Function", SIAM J. Numer. Anal. B 1 (1964),
 * with the coefficients g = 7, n = 9 of P. Godfrey's note as used in the GNU Scientific Library.
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = LANCZOS[0] ?? 1;
  for (let i = 1; i < LANCZOS.length; i += 1) sum += (LANCZOS[i] ?? 0) / (z + i);
  const t = z + 7.5;
  return 0.9189385332046727 + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * ln P(Y = count) of a negative binomial with mean μ > 0 and variance μ + μ²/size.
 *
 * P(Y = y) = Γ(y + r) / (Γ(r) y!) · (r/(r+μ))^r · (μ/(r+μ))^y with r = size.
 * Source: J. M. Hilbe, Negative Binomial Regression (2nd ed., 2011), §8.2 (NB2).
 */
export function negativeBinomialLogPmf(count: number, mean: number, size: number): number {
  const combinations = logGamma(count + size) - logGamma(size) - logGamma(count + 1);
  return combinations + size * Math.log(size / (size + mean)) + count * Math.log(mean / (size + mean));
}

/**
 * Quantiles at ascending `levels` in (0, 1) of a negative binomial with mean ≥ 0 and variance μ + μ²/size:
 * the smallest counts whose distribution function reaches the levels.
 *
 * Sums count by count, so its cost grows with the mean; count in larger units where the mean is in the
 * thousands.
 */
export function negativeBinomialQuantiles(
  levels: readonly number[],
  mean: number,
  size: number,
): Float64Array {
  const result = new Float64Array(levels.length);
  if (!(mean > 0)) return result;
  const ratio = mean / (size + mean);
  let mass = Math.exp(size * Math.log(size / (size + mean)));
  let cumulative = mass;
  let count = 0;
  const limit = tailLimit(mean, size);
  for (let k = 0; k < levels.length; k += 1) {
    while (cumulative < (levels[k] ?? 0) && count < limit) {
      mass *= ((count + size) / (count + 1)) * ratio;
      cumulative += mass;
      count += 1;
    }
    result[k] = count;
  }
  return result;
}

/** A mixture of negative binomials, one entry each; weights ≥ 0 sum to 1, means ≥ 0, sizes > 0. */
export interface NegativeBinomialMixture {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly sizes: Float64Array;
}

/** Quantiles at ascending `levels` in (0, 1) of a mixture, as `negativeBinomialQuantiles`. */
export function negativeBinomialMixtureQuantiles(
  levels: readonly number[],
  { weights, means, sizes }: NegativeBinomialMixture,
): Float64Array {
  const result = new Float64Array(levels.length);
  const masses = new Float64Array(weights.length);
  const ratios = new Float64Array(weights.length);
  let cumulative = 0;
  let limit = 0;
  let count = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const [mean, size] = [means[i] ?? 0, sizes[i] ?? 1];
    const mass = (weights[i] ?? 0) * Math.exp(size * Math.log(size / (size + mean)));
    masses[i] = mass;
    ratios[i] = mean / (size + mean);
    cumulative += mass;
    limit = Math.max(limit, tailLimit(mean, size));
  }
  for (let k = 0; k < levels.length; k += 1) {
    while (cumulative < (levels[k] ?? 0) && count < limit) {
      const share = 1 / (count + 1);
      for (let i = 0; i < masses.length; i += 1) {
        const mass = (masses[i] ?? 0) * (ratios[i] ?? 0) * share * (count + (sizes[i] ?? 1));
        masses[i] = mass;
        cumulative += mass;
      }
      count += 1;
    }
    result[k] = count;
  }
  return result;
}

/** A count that is never reached but by rounding: where summing stops. */
function tailLimit(mean: number, size: number): number {
  return mean + 60 * Math.sqrt(mean + (mean * mean) / size) + 60;
}

/**
 * E[Y | Y ≥ least] of a negative binomial with mean μ ≥ 0 and variance μ + μ²/size, for `least` ≥ 0 (rounded up to a
 * count): (μ − Σ_{y<least} y P(y)) / (1 − P(Y < least)); at least `least`, and that where it is almost impossible.
 */
export function negativeBinomialTailMean(least: number, mean: number, size: number): number {
  if (!(mean > 0)) return least;
  const ratio = mean / (size + mean);
  let mass = Math.exp(size * Math.log(size / (size + mean)));
  let [below, partial] = [0, 0];
  for (let count = 0; count < least; count += 1) {
    below += mass;
    partial += count * mass;
    mass *= ((count + size) / (count + 1)) * ratio;
  }
  return below > 1 - 1e-6 ? least : Math.max(least, (mean - partial) / (1 - below));
}

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const;
