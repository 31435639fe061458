/** Seeded pseudo-random numbers: the same seed gives the same numbers on every machine. */

import { normalQuantile } from './normal.ts';

/** A source of uniform numbers in [0, 1) with 32 random bits each. */
export interface Random {
  uniform(): number;
}

/**
 * Makes a generator from an unsigned 32-bit seed: xoshiro128** 1.1 seeded by SplitMix32.
 *
 * Source: D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47 (2021),
 * article 36; reference code xoshiro128starstar.c (public domain).
 */
export function makeRandom(seed: number): Random {
  let splitState = seed >>> 0;
  const splitMix = (): number => {
    splitState = (splitState + 0x9e3779b9) >>> 0;
    let z = splitState;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [splitMix(), splitMix(), splitMix(), splitMix() | 1];
  return {
    uniform() {
      const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotateLeft(d, 11);
      return scrambled / 4294967296;
    },
  };
}

/**
 * FNV-1a hash of a text as an unsigned 32-bit seed, so that an item's paths depend on its id, not its place.
 */
export function seedFromText(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** A uniform number in the open interval (0, 1). */
export function drawOpenUniform(random: Random): number {
  return random.uniform() + 1.1641532182693481e-10;
}

/** A standard normal number, by inversion (one uniform each, so sequences stay aligned between scenarios). */
export function drawNormal(random: Random): number {
  return normalQuantile(drawOpenUniform(random));
}

/**
 * A gamma number with `shape` > 0 and `scale` > 0; its mean is shape·scale.
 *
 * Source: G. Marsaglia and W. W. Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 26 (2000),
 * pp. 363–372; shapes below 1 by their §6 (G(a) = G(a + 1)·U^(1/a)).
 */
export function drawGamma(random: Random, shape: number, scale: number): number {
  if (shape < 1) return drawGamma(random, shape + 1, scale) * drawOpenUniform(random) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(drawOpenUniform(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return d * v * scale;
    }
  }
}

/**
 * A Poisson count with the given mean ≥ 0, by Knuth's product of uniforms in pieces of mean ≤ 30 (a sum of
 * independent Poisson counts is a Poisson count); above 10,000 the rounded normal, whose error is < 0.5 %.
 *
 * Source: D. E. Knuth, The Art of Computer Programming 2 (3rd ed., 1997), §3.4.1.
 */
export function drawPoisson(random: Random, mean: number): number {
  if (mean > 10_000) return Math.max(0, Math.round(mean + Math.sqrt(mean) * drawNormal(random)));
  let count = 0;
  let left = mean;
  while (left > 0) {
    const piece = Math.min(left, 30);
    const limit = Math.exp(-piece);
    let product = drawOpenUniform(random);
    while (product > limit) {
      count += 1;
      product *= drawOpenUniform(random);
    }
    left -= piece;
  }
  return count;
}

/**
 * A negative binomial count with mean μ ≥ 0 and variance μ + μ²/size, `size` > 0: a Poisson count whose mean
 * is gamma distributed with shape `size` and scale μ/size.
 */
export function drawNegativeBinomial(random: Random, mean: number, size: number): number {
  if (mean <= 0) return 0;
  return drawPoisson(random, drawGamma(random, size, mean / size));
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
