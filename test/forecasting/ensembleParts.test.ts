import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeLevels, combineForecasts, snapToZero, unionLevels } from '../../src/forecasting/combine.ts';
import {
  expectScale,
  fitIntervalScale,
  scaleIntervals,
  shareWidths,
} from '../../src/forecasting/conformal.ts';
import { classifyDemand, DEMAND_KINDS, priorWeights } from '../../src/forecasting/ensemblePrior.ts';
import {
  fitGroupWeights,
  fitSeriesWeights,
  type ScoredWindow,
} from '../../src/forecasting/ensembleWeights.ts';
import { finishEnsemble } from '../../src/forecasting/finishEnsemble.ts';
import { cutHistory, prepareHistory, usableValues } from '../../src/forecasting/history.ts';
import { type QuantileForecast, STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { findSeasonLength } from '../../src/forecasting/seasonLength.ts';
import { planRows, planWindows } from '../../src/forecasting/validationWindows.ts';
import { normalQuantile } from '../../src/maths/normal.ts';
import { drawNormal, makeRandom } from '../../src/maths/random.ts';

function normalForecast(mean: number, deviation: number, horizon = 6): QuantileForecast {
  const row = STANDARD_LEVELS.map((level) => mean + deviation * normalQuantile(level));
  const quantiles = new Array<number[]>(horizon).fill(row).flat();
  return {
    horizon,
    levels: STANDARD_LEVELS,
    quantiles: Float64Array.from(quantiles),
    mean: new Float64Array(horizon).fill(mean),
  };
}

function windows(count: number, forecasts: readonly QuantileForecast[]): ScoredWindow[] {
  const random = makeRandom(3);
  return Array.from({ length: count }, () => ({
    actual: Float64Array.from({ length: 6 }, () => 10 + 2 * drawNormal(random)),
    forecasts,
    scale: 10,
  }));
}

describe('histories', () => {
  it('lose stock-outs, unless there was never stock', () => {
    const values = Float64Array.of(3, 0, 5);
    expect([...usableValues({ values, inStock: [true, false, true], seasonLength: 1 })]).toEqual([
      3,
      Number.NaN,
      5,
    ]);
    expect([...usableValues({ values, inStock: [false, false, false], seasonLength: 1 })]).toEqual([3, 0, 5]);
  });

  it('start at the first observation and have their gaps filled', () => {
    const values = Float64Array.of(Number.NaN, 2, Number.NaN, 6, Number.NaN);
    const history = prepareHistory({ values, seasonLength: 1 });
    expect([...history.values]).toEqual([2, 4, 6, 6]);
    expect([...history.observed]).toEqual([1, 0, 1, 0]);
    expect(history).toMatchObject({ count: 2, zeroShare: 0, nonNegative: true, isWhole: true });
  });

  it('are cut with their flags, and covariates keep the horizon', () => {
    const series = {
      values: Float64Array.of(1, 2, 3, 4),
      inStock: [true, true, false, true],
      seasonLength: 1,
      covariates: [{ name: 'promotion', values: Float64Array.of(0, 0, 1, 0, 1, 1) }],
    };
    const cut = cutHistory(series, 2, 2);
    expect([...cut.values]).toEqual([1, 2]);
    expect(cut.inStock).toEqual([true, true]);
    expect([...(cut.covariates?.[0]?.values ?? [])]).toEqual([0, 0, 1, 0]);
  });

  it('have the season of their frequency, weeks only from two years on', () => {
    expect(findSeasonLength('DAILY', 3)).toBe(7);
    expect(findSeasonLength('WEEKLY', 103)).toBe(1);
    expect(findSeasonLength('WEEKLY', 104)).toBe(52);
  });
});

describe('validation windows', () => {
  it('are as long as the horizon, do not overlap and leave enough before them', () => {
    expect(planWindows(48, 12, 12)).toEqual([
      { cut: 36, length: 12 },
      { cut: 24, length: 12 },
    ]);
    expect(planWindows(14, 6, 1)).toEqual([
      { cut: 10, length: 4 },
      { cut: 6, length: 4 },
    ]);
    expect(planWindows(5, 6, 1)).toEqual([]);
    expect(planWindows(300, 28, 7)).toEqual([{ cut: 272, length: 28 }]);
  });

  it('follow the series as they are, all in one list of rows', () => {
    const values = Float64Array.of(Number.NaN, ...Array.from({ length: 20 }, (_, t) => t));
    const rows = planRows(
      [
        { values, seasonLength: 1 },
        { values: Float64Array.of(1), seasonLength: 1 },
      ],
      5,
    );
    expect(rows.map((row) => [row.owner, row.history.values.length])).toEqual([
      [0, 21],
      [1, 1],
      [0, 16],
      [0, 11],
    ]);
  });
});

describe('combining forecasts', () => {
  it('averages quantiles, not probabilities', () => {
    const mixed = combineForecasts([normalForecast(10, 1), normalForecast(20, 3)], Float64Array.of(0.5, 0.5));
    expect(mixed.quantiles[0]).toBeCloseTo(15 + 2 * normalQuantile(0.1), 9);
    expect(mixed.mean[0]).toBe(15);
  });

  it('must be given something', () => {
    expect(() => combineForecasts([], new Float64Array(0))).toThrow(
      'At least one forecast must be given, got none.',
    );
  });

  it('goes to any levels and back', () => {
    const wide = changeLevels(normalForecast(10, 2), unionLevels([0.02, 0.5, 0.98]), 3);
    expect(wide.levels).toHaveLength(11);
    expect(wide.horizon).toBe(3);
    expect(wide.quantiles[10]).toBeCloseTo(10 + 2 * normalQuantile(0.98), 6);
    expect([...changeLevels(wide, [0.9]).quantiles][2]).toBeCloseTo(10 + 2 * normalQuantile(0.9), 9);
  });

  it('sets fractions of the first unit to none', () => {
    const forecast = {
      horizon: 1,
      levels: [0.1, 0.5, 0.9],
      quantiles: Float64Array.of(0.1, 0.3, 2),
      mean: Float64Array.of(1),
    };
    expect([...snapToZero(forecast, 0.3).quantiles]).toEqual([0, 0.3, 2]);
  });
});

describe('weights', () => {
  const good = normalForecast(10, 2);
  const bad = normalForecast(30, 2);
  const prior = Float64Array.of(0.5, 0.5);

  it('stay at the prior without windows', () => {
    expect([...fitGroupWeights([], prior, 100)]).toEqual([0.5, 0.5]);
    expect([...fitSeriesWeights([], prior)]).toEqual([0.5, 0.5]);
  });

  it('of a group go to the member that is right, the more windows the more', () => {
    const [few = 0] = fitGroupWeights(windows(5, [good, bad]), prior, 100);
    const [many = 0] = fitGroupWeights(windows(300, [good, bad]), prior, 100);
    expect(few).toBeGreaterThan(0.5);
    expect(many).toBeGreaterThan(0.9);
    expect(many).toBeGreaterThan(few);
  });

  it('of a series lean to the member with the smaller loss and stay on the simplex', () => {
    const weights = fitSeriesWeights(windows(2, [good, bad]), prior);
    expect(weights[0]).toBeGreaterThan(0.6);
    expect((weights[0] ?? 0) + (weights[1] ?? 0)).toBeCloseTo(1, 12);
  });

  it('never revive a member that the prior shuts out', () => {
    const shut = Float64Array.of(0, 1);
    expect(fitGroupWeights(windows(50, [good, bad]), shut, 100)[0]).toBe(0);
    expect(fitSeriesWeights(windows(50, [good, bad]), shut)[0]).toBe(0);
  });

  it('before any evidence sum to 1 for every kind of series', () => {
    for (const kind of DEMAND_KINDS) {
      const weights = priorWeights(kind, ['seasonalNaive', 'theta', 'tsbNegativeBinomial', 'network']);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
  });

  it('depend on zeros and jumps', () => {
    const kind = (values: number[], m = 1) =>
      classifyDemand(prepareHistory({ values: Float64Array.from(values), seasonLength: m }), m);
    expect(kind([0, 0, 3, 0, 1, 0])).toBe('intermittent');
    expect(kind([1, 9, 2, 14, 1, 7, 3, 12])).toBe('erratic');
    expect(kind([10, 11, 12, 13, 14])).toBe('smooth');
    expect(kind([1, 9, 1, 9, 1, 9, 1, 9], 2)).toBe('smooth');
    expect(kind([])).toBe('smooth');
  });
});

describe('conformal scaling', () => {
  const expectation = { expected: 1, narrowest: 0.6 };

  it('widens intervals that are half as wide as they should be, by no more than 60 periods can tell', () => {
    const narrow = windows(300, []).map(({ actual }) => ({ actual, forecast: normalForecast(10, 1) }));
    const scale = fitIntervalScale(narrow, expectation);
    // 2^(60/150) = 1.32.
    expect(scale).toBeGreaterThan(1.25);
    expect(scale).toBeLessThan(1.4);
    expect(fitIntervalScale(narrow.slice(0, 5), expectation)).toBeLessThan(scale);
  });

  it('expects more width the longer a period is, and none of counts', () => {
    expect([1, 4, 12].map((m) => expectScale('smooth', m).expected)).toEqual([1.2, 1.1, 1]);
    expect(expectScale('intermittent', 1)).toEqual({ expected: 1, narrowest: 1 });
  });

  it('expects what it was told without evidence, and never narrows below the limit', () => {
    expect(fitIntervalScale([], { expected: 1.1, narrowest: 1 })).toBe(1.1);
    const wide = windows(300, []).map(({ actual }) => ({ actual, forecast: normalForecast(10, 40) }));
    expect(fitIntervalScale(wide, { expected: 1, narrowest: 1 })).toBe(1);
  });

  it('draws the widths of many series a tenth of the way to what is usual, by half again at most', () => {
    const sized = [1, 1, 1, 1, 1, 1, 1, 1, 1, 4].map((width) => ({
      answer: normalForecast(10, width),
      scale: 10,
    }));
    const factors = shareWidths([...sized, { answer: normalForecast(10, 0), scale: 10 }]);
    expect(factors[0]).toBeCloseTo(1, 12);
    expect(factors[9]).toBeCloseTo(4 ** -0.1, 12);
    expect(factors[10]).toBe(1);
    expect([...shareWidths(sized.slice(0, 9))]).toEqual(new Array<number>(9).fill(1));
    // A size ten times as large makes the same width a tenth of it.
    expect(shareWidths([...sized, { answer: normalForecast(10, 10), scale: 100 }])[10]).toBeCloseTo(1, 12);
    expect(shareWidths([...sized, { answer: normalForecast(10, 1e-6), scale: 10 }])[10]).toBe(1.5);
  });

  it('leaves the median where it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3, noNaN: true }), (factor) => {
        const scaled = scaleIntervals(normalForecast(10, 2), factor);
        expect(scaled.quantiles[4]).toBeCloseTo(10, 9);
        expect((scaled.quantiles[8] ?? 0) - 10).toBeCloseTo(factor * 2 * normalQuantile(0.9), 9);
      }),
    );
  });
});

