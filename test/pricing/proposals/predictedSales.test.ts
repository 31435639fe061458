import { describe, expect, it } from 'vitest';
import { drawNegativeBinomial, drawNormal, makeRandom, type Random } from '../../../src/maths/random.ts';
import { predictSales } from '../../../src/pricing/proposals/predictedSales.ts';

/** Demand a period: a level that is doubted, and scatter around it. */
type Demand = {
  readonly mean: number;
  /** Standard deviation of the log level, the same in all periods. */
  readonly doubt: number;
  readonly size: number;
  readonly horizon: number;
};

function drawSales(random: Random, { mean, doubt, size, horizon }: Demand, factor = 1): number[] {
  const level = factor * mean * Math.exp(doubt * drawNormal(random) - doubt ** 2 / 2);
  return Array.from({ length: horizon }, () => drawNegativeBinomial(random, level, size));
}

/** Bounds after each period, from an interval over the horizon that is right. */
function listBounds(random: Random, demand: Demand) {
  const sums = Array.from({ length: 2_000 }, () =>
    drawSales(random, demand).reduce((sum, units) => sum + units, 0),
  ).sort((a, b) => a - b);
  const { mean, horizon } = demand;
  const predicted = { units: mean * horizon, unitsLow: sums[50] ?? 0, unitsHigh: sums[1_949] ?? 0, horizon };
  return Array.from({ length: horizon }, (_, period) => predictSales(predicted, period + 1));
}

/** Share of series whose sales are out of bounds after some period. */
function countAlarms(random: Random, demand: Demand, factor = 1): number {
  const bounds = listBounds(random, demand);
  const series = 2_000;
  let alarms = 0;
  for (let index = 0; index < series; index += 1) {
    let sum = 0;
    const isOut = drawSales(random, demand, factor).some((units, period) => {
      sum += units;
      return sum < (bounds[period]?.low ?? 0) || sum > (bounds[period]?.high ?? 0);
    });
    if (isOut) alarms += 1;
  }
  return alarms / series;
}

describe('predicted sales', () => {
  it('are the expected units of as many periods, between bounds that widen with their square root', () => {
    const horizon = { units: 800, unitsLow: 600, unitsHigh: 1_000, horizon: 16 };
    const [first, fourth] = [predictSales(horizon, 1), predictSales(horizon, 4)];
    expect([first.expectedUnits, fourth.expectedUnits]).toEqual([50, 200]);
    expect(predictSales(horizon, 16).low).toBeLessThan(600);
    expect(predictSales(horizon, 16).high).toBeGreaterThan(1_000);
    expect((fourth.high - fourth.low) / (first.high - first.low)).toBeCloseTo(2, 0);
  });

  it('of goods that hardly sell are counts: none is never too few, and two are not too many', () => {
    const { low, high } = predictSales({ units: 0.4, unitsLow: 0, unitsHigh: 2, horizon: 4 }, 1);
    expect(low).toBe(0);
    expect(high).toBeGreaterThanOrEqual(2);
    expect(predictSales({ units: 0, unitsLow: 0, unitsHigh: 0, horizon: 4 }, 2)).toEqual({
      expectedUnits: 0,
      low: 0,
      high: 2,
    });
  });

  it('of a hundred thousand units are bounded too', () => {
    const { low, high } = predictSales({ units: 4e5, unitsLow: 3.6e5, unitsHigh: 4.4e5, horizon: 4 }, 1);
    expect(low).toBeGreaterThan(5e4);
    expect(low).toBeLessThan(9.5e4);
    expect(high).toBeGreaterThan(1.05e5);
    expect(high).toBeLessThan(1.5e5);
  });
});

describe('false alarms, looking after every period', () => {
  const cases = [0, 0.05, 0.3].flatMap((doubt) =>
    [0.3, 3, 40].flatMap((mean) =>
      [0.7, 5].flatMap((size) => [4, 13, 64].map((horizon): Demand => ({ doubt, mean, size, horizon }))),
    ),
  );
  it('are raised for at most one in twenty series that come as predicted, of every kind of demand', () => {
    const random = makeRandom(11);
    const rates = cases.map((demand) => ({ demand, rate: countAlarms(random, demand) }));
    expect(rates.filter(({ rate }) => rate > 0.05)).toEqual([]);
    // So rarely that it could never fire would be no alarm.
    expect(Math.max(...rates.map(({ rate }) => rate))).toBeGreaterThan(0.01);
  }, 60_000);

  it('are not the price of hearing nothing: demand at a third or twice of what was predicted is heard', () => {
    const random = makeRandom(12);
    const demand: Demand = { mean: 40, doubt: 0.1, size: 5, horizon: 13 };
    expect(countAlarms(random, demand, 1 / 3)).toBeGreaterThan(0.9);
    expect(countAlarms(random, demand, 1 / 2)).toBeGreaterThan(0.5);
    expect(countAlarms(random, demand, 2)).toBeGreaterThan(0.9);
  });
});
