import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemandNetwork, makeDemandNetwork } from '../../src/inference/demandNetwork.ts';
import { type Inference, makeInference } from '../../src/inference/inferenceRuntime.ts';
import { projectFile } from '../../src/projectRoot.ts';

/** Cases that training wrote beside the model; rows are without padding. */
type Golden = {
  readonly tolerance: number;
  readonly cases: readonly GoldenCase[];
};
type GoldenCase = {
  readonly name: string;
  readonly inputs: {
    /** `[n]`, 0 where the mask is 0. */
    readonly values: readonly number[];
    readonly mask: readonly number[];
    readonly period: number;
    /** `[n + 64, 4]`. */
    readonly covariates?: readonly (readonly number[])[];
  };
  readonly outputs: {
    readonly quantiles: readonly (readonly number[])[];
    readonly zeroProbability: readonly number[];
    readonly undisturbed: readonly number[];
  };
};

const path = projectFile('models', 'demand', 'golden.json');
// Training writes the file in this form; a difference fails the cases below.
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

describe('the demand network as shipped', () => {
  let inference: Inference;
  let network: DemandNetwork | undefined;

  beforeAll(async () => {
    const modelsFolder = projectFile('models');
    inference = await makeInference({ modelsFolder, threads: 1, queueLimit: 64, deadlineMs: 20_000 });
    network = makeDemandNetwork(inference);
  });
  afterAll(() => inference.close());

  it('comes with at least three cases, to be met within 1e-4', () => {
    expect(golden.cases.length).toBeGreaterThanOrEqual(3);
    expect(golden.tolerance).toBeLessThanOrEqual(1e-4);
  });

  it.each(golden.cases)('answers as PyTorch did: $name', async ({ inputs, outputs }) => {
    const answers = await network?.predict([seriesOf(inputs)], outputs.quantiles.length);
    const answer = answers?.[0];
    const least = inputs.values.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0;
    expectClose(answer?.quantiles, outputs.quantiles.flat(), least);
    expectClose(answer?.zeroProbability, outputs.zeroProbability, 0, 1);
    expectClose(answer?.undisturbed, outputs.undisturbed, least);
  });

  it('answers all cases in one run as it does one by one, however many and in whatever order they come', async () => {
    const cases = Array.from({ length: 12 }, (_, turn) => [
      ...golden.cases.slice(turn % golden.cases.length),
      ...golden.cases.slice(0, turn % golden.cases.length),
    ]).flat();
    const series = cases.map(({ inputs }) => seriesOf(inputs));
    const runs: number[] = [];
    const answers = await network?.predict(series, 64, { onRun: ({ rows }) => runs.push(rows) });
    expect(runs).toEqual([cases.length]);
    cases.forEach(({ inputs, outputs }, index) => {
      const least = inputs.values.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0;
      expectClose(answers?.[index]?.quantiles, outputs.quantiles.flat(), least);
      expectClose(answers?.[index]?.undisturbed, outputs.undisturbed, least);
    });
  });
});

function seriesOf({ values, mask, period, covariates }: GoldenCase['inputs']) {
  return {
    values: values.map((value, t) => (mask[t] === 1 ? value : Number.NaN)),
    period,
    covariates: covariates === undefined ? undefined : Float32Array.from(covariates.flat()),
  };
}

/** An output smaller than this everywhere counts as this large: `SMALLEST_SCALE` of training's golden.py. */
const smallestScale = 0.01;

/** Differences are relative to the output's largest number, those of probabilities to 1, as where the tolerance was set. */
function expectClose(
  actual: Float64Array | undefined,
  raw: readonly number[],
  least: number,
  largest = Math.max(smallestScale, ...raw.map(Math.abs)),
): void {
  expect(actual?.length).toBe(raw.length);
  const worst = Math.max(
    ...raw.map((value, i) => Math.abs(Math.max(value, least) - (actual?.[i] ?? Number.NaN))),
  );
  expect(worst).toBeLessThanOrEqual(golden.tolerance * largest);
}
