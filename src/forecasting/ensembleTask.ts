import type { Transferable } from 'node:worker_threads';
import { type EnsembleEngines, neutralHistories } from './ensemble.ts';
import {
  answerBuffers,
  batchBuffers,
  type PackedAnswer,
  type PackedBatch,
  packAnswer,
  packBatch,
  unpackAnswer,
  unpackBatch,
} from './ensemblePacking.ts';
import { finishEnsemble } from './finishEnsemble.ts';
import { type PackedSeries, packSeries, seriesBuffers, unpackSeries } from './seriesPacking.ts';

/** What a forecasting thread is asked. */
export type EnsembleTask =
  | { readonly kind: 'finish'; readonly batch: PackedBatch }
  | { readonly kind: 'neutralise'; readonly series: PackedSeries; readonly windowLength: number | undefined };

/** What it answers; 'neutralise' with one history per row of `planRows`. */
export type EnsembleAnswer =
  | { readonly kind: 'finish'; readonly answer: PackedAnswer }
  | { readonly kind: 'neutralise'; readonly rows: PackedSeries };

/** As much of a worker pool as is needed here. */
export interface EnsemblePool {
  run(
    request: EnsembleTask,
    options: { readonly transfer: readonly Transferable[]; readonly deadlineMs?: number },
  ): Promise<EnsembleAnswer>;
}

/**
 * The ensemble's engines on a worker pool whose script is `ensembleWorker.ts`. They reject with what the pool
 * rejects with (queue full, deadline).
 */
export function makePooledEngines(
  pool: EnsemblePool,
  deadlineMs?: number,
): Required<Pick<EnsembleEngines, 'finish' | 'neutralise'>> {
  const ask = async (task: EnsembleTask, transfer: readonly ArrayBuffer[]) =>
    pool.run(task, { transfer, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  return {
    async finish(batch) {
      const packed = packBatch(batch);
      const answer = await ask({ kind: 'finish', batch: packed }, batchBuffers(packed));
      return answer.kind === 'finish' ? unpackAnswer(answer.answer) : [];
    },
    async neutralise({ series, horizon, windowLength }) {
      const packed = packSeries(series, horizon);
      const answer = await ask({ kind: 'neutralise', series: packed, windowLength }, seriesBuffers(packed));
      return answer.kind === 'neutralise' ? unpackSeries(answer.rows) : [];
    },
  };
}

/** The worker's whole work: unpack, calculate, pack. */
export function answerEnsembleTask(task: EnsembleTask): {
  readonly response: EnsembleAnswer;
  readonly transfer: readonly ArrayBuffer[];
} {
  if (task.kind === 'finish') {
    const batch = unpackBatch(task.batch);
    const answer = packAnswer(finishEnsemble(batch), batch.horizon, batch.levels);
    return { response: { kind: 'finish', answer }, transfer: answerBuffers(answer) };
  }
  const { series, windowLength } = task;
  const { horizon } = series;
  const rows = packSeries(neutralHistories({ series: unpackSeries(series), horizon, windowLength }), horizon);
  return { response: { kind: 'neutralise', rows }, transfer: seriesBuffers(rows) };
}
