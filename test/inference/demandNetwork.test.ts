import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMAND_LEVELS, makeDemandFeeds } from '../../src/inference/demandFeeds.ts';
import { type DemandNetwork, makeDemandNetwork } from '../../src/inference/demandNetwork.ts';
import { type Inference, type ModelRun, makeInference } from '../../src/inference/inferenceRuntime.ts';
import { FIXTURE_MODELS } from './support/models.ts';

// The fixture answers quantiles = level × last value + price ratio of the future period,
// zero probability = promotion of the future period, undisturbed = values × mask + stock_out × period.
let inference: Inference;
let network: DemandNetwork;

beforeAll(async () => {
  const settings = { modelsFolder: FIXTURE_MODELS, threads: 1, queueLimit: 4, deadlineMs: 10_000 };
  inference = await makeInference({ ...settings, maxBatchRows: 4 });
  const made = makeDemandNetwork(inference);
  if (made === undefined) throw new Error('The fixture models must have a demand network.');
  network = made;
});
afterAll(() => inference.close());

describe('predict', () => {
  it('answers every series in order, with quantiles by period and level', async () => {
    const [first, second] = await network.predict(
      [
        { values: [1, 10], period: 7 },
        { values: [20], period: 1 },
      ],
      2,
    );
    const levels = DEMAND_LEVELS.map((level) => Math.fround(level));
    expect(first?.levels).toBe(DEMAND_LEVELS);
    expect(Array.from(first?.quantiles ?? [])).toEqual(
      [...levels, ...levels].map((level) => Math.fround(10 * level)),
    );
    expect(second?.quantiles[4]).toBe(10);
    expect(first?.undisturbed).toEqual(Float64Array.of(1, 10));
    expect(first?.zeroProbability).toEqual(Float64Array.of(0, 0));
  });

  it('leaves missing periods and stock-outs out and marks the latter', async () => {
    const values = [3, Number.NaN, 5, 8];
    const [answer] = await network.predict([{ values, inStock: [true, true, false, true], period: 7 }], 1);
    expect(answer?.undisturbed).toEqual(Float64Array.of(3, 0, 7, 8));
  });

  it('hands past and future covariates to their periods', async () => {
    const covariates = Float32Array.from(
      [
        [9, 9, 9, 1],
        [9, 9, 9, 0],
        [0.25, 0.5, 0, 0],
        [0.5, 1, 0, 0],
      ].flat(),
    );
    const [answer] = await network.predict([{ values: [3, 0], period: 7, covariates }], 2);
    expect(answer?.undisturbed).toEqual(Float64Array.of(10, 0));
    expect(answer?.zeroProbability).toEqual(Float64Array.of(0.5, 1));
    expect(answer?.quantiles[0]).toBe(0.25);
    expect(answer?.quantiles[9]).toBe(0.5);
  });

  it('keeps the most recent 512 periods of a longer history, and its covariates', async () => {
    const values = Float64Array.from({ length: 600 }, (_, t) => t);
    const covariates = new Float32Array(4 * 601);
    covariates[4 * 600 + 1] = 1;
    const [answer] = await network.predict([{ values, period: 1, covariates }], 1);
    expect(answer?.undisturbed.length).toBe(600);
    expect(answer?.undisturbed[87]).toBeNaN();
    expect(answer?.undisturbed.subarray(88)).toEqual(values.subarray(88));
    expect(answer?.zeroProbability[0]).toBe(1);
  });

  it('answers nothing below zero unless the history goes below it', async () => {
    const covariates = Float32Array.of(0, 0, 0, 0, -100, 0, 0, 0);
    const answers = await network.predict(
      [5, -5].map((value) => ({ values: [value], period: 1, covariates })),
      1,
    );
    expect(answers[0]?.quantiles[0]).toBe(0);
    expect(answers[1]?.quantiles[0]).toBe(-100.5);
  });

  it('takes an empty history, and no series at all without a run', async () => {
    const [answer] = await network.predict([{ values: [], period: 1 }], 64);
    expect(answer?.quantiles).toEqual(new Float64Array(64 * 9));
    const runs: ModelRun[] = [];
    expect(await network.predict([], 1, { onRun: (run) => runs.push(run) })).toEqual([]);
    expect(runs).toEqual([]);
  });

  it('makes one run of what fits into a batch, and as many as needed of more, in order', async () => {
    const runs: number[] = [];
    const series = Array.from({ length: 10 }, (_, index) => ({ values: [10 * index], period: 1 }));
    const options = { onRun: ({ rows }: ModelRun) => runs.push(rows) };
    await network.predict(series.slice(0, 4), 1, options);
    expect(runs.splice(0)).toEqual([4]);
    const answers = await network.predict(series, 1, options);
    expect(answers.map(({ quantiles }) => quantiles[4])).toEqual(
      series.map(({ values }) => (values[0] ?? 0) / 2),
    );
    expect(runs).toEqual([4, 4, 2]);
  });

  it.each([
    [{ values: [1], period: 7 }, 0, 'Horizon must be a whole number of periods from 1 to 64, got 0.'],
    [{ values: [1], period: 7 }, 65, 'Horizon must be a whole number of periods from 1 to 64, got 65.'],
    [{ values: [1], period: 0 }, 1, 'Period must be a number from 1, the periods in one season, got 0.'],
    [{ values: [1], inStock: [], period: 1 }, 1, 'A series must have one inStock flag per value (1), got 0.'],
    [
      { values: [1], period: 1, covariates: new Float32Array(4) },
      1,
      "A series' covariates must be [n + horizon, 4], 8 numbers, got 4.",
    ],
    [
      { values: [1], period: 1, covariates: new Float32Array(8).fill(Number.NaN) },
      1,
      "A series' covariates must be finite, with 0 for unknown, and they are not.",
    ],
  ])('refuses a series or horizon that breaks its rule (%#)', async (series, horizon, message) => {
    await expect(network.predict([series], horizon)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message,
    });
  });

  it('refuses an answer that is not finite', async () => {
    await expect(network.predict([{ values: [1e39], period: 1 }], 1)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: "Model 'demand': every number in 'quantiles' must be finite, got Infinity.",
    });
  });
});

describe('makeDemandFeeds', () => {
  it('right-aligns the history before 64 future periods and leaves the rest 0', () => {
    const feeds = makeDemandFeeds([{ values: [4, Number.NaN], period: 12 }]);
    expect(feeds.values?.data.subarray(509)).toEqual(Float32Array.of(0, 4, 0));
    expect(feeds.mask?.data.subarray(509)).toEqual(Float32Array.of(0, 1, 0));
    expect(feeds.period).toEqual({ data: Float32Array.of(12), dims: [1] });
    expect(feeds.covariates).toEqual({ data: new Float32Array(576 * 4), dims: [1, 576, 4] });
  });
});

describe('makeDemandNetwork', () => {
  it('is undefined when the models folder has no demand network', () => {
    expect(makeDemandNetwork({ ...inference, models: () => [] })).toBeUndefined();
  });

  it('refuses a card that speaks of another contract', () => {
    const models = () => [{ ...network.card, raw: { ...network.card.raw, horizonLength: 32 } }];
    expect(() => makeDemandNetwork({ ...inference, models })).toThrow(
      "demand/card.json: 'horizonLength' must be 64, got 32.",
    );
  });
});
