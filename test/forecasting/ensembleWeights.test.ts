import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitGroupWeights, normalise, type ScoredWindow } from '../../src/forecasting/ensembleWeights.ts';
import { quantileLoss } from '../../src/maths/pinball.ts';

const levels = [0.1, 0.5, 0.9];
const members = 4;
const horizon = 5;
const STRENGTH = 20;
const STEP = 4;

/** The documented formula, step by step and cell by cell. */
function fitPlainly(windows: readonly ScoredWindow[], prior: Float64Array): Float64Array {
  let weights: Float64Array = prior.slice();
  const pull = STRENGTH / windows.length;
  for (let step = 0; step < 40; step += 1) {
    const gradient = new Float64Array(members);
    let loss = 0;
    for (const { actual, forecasts, scale } of windows) {
      for (let cell = 0; cell < horizon * levels.length; cell += 1) {
        const [y, level] = [
          actual[Math.floor(cell / levels.length)] ?? 0,
          levels[cell % levels.length] ?? 0.5,
        ];
        if (Number.isNaN(y)) continue;
        const values = forecasts.map(({ quantiles }) => quantiles[cell] ?? 0);
        const average = values.reduce((sum, value, i) => sum + (weights[i] ?? 0) * value, 0);
        const share = 1 / (scale * levels.length * horizon);
        loss += share * quantileLoss(y, average, level);
        for (const [i, value] of values.entries())
          gradient[i] = (gradient[i] ?? 0) + share * 2 * ((y <= average ? 1 : 0) - level) * (value - y);
      }
    }
    if (!(loss > 0)) return weights;
    weights = normalise(
      weights.map((weight, i) => {
        if (prior[i] === 0) return 0;
        const slope = Math.max(-5, Math.min(5, (gradient[i] ?? 0) / loss));
        const kept = Math.log(Math.max(weight, 1e-9));
        return Math.exp((kept + STEP * pull * Math.log(prior[i] ?? 1) - STEP * slope) / (1 + STEP * pull));
      }),
    );
  }
  return weights;
}

describe('weights of a group', () => {
  // Whole numbers, so that members often agree with each other and with what came.
  const units = fc.integer({ min: -3, max: 9 });
  const row = fc.array(units, { minLength: horizon * levels.length, maxLength: horizon * levels.length });
  const window = fc
    .tuple(
      fc.array(fc.oneof(units, fc.constant(Number.NaN)), { minLength: horizon, maxLength: horizon }),
      fc.array(row, { minLength: members, maxLength: members }),
    )
    .map(([actual, rows]) => ({
      actual: Float64Array.from(actual),
      forecasts: rows.map((quantiles) => ({
        horizon,
        levels,
        quantiles: Float64Array.from(quantiles),
        mean: new Float64Array(horizon),
      })),
      scale: 3,
    }));
  const prior = fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: members, maxLength: members })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) =>
      // Odd shares: no average of whole numbers hits what came exactly, where rounding would decide on its side.
      normalise(Float64Array.from(weights, (weight, i) => (weight === 0 ? 0 : Math.sqrt(weight + i / 7)))),
    );

  it('are those of the formula, though cells on whose side all members agree are added up once', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 40 }), prior, (windows, start) => {
        const [got, wanted] = [fitGroupWeights(windows, start, STRENGTH), fitPlainly(windows, start)];
        for (const [i, weight] of wanted.entries()) expect(got[i]).toBeCloseTo(weight, 6);
      }),
    );
  });
});
