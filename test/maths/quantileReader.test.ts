import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolateQuantile, makeQuantileReader } from '../../src/maths/quantiles.ts';

const shares = Float64Array.from({ length: 200 }, (_, i) => (i + 0.5) / 200);

test('a reader yields what interpolateQuantile yields, to the last bit', () => {
  const levels = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 11 });
  const units = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(levels, fc.array(units, { minLength: 11, maxLength: 11 }), (percents, numbers) => {
      const ascending = percents.sort((a, b) => a - b).map((percent) => percent / 100);
      const row = Float64Array.from(numbers.slice(0, ascending.length)).sort();
      const read = makeQuantileReader(ascending, shares);
      // Of 0 and −0, which of them is no matter.
      for (const [index, share] of shares.entries())
        expect(read(row, index) + 0).toBe(interpolateQuantile(ascending, row, share) + 0);
    }),
    { numRuns: 50 },
  );
});
