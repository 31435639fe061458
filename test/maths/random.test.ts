import { describe, expect, it } from 'vitest';
import {
  drawGamma,
  drawNegativeBinomial,
  drawNormal,
  drawPoisson,
  makeRandom,
  type Random,
  seedFromText,
} from '../../src/maths/random.ts';

const COUNT = 40_000;

function moments(draw: (random: Random) => number): { mean: number; variance: number } {
  const random = makeRandom(7);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < COUNT; i += 1) {
    const value = draw(random);
    sum += value;
    squares += value * value;
  }
  const mean = sum / COUNT;
  return { mean, variance: squares / COUNT - mean * mean };
}

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    const [one, same, other] = [makeRandom(1), makeRandom(1), makeRandom(2)];
    const draws = Array.from({ length: 5 }, () => one.uniform());
    expect(Array.from({ length: 5 }, () => same.uniform())).toEqual(draws);
    expect(Array.from({ length: 5 }, () => other.uniform())).not.toEqual(draws);
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  });

  it('take a seed from a text', () => {
    expect(seedFromText('a')).toBe(0xe40c292c);
    expect(seedFromText('sku-1')).not.toBe(seedFromText('sku-2'));
  });

  it('are uniform, normal, gamma, Poisson and negative binomial by their first two moments', () => {
    const uniform = moments((random) => random.uniform());
    expect(uniform.mean).toBeCloseTo(0.5, 2);
    expect(uniform.variance).toBeCloseTo(1 / 12, 2);
    const normal = moments(drawNormal);
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.variance).toBeCloseTo(1, 1);
    const gamma = moments((random) => drawGamma(random, 0.5, 2));
    expect(gamma.mean).toBeCloseTo(1, 1);
    expect(gamma.variance / 2).toBeCloseTo(1, 1);
    const poisson = moments((random) => drawPoisson(random, 45));
    expect(poisson.mean / 45).toBeCloseTo(1, 2);
    expect(poisson.variance / 45).toBeCloseTo(1, 1);
    const counts = moments((random) => drawNegativeBinomial(random, 3, 1.5));
    expect(counts.mean / 3).toBeCloseTo(1, 1);
    expect(counts.variance / (3 + 9 / 1.5)).toBeCloseTo(1, 0.5);
  });

  it('count nothing when nothing is expected', () => {
    expect(drawPoisson(makeRandom(1), 0)).toBe(0);
    expect(drawNegativeBinomial(makeRandom(1), 0, 1)).toBe(0);
  });
});
