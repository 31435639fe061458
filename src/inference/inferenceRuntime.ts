import { DomainError } from '../errors.ts';
import { type PoolStats, WorkerPool } from '../workers/workerPool.ts';
import { workerScript } from '../workers/workerScript.ts';
import { checkFeeds } from './checkFeeds.ts';
import { type BatchPart, MicroBatcher } from './microBatcher.ts';
import type { ModelCard } from './modelCard.ts';
import { type RegisteredModel, readModels } from './modelRegistry.ts';
import type { OnnxRequest, OnnxResponse } from './onnxWorker.ts';
import type { Tensors } from './tensor.ts';

/** How inference is set up. */
export type InferenceOptions = {
  /** Inference threads, ≥ 1; each holds every model. */
  readonly threads: number;
  /** Batches that may wait for a thread, ≥ 1. */
  readonly queueLimit: number;
  /** Default deadline of a run, milliseconds from the call. */
  readonly deadlineMs: number;
  /** Rows of one run; default 512. */
  readonly maxBatchRows?: number;
  /** How long rows wait for rows of other callers; default 2. */
  readonly maxWaitMs?: number;
  /** Called once after every run, whoever caused it; for histograms. */
  readonly observe?: (run: ModelRun) => void;
};

/** One model run. */
export type ModelRun = {
  readonly model: string;
  readonly version: string;
  /** Rows in it: for `RunOptions.onRun` the caller's own, for `InferenceOptions.observe` all. */
  readonly rows: number;
  /** All rows in it, those of other callers included. */
  readonly batchRows: number;
  /** Milliseconds inside the model, waiting not included. */
  readonly durationMs: number;
};

/** How one call runs. */
export type RunOptions = {
  /** Instead of the default deadline. */
  readonly deadlineMs?: number | undefined;
  /** Do not wait for rows of other callers when a thread is idle. */
  readonly urgent?: boolean | undefined;
  /** Called for every run that answered rows of this call; this is how a request counts its model runs. */
  readonly onRun?: ((run: ModelRun) => void) | undefined;
};

/** Totals of one model since the start. */
export type ModelTotals = {
  readonly model: string;
  readonly version: string;
  readonly runs: number;
  readonly rows: number;
  /** Batches without an answer, for whatever reason: refused, late, crashed, failed. */
  readonly failedRuns: number;
  /** Milliseconds inside the model. */
  readonly durationMs: number;
};

/** Runs the models; the same object serves every request. */
export interface Inference {
  readonly threads: number;
  readonly maxBatchRows: number;
  /** Cards of the models that are loaded, by name. */
  models(): readonly ModelCard[];
  /**
   * Runs `rows` ≥ 1 rows of `model`; every feed is `[rows, …]` as the card says and must not change meanwhile.
   * Resolves to every output `[rows, …]` in the same order.
   *
   * @throws DomainError MODEL_UNAVAILABLE (not loaded, queue full, crashed, failed) or MODEL_TIMEOUT
   */
  run(model: string, feeds: Tensors, rows: number, options?: RunOptions): Promise<Tensors>;
  stats(): { readonly pool: PoolStats; readonly models: readonly ModelTotals[] };
  /** Answers what still runs with MODEL_UNAVAILABLE and resolves when every thread has gone. */
  close(): Promise<void>;
}

type Pool = WorkerPool<OnnxRequest, OnnxResponse>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Entry = {
  readonly card: ModelCard;
  readonly batcher: MicroBatcher;
  readonly totals: Mutable<ModelTotals>;
};

/**
 * Reads the models of a folder with one folder per model, starts the threads and waits until each has made every session.
 * A folder without models is allowed; no thread is started then.
 *
 * @throws DomainError MODEL_UNAVAILABLE that names the model and what differs from its card
 */
export async function makeInference(
  options: InferenceOptions & { readonly modelsFolder: string },
): Promise<Inference> {
  return startInference(options, await readModels(options.modelsFolder));
}

/**
 * Starts threads for models that were read before, and waits until each has made every session.
 *
 * @throws DomainError MODEL_UNAVAILABLE that names the model and what differs from its card
 */
