import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inference, makeInference } from '../../src/inference/inferenceRuntime.ts';
import { numbersOf, type TriageGolden } from '../../src/inference/triageGolden.ts';
import { makeTriageModel, type TriageModel } from '../../src/inference/triageModel.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { hasTriageModel } from '../support/triageModel.ts';

// Training writes the file in this form; a difference fails the cases below.
const golden: TriageGolden = hasTriageModel
  ? (JSON.parse(readFileSync(projectFile('models', 'triage', 'golden.json'), 'utf8')) as TriageGolden)
  : { tolerance: 0, cases: [] };

describe.skipIf(!hasTriageModel)('the triage model as shipped (needs models/triage)', () => {
  let inference: Inference;
  let model: TriageModel | undefined;

  beforeAll(async () => {
    const modelsFolder = projectFile('models');
    inference = await makeInference({ modelsFolder, threads: 1, queueLimit: 64, deadlineMs: 60_000 });
    model = await makeTriageModel(inference, modelsFolder);
  });
  afterAll(() => inference.close());

  it('comes with cases', () => {
    expect(golden.cases.length).toBeGreaterThanOrEqual(10);
  });

  it('cuts every case into the ids of training', async () => {
    const prepared = await model?.prepare(golden.cases.map(({ text }) => text));
    expect(prepared?.map(({ clean }) => clean)).toEqual(golden.cases.map(({ preprocessed }) => preprocessed));
    expect(prepared?.map(({ ids }) => ids)).toEqual(golden.cases.map(({ ids }) => ids));
  });

  it.each(golden.cases)('answers as training did: $text', async ({ text, outputs }) => {
    const prepared = (await model?.prepare([text])) ?? [];
    const [answer] = (await model?.predict(prepared)) ?? [];
    for (const [name, numbers] of Object.entries(outputs)) {
      const got = numbersOf(answer, name);
      expect(got).toHaveLength(numbers.length);
      for (const [place, wanted] of numbers.entries())
        expect(Math.abs((got[place] ?? Number.NaN) - wanted)).toBeLessThanOrEqual(golden.tolerance);
    }
  });

  it('keeps the order of the texts and, where it is sure, the intents that they have alone', async () => {
    const prepared = (await model?.prepare(golden.cases.map(({ text }) => text))) ?? [];
    const answers = (await model?.predict(prepared)) ?? [];
    expect(answers).toHaveLength(golden.cases.length);
    // Rows of one run share the ranges of their 8-bit activations, so their numbers move a little.
    const sure = golden.cases.filter(({ outputs }) => Math.max(...(outputs.intent ?? [])) > 0.8);
    expect(sure.length).toBeGreaterThan(2);
    for (const one of sure) {
      const intent = numbersOf(answers[golden.cases.indexOf(one)], 'intent');
      const wanted = one.outputs.intent ?? [];
      expect(intent.indexOf(Math.max(...intent))).toBe(wanted.indexOf(Math.max(...wanted)));
    }
  });
});