describe('intervals without width', () => {
  it('are widened to the limit where they are missed, never to NaN', () => {
    const forecast = {
      horizon: 3,
      levels: [0.1, 0.5, 0.9],
      quantiles: new Float64Array([1, 1, 1, 1, 1, 1, 1, 1, 1]),
      mean: new Float64Array([1, 1, 1]),
    };
    const scale = fitIntervalScale([{ actual: new Float64Array([1, 3, 0]), forecast }], {
      expected: 1,
      narrowest: 1,
    });
    expect(scale).toBeGreaterThan(1);
    expect(scale).toBeLessThan(2.5);
  });
});

describe('series that are asked for alone', () => {
  it('get the answer they get in any company when nothing is pooled', () => {
    const history = (phase: number) => ({
      values: Float64Array.from({ length: 120 }, (_, t) =>
        Math.max(0, Math.round(6 + 5 * Math.sin(t + phase)) - phase),
      ),
      seasonLength: 7,
    });
    const request = { horizon: 14, levels: [0.1, 0.5, 0.9], isPooled: false, network: null };
    const together = finishEnsemble({ ...request, series: [history(0), history(1), history(2)] });
    const [alone] = finishEnsemble({ ...request, series: [history(1)] });
    expect(together[1]).toEqual(alone);
  });
});