export async function startInference(
  options: InferenceOptions,
  registered: readonly RegisteredModel[],
): Promise<Inference> {
  const { threads, maxBatchRows = 512 } = options;
  const pool = makePool(options, registered);
  if (registered.length > 0) await pool.start();
  const entries = new Map(registered.map(({ card }) => [card.name, makeEntry(card, pool, options)]));
  const cards = registered.map(({ card }) => card);
  return {
    threads,
    maxBatchRows,
    models: () => cards,
    async run(model, feeds, rows, runOptions = {}) {
      const entry = entries.get(model);
      if (entry === undefined) throw notLoaded(model, cards);
      checkFeeds(entry.card, feeds, rows);
      return runEntry(entry, feeds, rows, {
        ...runOptions,
        deadlineMs: runOptions.deadlineMs ?? options.deadlineMs,
      });
    },
    stats: () => ({ pool: pool.stats(), models: [...entries.values()].map(({ totals }) => ({ ...totals })) }),
    close: () => pool.close(),
  };
}

function makePool({ threads, queueLimit }: InferenceOptions, models: readonly RegisteredModel[]): Pool {
  const script = workerScript(import.meta.url, './onnxWorker');
  return new WorkerPool({ name: 'inference', script, threads, queueLimit, workerData: models });
}

function makeEntry(card: ModelCard, pool: Pool, options: InferenceOptions): Entry {
  const { name: model, version } = card;
  const totals = { model, version, runs: 0, rows: 0, failedRuns: 0, durationMs: 0 };
  const batcher = new MicroBatcher({
    maxBatchRows: options.maxBatchRows ?? 512,
    maxWaitMs: options.maxWaitMs ?? 2,
    hasIdleThread: () => pool.hasIdleThread,
    async run(feeds, rows, deadlineMs) {
      try {
        const result = await pool.run({ model, feeds }, deadlineMs === undefined ? {} : { deadlineMs });
        totals.runs += 1;
        totals.rows += rows;
        totals.durationMs += result.durationMs;
        options.observe?.({ model, version, rows, batchRows: rows, durationMs: result.durationMs });
        return result;
      } catch (error) {
        totals.failedRuns += 1;
        throw error instanceof DomainError ? error : runError(model, rows, error);
      }
    },
  });
  return { card, batcher, totals };
}

/** The batch waits for its most patient caller, so each caller's own deadline is kept here. */
function runEntry(
  { card, batcher }: Entry,
  feeds: Tensors,
  rows: number,
  { deadlineMs, urgent, onRun }: RunOptions & { readonly deadlineMs: number },
): Promise<Tensors> {
  const { name: model, version } = card;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timeoutError(model, deadlineMs)), deadlineMs);
    const report = onRun && ((part: BatchPart) => onRun({ model, version, ...part }));
    batcher
      .submit(feeds, rows, { deadlineMs, urgent, onRun: report })
      .finally(() => clearTimeout(timer))
      .then(resolve, (error: unknown) => {
        const isLate = error instanceof DomainError && error.code === 'MODEL_TIMEOUT';
        reject(isLate ? timeoutError(model, deadlineMs, error) : error);
      });
  });
}

function notLoaded(model: string, cards: readonly ModelCard[]): DomainError {
  const loaded = cards.map((card) => card.name).join(', ') || 'none';
  const message = `Model '${model}' must be loaded, got these models: ${loaded}.`;
  return new DomainError('MODEL_UNAVAILABLE', message);
}

function runError(model: string, rows: number, cause: unknown): DomainError {
  const message = `Model '${model}' must answer a batch of ${rows} rows, and it failed.`;
  return new DomainError('MODEL_UNAVAILABLE', message, { cause });
}

function timeoutError(model: string, deadlineMs: number, cause?: unknown): DomainError {
  const message = `Model '${model}' must answer within ${deadlineMs} ms, and it did not.`;
  return new DomainError('MODEL_TIMEOUT', message, { cause });
}
