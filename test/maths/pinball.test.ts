import { describe, expect, it } from 'vitest';
import {
  addScores,
  intervalCoverage,
  makeScoreSums,
  quantileLoss,
  relativeBias,
  seasonalError,
  sumScaledErrors,
  weightedAbsolutePercentageError,
  weightedQuantileLoss,
} from '../../src/maths/pinball.ts';

describe('forecast scores', () => {
  it('weigh a miss by the level and its side', () => {
    expect(quantileLoss(10, 8, 0.9)).toBeCloseTo(3.6, 12);
    expect(quantileLoss(10, 12, 0.9)).toBeCloseTo(0.4, 12);
    expect(quantileLoss(10, 7, 0.5)).toBe(3);
  });

  it('are the absolute percentage error for a point forecast, ignoring missing actuals', () => {
    const sums = makeScoreSums();
    const levels = [0.1, 0.5, 0.9];
    const quantiles = Float64Array.of(8, 8, 8, 0, 0, 0, 5, 5, 5);
    addScores(sums, Float64Array.of(10, Number.NaN, 5), {
      levels,
      quantiles,
      mean: Float64Array.of(8, 0, 5),
    });
    expect(weightedQuantileLoss(sums)).toBeCloseTo(2 / 15, 12);
    expect(weightedAbsolutePercentageError(sums)).toBeCloseTo(2 / 15, 12);
    expect(relativeBias(sums)).toBeCloseTo(-2 / 15, 12);
    expect(intervalCoverage(sums)).toBe(0.5);
  });

  it('scale errors by the seasonal change of the history', () => {
    const history = Float64Array.of(1, 5, 2, 7, Number.NaN, 9);
    expect(seasonalError(history, 2)).toBeCloseTo((1 + 2 + 2) / 3, 12);
    expect(sumScaledErrors(Float64Array.of(4, Number.NaN), Float64Array.of(3, 3), 0.5)).toEqual({
      sum: 2,
      count: 1,
    });
    expect(sumScaledErrors(Float64Array.of(4), Float64Array.of(3), 0)).toEqual({ sum: 0, count: 0 });
  });
});
