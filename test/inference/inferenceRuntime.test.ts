import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inference, type ModelRun, makeInference } from '../../src/inference/inferenceRuntime.ts';
import { readModels } from '../../src/inference/modelRegistry.ts';
import type { OnnxResponse } from '../../src/inference/onnxWorker.ts';
import type { Tensors } from '../../src/inference/tensor.ts';
import { WorkerPool } from '../../src/workers/workerPool.ts';
import { workerScript } from '../../src/workers/workerScript.ts';
import type { CrashingRequest } from './fixtures/crashingOnnxWorker.ts';
import { FIXTURE_MODELS } from './support/models.ts';

const settings = { modelsFolder: FIXTURE_MODELS, threads: 1, queueLimit: 4, deadlineMs: 10_000 };
const observed: ModelRun[] = [];
let inference: Inference;

beforeAll(async () => {
  inference = await makeInference({ ...settings, observe: (run) => observed.push(run) });
});
afterAll(() => inference.close());

/** Rows `[from, 0, 0, 1], [from + 1, 0, 0, 1], …` of the toy, which doubles and sums them. */
function makeRows(from: number, count: number): Tensors {
  const data = Float32Array.from(
    { length: 4 * count },
    (_, i) => [from + Math.floor(i / 4), 0, 0, 1][i % 4] ?? 0,
  );
  return { values: { data, dims: [count, 4] } };
}

function totals() {
  return inference.stats().models.find(({ model }) => model === 'toy');
}

describe('makeInference', () => {
  it('gives every output of a real model, of one row and of several', async () => {
    const one = await inference.run('toy', makeRows(5, 1), 1);
    expect(one.doubled).toEqual({ data: Float32Array.of(10, 0, 0, 2), dims: [1, 4] });
    expect(one.total).toEqual({ data: Float32Array.of(6), dims: [1] });
    const three = await inference.run('toy', makeRows(0, 3), 3);
    expect(three.total).toEqual({ data: Float32Array.of(1, 2, 3), dims: [3] });
  });

  it('answers concurrent callers from one model run and tells each of its own rows', async () => {
    const before = totals()?.runs ?? 0;
    observed.length = 0;
    const runs: ModelRun[] = [];
    const answers = await Promise.all(
      [1, 2, 3].map((rows) =>
        inference.run('toy', makeRows(10 * rows, rows), rows, { onRun: (run) => runs.push(run) }),
      ),
    );
    expect(answers.map(({ total }) => Array.from(total?.data ?? [], Number))).toEqual([
      [11],
      [21, 22],
      [31, 32, 33],
    ]);
    expect((totals()?.runs ?? 0) - before).toBe(1);
    expect(runs.map(({ model, version, rows, batchRows }) => ({ model, version, rows, batchRows }))).toEqual(
      [1, 2, 3].map((rows) => ({ model: 'toy', version: '1.0.0', rows, batchRows: 6 })),
    );
    expect(observed).toMatchObject([{ model: 'toy', rows: 6, batchRows: 6 }]);
    expect(runs[0]?.durationMs).toBe(observed[0]?.durationMs);
  });

  it('splits a call beyond the batch size over several runs and puts its rows together again', async () => {
    const before = totals() ?? { runs: 0, rows: 0 };
    const { total } = await inference.run('toy', makeRows(0, 1200), 1200);
    expect(total?.data).toEqual(Float32Array.from({ length: 1200 }, (_, row) => row + 1));
    expect(totals()).toMatchObject({ runs: before.runs + 3, rows: before.rows + 1200 });
  });

  it('names the models it has when it is asked for another', async () => {
    await expect(inference.run('price', makeRows(0, 1), 1)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: "Model 'price' must be loaded, got these models: demand, toy.",
    });
  });

  it.each([
    [{}, 1, "Model 'toy' must be given the inputs values, got none."],
    [makeRows(0, 1), 0, "Model 'toy' must be given a whole number of rows from 1, got 0."],
    [
      makeRows(0, 1),
      2,
      "Input 'values' of model 'toy' must be float32 [2, 4], got 4 elements of Float32Array [1, 4].",
    ],
    [
      { values: { data: new Float64Array(4), dims: [1, 4] } },
      1,
      "Input 'values' of model 'toy' must be float32 [1, 4], got 4 elements of Float64Array [1, 4].",
    ],
    [
      { values: { data: new Float32Array(3), dims: [1, 4] } },
      1,
      "Input 'values' of model 'toy' must be float32 [1, 4], got 3 elements of Float32Array [1, 4].",
    ],
  ] as [Tensors, number, string][])(
    'refuses feeds that are not what the card says (%#)',
    async (feeds, rows, message) => {
      await expect(inference.run('toy', feeds, rows)).rejects.toThrow(message);
    },
  );
});

describe('under load', () => {
  it('answers MODEL_TIMEOUT at the deadline of each caller, though others in the batch wait longer', async () => {
    const slow = await makeInference({ ...settings, maxWaitMs: 60 });
    const patient = slow.run('toy', makeRows(1, 1), 1);
    await expect(slow.run('toy', makeRows(2, 1), 1, { deadlineMs: 15 })).rejects.toMatchObject({
      code: 'MODEL_TIMEOUT',
      message: "Model 'toy' must answer within 15 ms, and it did not.",
    });
    expect((await patient).total?.data).toEqual(Float32Array.of(2));
    await slow.close();
  });

  it('refuses the batches beyond the queue bound and answers the others', async () => {
    const small = await makeInference({ ...settings, queueLimit: 1, maxBatchRows: 1 });
    const outcomes = await Promise.allSettled([0, 1, 2].map((row) => small.run('toy', makeRows(row, 1), 1)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({
      reason: {
        code: 'MODEL_UNAVAILABLE',
        message: 'The inference queue must hold at most 1 waiting requests, and it is full.',
      },
    });
    expect(small.stats()).toMatchObject({ pool: { refused: 1 }, models: [{}, { runs: 2, failedRuns: 1 }] });
    await small.close();
  });

  it('answers from a new thread with new sessions when a thread crashed in the middle of a batch', async () => {
    const script = workerScript(import.meta.url, './fixtures/crashingOnnxWorker');
    const workerData = await readModels(FIXTURE_MODELS);
    const pool = new WorkerPool<CrashingRequest, OnnxResponse>({
      ...settings,
      name: 'inference',
      script,
      workerData,
    });
    await pool.start();
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const answers = await Promise.all([
      pool.run({ model: 'toy', feeds: makeRows(1, 1), counter }),
      pool.run({ model: 'toy', feeds: makeRows(2, 1) }),
    ]);
    expect(answers.map(({ outputs }) => outputs.total?.data)).toEqual([
      Float32Array.of(2),
      Float32Array.of(3),
    ]);
    expect(pool.stats()).toMatchObject({ crashed: 1, answered: 2, failed: 0 });
    await pool.close();
  });

  it('answers MODEL_UNAVAILABLE after it was closed', async () => {
    const closed = await makeInference(settings);
    await closed.close();
    await expect(closed.run('toy', makeRows(0, 1), 1)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: 'The inference pool is closed.',
    });
  });
});
