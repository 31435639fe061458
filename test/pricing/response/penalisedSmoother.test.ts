import { describe, expect, it } from 'vitest';
import { drawNormal, makeRandom } from '../../../src/maths/random.ts';
import { type Columns, makeSmoother } from '../../../src/pricing/response/penalisedSmoother.ts';

const random = makeRandom(4);
const rows = 30;
const values = Float64Array.from({ length: 3 * rows }, (_, i) => (i < rows ? 1 : drawNormal(random)));
const columns: Columns = { rows, count: 3, values, penalties: Float64Array.of(0, 0.1, 0.5) };
const target = Float64Array.from({ length: rows }, () => drawNormal(random));

describe('penalised smoother', () => {
  it('predicts each row as a fit without it does', () => {
    const weights = new Float64Array(rows).fill(1);
    const left = makeSmoother(columns, weights).leaveOver(target);
    for (const row of [0, 7, 29]) {
      // Leaving a row out changes the total weight, which the strength of the penalty is relative to.
      const without = weights.with(row, 1e-12);
      const scaled = {
        ...columns,
        penalties: columns.penalties.map((penalty) => (penalty * rows) / (rows - 1)),
      };
      expect(left[row]).toBeCloseTo(makeSmoother(scaled, without).leaveOver(target)[row] ?? 0, 8);
    }
  });

  it('leaves nothing of what the columns are', () => {
    const sum = Float64Array.from({ length: rows }, (_, t) => 3 - 2 * (values[rows + t] ?? 0));
    const plain = { ...columns, penalties: new Float64Array(3) };
    const left = makeSmoother(plain, new Float64Array(rows).fill(1)).leaveOver(sum);
    expect(Math.max(...left.map(Math.abs))).toBeLessThan(1e-6);
  });
});
