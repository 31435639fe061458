import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSeasonalPattern, removeSeason, seasonAt } from '../../src/forecasting/seasonality.ts';
import { drawNormal, makeRandom } from '../../src/maths/random.ts';

const factors = [0.5, 1.5, 1.2, 0.8];

function make(length: number, value: (t: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, t) => value(t));
}

describe('the seasonal pattern', () => {
  it('finds factors that multiply a growing level', () => {
    const pattern = findSeasonalPattern(
      make(48, (t) => (100 + 5 * t) * (factors[t % 4] ?? 1)),
      4,
    );
    expect(pattern?.kind).toBe('multiplicative');
    for (const [i, factor] of factors.entries()) expect(pattern?.factors[i]).toBeCloseTo(factor, 1);
  });

  it('finds amounts that are added to a growing level', () => {
    const pattern = findSeasonalPattern(
      make(48, (t) => 100 + 5 * t + 40 * ((factors[t % 4] ?? 1) - 1)),
      4,
    );
    expect(pattern?.kind).toBe('additive');
    expect(pattern?.factors[1]).toBeCloseTo(20, 0);
  });

  it('is none without a season, with too few seasons, or in a constant', () => {
    expect(
      findSeasonalPattern(
        make(48, (t) => 100 + 5 * t),
        4,
      ),
    ).toBeNull();
    expect(
      findSeasonalPattern(
        make(7, (t) => factors[t % 4] ?? 1),
        4,
      ),
    ).toBeNull();
    expect(findSeasonalPattern(new Float64Array(48).fill(3), 12)).toBeNull();
    expect(
      findSeasonalPattern(
        make(48, (t) => t % 2),
        1,
      ),
    ).toBeNull();
  });

  it('is drawn toward none in noise, never away from it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(4, 7, 12), (seed, m) => {
        const random = makeRandom(seed);
        const values = make(60, () => 7900 + 40 * drawNormal(random));
        const pattern = findSeasonalPattern(values, m);
        const { kind, factors: found } = pattern ?? { kind: 'additive', factors: new Float64Array(m) };
        const largest = Math.max(
          ...found.map((factor) => Math.abs(kind === 'additive' ? factor / 7900 : factor - 1)),
        );
        expect(largest).toBeLessThan(0.03);
      }),
    );
  });

  it('is put back exactly as it was taken out', () => {
    const values = make(40, (t) => 50 + t + 10 * (factors[t % 4] ?? 1));
    const pattern = findSeasonalPattern(values, 4);
    const plain = removeSeason(values, pattern);
    for (const [t, value] of values.entries()) {
      const { scale, shift } = seasonAt(pattern, t);
      expect((plain[t] ?? 0) * scale + shift).toBeCloseTo(value, 9);
    }
  });
});
