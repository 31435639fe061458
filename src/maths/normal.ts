/**
 * The standard normal distribution: density, distribution function, quantile and loss function.
 * Accurate to better than 1e-12 over the range that demand planning uses (|x| ≤ 8).
 */

const SQRT_TWO_PI = 2.5066282746310002;

/** φ(x) = exp(−x²/2) / √(2π): the density of the standard normal. */
export function normalPdf(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_TWO_PI;
}

/**
 * Φ(x), the probability of a standard normal at or below `x`, in [0, 1].
 *
 * Source: J. Hart et al., Computer Approximations (1968), algorithm 5666, in the double-precision form of
 * G. West, "Better approximations to cumulative normal functions", Wilmott Magazine (2005), pp. 70–76.
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x);
  const tail = z > 37 ? 0 : Math.exp(-0.5 * z * z) * upperTailFactor(z);
  return x > 0 ? 1 - tail : tail;
}

/**
 * Φ⁻¹(p), the quantile of the standard normal; `p` in (0, 1), −∞ and +∞ at 0 and 1, NaN outside.
 *
 * Source: M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution",
 * Applied Statistics 37 (1988), pp. 477–484, routine PPND16 (relative error about 1e-16).
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const size =
    r <= 5
      ? polynomial(MIDDLE_TOP, r - 1.6) / polynomial(MIDDLE_BOTTOM, r - 1.6)
      : polynomial(TAIL_TOP, r - 5) / polynomial(TAIL_BOTTOM, r - 5);
  return q < 0 ? -size : size;
}

const knownScores = new WeakMap<readonly number[], Float64Array>();

/** `[Q]`: Φ⁻¹ of each level; kept by the list of levels, of which the same few are asked for again and again. */
export function normalScores(levels: readonly number[]): Float64Array {
  const known = knownScores.get(levels);
  if (known !== undefined) return known;
  const scores = Float64Array.from(levels, normalQuantile);
  knownScores.set(levels, scores);
  return scores;
}

/**
 * L(z) = φ(z) − z·(1 − Φ(z)): expected shortfall E[(Z − z)⁺] of a standard normal, in standard deviations.
 * With mean μ and deviation σ the expected lost units at stock S are σ·L((S − μ)/σ).
 *
 * Source: L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), §4.3.2.
 */
export function normalLoss(z: number): number {
  return normalPdf(z) - z * normalCdf(-z);
}

/** (1 − Φ(z)) / exp(−z²/2) for z ≥ 0. */
function upperTailFactor(z: number): number {
  if (z < 7.07106781186547) return polynomial(HART_TOP, z) / polynomial(HART_BOTTOM, z);
  const fraction = z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))));
  return 1 / (fraction * SQRT_TWO_PI);
}

/** Σ c_i x^i by Horner's rule, coefficients of the lowest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i -= 1) sum = sum * x + (coefficients[i] ?? 0);
  return sum;
}

const HART_TOP = [
  220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688,
  0.0352624965998911,
] as const;
const HART_BOTTOM = [
  440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207,
  1.75566716318264, 0.0883883476483184,
] as const;
const CENTRE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
] as const;
const CENTRE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
] as const;
const MIDDLE_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
] as const;
const MIDDLE_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
] as const;
const TAIL_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
] as const;
const TAIL_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
] as const;
