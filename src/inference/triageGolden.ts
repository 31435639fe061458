import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../errors.ts';
import type { TriageModel, TriagePrediction } from './triageModel.ts';

/** Cases that training wrote beside a triage model. */
export type TriageGolden = {
  /** Largest difference of a number. */
  readonly tolerance: number;
  readonly cases: readonly {
    readonly text: string;
    readonly preprocessed: string;
    readonly ids: readonly number[];
    /** Numbers by output of the graph. */
    readonly outputs: Readonly<Record<string, readonly number[]>>;
  }[];
};

/**
 * Reads `golden.json` of a triage model.
 *
 * @throws DomainError MODEL_UNAVAILABLE where there is none, or no case in it
 */
export async function readTriageGolden(folder: string): Promise<TriageGolden> {
  try {
    const golden = JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')) as TriageGolden; // checked below
    if (typeof golden.tolerance === 'number' && golden.cases.length > 0) return golden;
  } catch (cause) {
    throw goldenError('must be a readable file of cases, and it is not', cause);
  }
  throw goldenError('must have a tolerance and at least one case, and it has not');
}

/**
 * Checks that a model answers its golden cases as it did in training: the same ids, and every number within the tolerance.
 * Each case is a run of its own, since the rows of a run share the ranges of their 8-bit activations.
 *
 * @throws DomainError MODEL_UNAVAILABLE that names the first case that differs
 */
export async function checkTriageGolden(model: TriageModel, golden: TriageGolden): Promise<void> {
  for (const { text, ids, outputs } of golden.cases) {
    const [prepared] = await model.prepare([text]);
    const [answer] = prepared === undefined ? [] : await model.predict([prepared]);
    const shown = `'${text.slice(0, 40)}'`;
    if (prepared?.ids.join() !== ids.join())
      throw goldenError(`must have the ids of training for ${shown}, and it has others`);
    for (const [name, wanted] of Object.entries(outputs)) {
      const got = numbersOf(answer, name);
      const difference = Math.max(...wanted.map((number, at) => Math.abs(number - (got[at] ?? Number.NaN))));
      if (got.length === wanted.length && difference <= golden.tolerance) continue;
      const found = got.length === wanted.length ? difference.toFixed(4) : `${got.length} numbers`;
      throw goldenError(
        `must be answered within ${golden.tolerance} of training: '${name}' of ${shown} differs, got ${found}`,
      );
    }
  }
}

/** The numbers of a prediction under the name that the graph gives them. */
export function numbersOf(answer: TriagePrediction | undefined, output: string): readonly number[] {
  const { inScope = Number.NaN, complaint = Number.NaN, ...vectors } = answer ?? {};
  if (output === 'in_scope') return [inScope];
  if (output === 'complaint') return [complaint];
  return [...(new Map<string, Float32Array>(Object.entries(vectors)).get(output) ?? [])];
}

function goldenError(rule: string, cause?: unknown): DomainError {
  return new DomainError('MODEL_UNAVAILABLE', `Model 'triage': golden.json ${rule}.`, { cause });
}
