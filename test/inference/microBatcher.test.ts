import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchPart, MicroBatcher, type MicroBatcherOptions } from '../../src/inference/microBatcher.ts';
import type { Tensors } from '../../src/inference/tensor.ts';

/** Doubles `x` [rows, 2] and keeps the rows of every batch it was given. */
function makeDoubler(options: Partial<MicroBatcherOptions> = {}) {
  const batches: number[][] = [];
  const batcher = new MicroBatcher({
    maxBatchRows: 4,
    maxWaitMs: 1,
    hasIdleThread: () => true,
    async run(feeds, rows) {
      const numbers = numbersOf(feeds, 'x');
      batches.push(numbers.filter((_, index) => index % 2 === 0));
      const data = Float32Array.from(numbers, (value) => 2 * value);
      await Promise.resolve();
      return { outputs: { y: { data, dims: [rows, 2] } }, durationMs: 3 };
    },
    ...options,
  });
  return { batcher, batches };
}

/** `count` rows `[from, 0.5], [from + 1, 0.5], …`. */
function makeRows(from: number, count: number): Tensors {
  const data = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? from + i / 2 : 0.5));
  return { x: { data, dims: [count, 2] } };
}

function numbersOf(tensors: Tensors, name: string): number[] {
  return Array.from(tensors[name]?.data ?? [], Number);
}

describe('MicroBatcher', () => {
  it('runs concurrent callers together and hands each its own rows', async () => {
    const { batcher, batches } = makeDoubler();
    const answers = await Promise.all([
      batcher.submit(makeRows(0, 1), 1),
      batcher.submit(makeRows(1, 2), 2),
      batcher.submit(makeRows(3, 1), 1),
    ]);
    expect(batches).toEqual([[0, 1, 2, 3]]);
    expect(answers.map((answer) => numbersOf(answer, 'y'))).toEqual([
      [0, 1],
      [2, 1, 4, 1],
      [6, 1],
    ]);
    expect(answers[1]?.y?.dims).toEqual([2, 2]);
  });

  it('keeps a caller that fits into one batch whole', async () => {
    const { batcher, batches } = makeDoubler();
    await Promise.all([batcher.submit(makeRows(0, 3), 3), batcher.submit(makeRows(3, 2), 2)]);
    expect(batches).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('cuts a large caller into runs of nearly equal size and tells it of each', async () => {
    const { batcher, batches } = makeDoubler();
    const parts: BatchPart[] = [];
    const answer = await batcher.submit(makeRows(0, 5), 5, { onRun: (part) => parts.push(part) });
    expect(batches).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(numbersOf(answer, 'y')).toEqual([0, 1, 2, 1, 4, 1, 6, 1, 8, 1]);
    expect(parts).toEqual([
      { rows: 3, batchRows: 3, durationMs: 3 },
      { rows: 2, batchRows: 2, durationMs: 3 },
    ]);
  });

  it('runs an urgent caller at once when a thread is idle, and with the others when none is', async () => {
    let idle = true;
    const { batcher, batches } = makeDoubler({ maxWaitMs: 20, hasIdleThread: () => idle });
    const first = batcher.submit(makeRows(0, 1), 1, { urgent: true });
    idle = false;
    const others = [batcher.submit(makeRows(1, 1), 1, { urgent: true }), batcher.submit(makeRows(2, 1), 1)];
    expect(batches).toEqual([[0]]);
    await Promise.all([first, ...others]);
    expect(batches).toEqual([[0], [1, 2]]);
  });

  it('never puts rows of different shapes into one batch', async () => {
    const { batcher, batches } = makeDoubler();
    const wide: Tensors = { x: { data: new Float32Array(4).fill(9), dims: [1, 4] } };
    await Promise.allSettled([batcher.submit(makeRows(0, 1), 1), batcher.submit(wide, 1)]);
    expect(batches).toEqual([[0], [9, 9]]);
  });

  it('gives a batch the longest deadline of its callers, and none when one has none', async () => {
    const deadlines: (number | undefined)[] = [];
    const { batcher } = makeDoubler({
      async run(_, rows, deadlineMs) {
        deadlines.push(deadlineMs);
        return { outputs: { y: { data: new Float32Array(rows), dims: [rows] } }, durationMs: 0 };
      },
    });
    await Promise.all(
      [10_000, 50_000].map((deadlineMs) => batcher.submit(makeRows(0, 1), 1, { deadlineMs })),
    );
    await Promise.all(
      [10_000, undefined].map((deadlineMs) => batcher.submit(makeRows(0, 1), 1, { deadlineMs })),
    );
    expect(deadlines[0]).toBeGreaterThan(40_000);
    expect(deadlines[0]).toBeLessThanOrEqual(50_000);
    expect(deadlines[1]).toBeUndefined();
  });

  it('fails only the callers of a run that fails', async () => {
    const { batcher } = makeDoubler({
      async run(feeds, rows) {
        if (numbersOf(feeds, 'x')[0] === 0) throw new Error('broken');
        return { outputs: { y: { data: new Float32Array(rows), dims: [rows] } }, durationMs: 0 };
      },
    });
    const calls = [makeRows(0, 1), makeRows(1, 3), makeRows(4, 4)];
    const outcomes = await Promise.allSettled(
      calls.map((feeds) => batcher.submit(feeds, feeds.x?.dims[0] ?? 0)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('fails only the caller whose callback throws', async () => {
    const { batcher } = makeDoubler();
    const onRun = () => {
      throw new Error('callback');
    };
    const outcomes = await Promise.allSettled([
      batcher.submit(makeRows(0, 1), 1, { onRun }),
      batcher.submit(makeRows(1, 1), 1),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('refuses outputs that have another number of rows than the batch', async () => {
    const { batcher } = makeDoubler({
      run: async () => ({ outputs: { y: { data: new Float32Array(1), dims: [1] } }, durationMs: 0 }),
    });
    await expect(batcher.submit(makeRows(0, 2), 2)).rejects.toThrow(
      "Output 'y' must have 2 rows, one for each input row, got 1.",
    );
  });

  it('answers every row exactly once, in order, in batches within the limit, whatever the callers', async () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean()), { maxLength: 12 });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 7 }),
      sizes,
      async (maxBatchRows, callers) => {
        const { batcher, batches } = makeDoubler({ maxBatchRows });
        let from = 0;
        const expected: number[][] = [];
        const calls = callers.map(([rows, urgent]) => {
          const feeds = makeRows(from, rows);
          expected.push(numbersOf(feeds, 'x').map((value) => 2 * value));
          from += rows;
          return batcher.submit(feeds, rows, { urgent });
        });
        const answers = await Promise.all(calls);
        expect(answers.map((answer) => numbersOf(answer, 'y'))).toEqual(expected);
        expect(batches.flat()).toEqual(Array.from({ length: from }, (_, row) => row));
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(maxBatchRows);
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });
});
