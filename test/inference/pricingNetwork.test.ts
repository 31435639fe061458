import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inference, makeInference } from '../../src/inference/inferenceRuntime.ts';
import { makePricingNetwork, type PricingNetwork } from '../../src/inference/pricingNetwork.ts';
import { FEATURE_COUNT } from '../../src/pricing/response/evidenceFeatures.ts';
import { projectFile } from '../../src/projectRoot.ts';

/** Cases that training wrote beside the model; prices of a row are those of the file, answers those at `places`. */
type Golden = {
  readonly tolerance: number;
  readonly cases: readonly {
    readonly name: string;
    readonly inputs: { readonly features: readonly number[]; readonly logPriceRatios: readonly number[] };
    readonly outputs: {
      readonly places: readonly number[];
      readonly elasticities: readonly (readonly number[])[];
      readonly promotionLift: readonly number[];
      readonly level: readonly number[];
    };
  }[];
};

// Training writes the file in this form; a difference fails the cases below.
const golden = JSON.parse(readFileSync(projectFile('models', 'pricing', 'golden.json'), 'utf8')) as Golden;
const queryOf = ({ inputs }: Golden['cases'][number]) => ({
  features: Float32Array.from(inputs.features),
  // The handle puts the current price before the candidates.
  logPriceRatios: Float64Array.from(inputs.logPriceRatios.slice(1)),
});

describe('the pricing network as shipped', () => {
  let inference: Inference;
  let network: PricingNetwork | undefined;

  beforeAll(async () => {
    const modelsFolder = projectFile('models');
    inference = await makeInference({ modelsFolder, threads: 1, queueLimit: 64, deadlineMs: 20_000 });
    network = makePricingNetwork(inference);
  });
  afterAll(() => inference.close());

  it('reads as many numbers as serving lays out', () => {
    expect(network?.card.raw.featureCount).toBe(FEATURE_COUNT);
  });

  it.each(golden.cases)('answers as PyTorch did: $name', async (one) => {
    const [answer] = (await network?.predict([queryOf(one)])) ?? [];
    const { places, elasticities, promotionLift, level } = one.outputs;
    const got = places.map((place) => [...(answer?.elasticities.subarray(place * 7, place * 7 + 7) ?? [])]);
    expectClose(got.flat(), elasticities.flat());
    expectClose([...(answer?.promotionLift ?? [])], promotionLift);
    expectClose([...(answer?.level ?? [])], level);
  });

  it('asks once for all prices of all items, and cuts a long list of prices into rows', async () => {
    const [first, second] = golden.cases.map(queryOf);
    if (first === undefined || second === undefined) throw new Error('There must be two golden cases.');
    const many = Float64Array.from({ length: 150 }, (_, i) => (i - 75) / 150);
    const runs: number[] = [];
    const answers = await network?.predict([first, { ...second, logPriceRatios: many }], {
      onRun: ({ rows }) => runs.push(rows),
    });
    expect(runs).toEqual([4]);
    const [last] = (await network?.predict([{ ...second, logPriceRatios: many.slice(-1) }])) ?? [];
    expectClose([...(answers?.[1]?.elasticities.slice(-7) ?? [])], [...(last?.elasticities.slice(-7) ?? [])]);
    expect(await network?.predict([])).toEqual([]);
  });

  it('gives ascending quantiles', async () => {
    const answers = (await network?.predict(golden.cases.map(queryOf))) ?? [];
    for (const { elasticities } of answers)
      for (let from = 0; from < elasticities.length; from += 7) {
        const row = [...elasticities.subarray(from, from + 7)];
        expect(row).toEqual([...row].sort((a, b) => a - b));
      }
  });
});

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const largest = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? Number.NaN))));
  expect(worst).toBeLessThanOrEqual(golden.tolerance * largest);
}
