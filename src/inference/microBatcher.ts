import { gatherRows, type RowRange, rowSignature, type Tensors } from './tensor.ts';

/** What running one batch yields. */
export type BatchResult = { readonly outputs: Tensors; readonly durationMs: number };

/** One model run, as seen by one caller whose rows took part in it. */
export type BatchPart = {
  /** The caller's own rows in the run. */
  readonly rows: number;
  /** All rows in the run. */
  readonly batchRows: number;
  /** Milliseconds the run took, waiting not included. */
  readonly durationMs: number;
};

/** How a batcher is made. */
export type MicroBatcherOptions = {
  /** Runs `rows` rows; the feeds lie in shared memory. No deadline = as long as it takes. */
  readonly run: (feeds: Tensors, rows: number, deadlineMs: number | undefined) => Promise<BatchResult>;
  /** Rows of one run, ≥ 1. */
  readonly maxBatchRows: number;
  /** How long the first caller of a batch waits for others. */
  readonly maxWaitMs: number;
  /** Whether a run would start at once; asked for urgent callers. */
  readonly hasIdleThread: () => boolean;
};

/** How one caller's rows run. */
export type SubmitOptions = {
  /** A batch may take as long as the longest deadline in it; shorter ones are the caller's to enforce. */
  readonly deadlineMs?: number | undefined;
  /** Run now, with whoever waits already, when a thread is idle. */
  readonly urgent?: boolean | undefined;
  /** Called after every run that answered rows of this caller. */
  readonly onRun?: ((part: BatchPart) => void) | undefined;
};

type Caller = {
  readonly feeds: Tensors;
  readonly options: SubmitOptions;
  readonly deadlineAt: number;
  readonly parts: (RowRange | undefined)[];
  readonly resolve: (outputs: Tensors) => void;
  readonly reject: (error: unknown) => void;
};

type Segment = RowRange & { readonly caller: Caller; readonly part: number };

type Batch = {
  readonly signature: string;
  readonly segments: Segment[];
  rows: number;
  readonly timer: NodeJS.Timeout;
};

/**
 * Collects the rows of concurrent callers into common runs of one model and hands every caller its own rows.
 *
 * A caller with at most `maxBatchRows` rows takes part in exactly one run. A larger one is cut into runs of
 * nearly equal size, which a pool can run beside each other. Only rows of equal shape share a run.
 * A run that fails rejects the callers in it and nobody else.
 */
export class MicroBatcher {
  readonly #options: MicroBatcherOptions;
  #open: Batch | undefined;

  constructor(options: MicroBatcherOptions) {
    this.#options = options;
  }

  /**
   * Runs `rows` ≥ 1 rows; resolves to the outputs of exactly these rows, in order.
   *
   * @param feeds inputs `[rows, …]`; they must not change until the promise settles
   */
  submit(feeds: Tensors, rows: number, options: SubmitOptions = {}): Promise<Tensors> {
    return new Promise((resolve, reject) => {
      const runs = Math.ceil(rows / this.#options.maxBatchRows);
      const size = Math.ceil(rows / runs);
      const deadlineAt = performance.now() + (options.deadlineMs ?? Number.POSITIVE_INFINITY);
      const parts = new Array<RowRange | undefined>(runs).fill(undefined);
      const caller: Caller = { feeds, options, deadlineAt, parts, resolve, reject };
      const signature = rowSignature(feeds);
      for (let part = 0; part < runs; part += 1) {
        const from = part * size;
        this.#add({ tensors: feeds, from, rows: Math.min(size, rows - from), caller, part }, signature);
      }
      if (options.urgent === true && this.#options.hasIdleThread()) this.flush();
    });
  }

  /** Runs what waits now. */
  flush(): void {
    const batch = this.#open;
    if (batch === undefined) return;
    this.#open = undefined;
    clearTimeout(batch.timer);
    void this.#runBatch(batch);
  }

  #add(segment: Segment, signature: string): void {
    const { maxBatchRows, maxWaitMs } = this.#options;
    if (this.#open !== undefined) {
      const fits = this.#open.rows + segment.rows <= maxBatchRows && this.#open.signature === signature;
      if (!fits) this.flush();
    }
    this.#open ??= { signature, segments: [], rows: 0, timer: setTimeout(() => this.flush(), maxWaitMs) };
    this.#open.segments.push(segment);
    this.#open.rows += segment.rows;
    if (this.#open.rows >= maxBatchRows) this.flush();
  }

  async #runBatch({ segments, rows }: Batch): Promise<void> {
    try {
      const feeds = gatherRows(segments, 'shared');
      const latest = Math.max(...segments.map(({ caller }) => caller.deadlineAt));
      const deadlineMs = Number.isFinite(latest) ? Math.max(latest - performance.now(), 0) : undefined;
      const result = await this.#options.run(feeds, rows, deadlineMs);
      checkRows(result.outputs, rows);
      answerCallers(segments, rows, result);
    } catch (error) {
      for (const { caller } of segments) caller.reject(error);
    }
  }
}

function checkRows(outputs: Tensors, rows: number): void {
  for (const [name, { dims }] of Object.entries(outputs))
    if (dims[0] !== rows)
      throw new Error(`Output '${name}' must have ${rows} rows, one for each input row, got ${dims[0]}.`);
}

function answerCallers(segments: readonly Segment[], batchRows: number, result: BatchResult): void {
  let from = 0;
  for (const segment of segments) {
    try {
      answerCaller(segment, from, batchRows, result);
    } catch (error) {
      // A callback that throws must not fail the other callers of the run.
      segment.caller.reject(error);
    }
    from += segment.rows;
  }
}

function answerCaller(
  { caller, part, rows }: Segment,
  from: number,
  batchRows: number,
  result: BatchResult,
): void {
  caller.parts[part] = { tensors: result.outputs, from, rows };
  caller.options.onRun?.({ rows, batchRows, durationMs: result.durationMs });
  const parts = caller.parts.filter((range) => range !== undefined);
  if (parts.length < caller.parts.length) return;
  const isWholeRun = parts.length === 1 && rows === batchRows;
  caller.resolve(isWholeRun ? result.outputs : gatherRows(parts, 'own'));
}
