import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addRecords,
  beatsBaseline,
  calibrate,
  emptyRecord,
  scoreSteps,
  toBaselineScores,
  toScores,
} from '../../src/backtesting/backtestScores.ts';
import { STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import type { OriginForecast, QuantileForecast } from '../../src/forecasting/service.ts';

/** A forecast whose nine quantiles of each period are `centre` plus −4 … 4 times `spread`. */
function fan(centres: readonly number[], spread: number): QuantileForecast {
  return {
    horizon: centres.length,
    levels: STANDARD_LEVELS,
    quantiles: Float64Array.from(
      centres.flatMap((centre) => STANDARD_LEVELS.map((_, k) => centre + (k - 4) * spread)),
    ),
    mean: Float64Array.from(centres),
  };
}

function makeCase(parts: {
  readonly history: readonly number[];
  readonly inStock?: readonly boolean[];
  readonly actual: readonly number[];
  readonly forecast: QuantileForecast;
  readonly baseline?: QuantileForecast;
  readonly seasonLength?: number;
}): OriginForecast {
  const { history, inStock, actual, forecast, baseline = forecast, seasonLength = 1 } = parts;
  return {
    variantId: 1,
    startsOn: '2026-03-01',
    history: {
      values: Float64Array.from(history),
      seasonLength,
      ...(inStock === undefined ? {} : { inStock }),
    },
    actual: Float64Array.from(actual),
    forecast,
    baseline,
  };
}
const scoresOf = (one: OriginForecast) => toScores(addRecords(scoreSteps(one)));

describe('the scores', () => {
  it('follow the definitions, worked by hand', () => {
    // Two periods, quantiles 6 … 14 and 16 … 24 around 10 and 20; 13 and 18 came.
    // Twice the pinball loss, 2·|(y − f)·(1[y ≤ f] − q)|, mean over the nine levels:
    const loss = (y: number, quantiles: readonly number[]) =>
      quantiles.reduce((sum, f, k) => {
        const q = (k + 1) / 10;
        return sum + 2 * (y > f ? (y - f) * q : (f - y) * (1 - q));
      }, 0) / 9;
    const first = loss(13, [6, 7, 8, 9, 10, 11, 12, 13, 14]);
    const second = loss(18, [16, 17, 18, 19, 20, 21, 22, 23, 24]);
    expect(first).toBeCloseTo((1.4 + 2.4 + 3 + 3.2 + 3 + 2.4 + 1.4 + 0 + 0.2) / 9, 12);
    const scores = scoresOf(
      makeCase({ history: [4, 6, 9, 7], actual: [13, 18], forecast: fan([10, 20], 1) }),
    );
    expect(scores.wql).toBeCloseTo((first + second) / 31, 12);
    expect(scores.wape).toBeCloseTo((3 + 2) / 31, 12);
    // In-sample changes |6−4|, |9−6|, |7−9|: mean 7/3.
    expect(scores.mase).toBeCloseTo((3 + 2) / 2 / (7 / 3), 12);
    expect(scores.bias).toBeCloseTo((10 - 13 + 20 - 18) / 31, 12);
    expect(scores.coverage80).toBe(1);
  });

  it('scale MASE by the changes over a season, and add series up period by period', () => {
    const seasonal = makeCase({
      history: [1, 5, 3, 7],
      seasonLength: 2,
      actual: [6],
      forecast: fan([2], 0),
    }); // |3−1|, |7−5|: 2; error 4
    const other = makeCase({ history: [0, 1, 0], actual: [0, 0], forecast: fan([1, 1], 0) }); // scale 1; errors 1, 1
    expect(scoresOf(seasonal).mase).toBe(2);
    const both = addRecords([...scoreSteps(seasonal), ...scoreSteps(other)]);
    expect(toScores(both).mase).toBeCloseTo((2 + 1 + 1) / 3, 12);
    expect(toScores(both).wape).toBeCloseTo((4 + 1 + 1) / 6, 12);
  });

  it('leave periods without a known demand out, in the history too', () => {
    const gap = makeCase({
      history: [4, 0, 6, 9],
      inStock: [true, false, true, true],
      actual: [Number.NaN, 18],
      forecast: fan([999, 20], 1),
    });
    const { periods, units } = addRecords(scoreSteps(gap));
    expect({ periods, units }).toEqual({ periods: 1, units: 18 });
    expect(scoresOf(gap).wape).toBeCloseTo(2 / 18, 12);
    expect(scoresOf(gap).mase).toBeCloseTo(2 / 3, 12); // the only pair without a gap: |9 − 6|
  });

  it('are null where nothing was sold or no history varies', () => {
    const idle = makeCase({ history: [0, 0, 0], actual: [0, 0], forecast: fan([0, 0], 0) });
    expect(scoresOf(idle)).toEqual({ wql: null, wape: null, mase: null, bias: null, coverage80: 1 });
    expect(beatsBaseline(emptyRecord)).toBeNull();
  });

  it('beat the baseline by a smaller quantile loss only, a tie does not', () => {
    const close = fan([10], 1);
    const far = fan([20], 1);
    const record = (forecast: QuantileForecast, baseline: QuantileForecast) =>
      addRecords(scoreSteps(makeCase({ history: [1, 2], actual: [10], forecast, baseline })));
    expect(beatsBaseline(record(close, far))).toBe(true);
    expect(beatsBaseline(record(far, close))).toBe(false);
    expect(beatsBaseline(record(close, close))).toBe(false);
    expect(toBaselineScores(record(close, far))).toEqual(toScores(record(far, close)));
  });

  it('do not change with the unit of demand', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(2, 16, 1_024),
        (history, actual, factor) => {
          const scaled = (by: number) =>
            scoresOf(
              makeCase({
                history: history.map((units) => units * by),
                actual: actual.map((units) => units * by),
                forecast: fan(
                  actual.map((units) => (units + 3) * by),
                  by,
                ),
              }),
            );
          expect(scaled(factor)).toEqual(scaled(1));
        },
      ),
    );
  });
});

describe('the calibration', () => {
  it('counts what stayed at or below and what stayed below each quantile', () => {
    const cases = [3, 10, 12, Number.NaN].map((units) => ({
      actual: Float64Array.of(units),
      forecast: fan([10], 1),
    }));
    const { periods, atOrBelow, below } = calibrate(cases);
    expect(periods).toBe(3);
    expect(atOrBelow).toEqual([1, 1, 1, 1, 2, 2, 3, 3, 3]); // quantiles 6 … 14
    expect(below).toEqual([1, 1, 1, 1, 1, 2, 2, 3, 3]);
  });
});
