import type { Transferable } from 'node:worker_threads';
import { DomainError } from '../errors.ts';
import { type FromWorker, unpackError } from './workerMessages.ts';
import { type ThreadExit, WorkerSlot } from './workerSlot.ts';

/** How a pool is made. */
export type WorkerPoolOptions = {
  /** Names the threads and appears in error messages, e.g. `inference`. */
  readonly name: string;
  /** The worker's script; see `workerScript`. */
  readonly script: URL;
  /** Threads, ≥ 1. */
  readonly threads: number;
  /** Jobs that may wait for a thread, ≥ 0; running jobs do not count. */
  readonly queueLimit: number;
  /** Cloned to every thread as `workerData`. */
  readonly workerData?: unknown;
  /** Wait before the second replacement in a row of a thread; doubles each time. Default 100. */
  readonly restartDelayMs?: number;
};

/** How one job runs. */
export type JobOptions = {
  /** Buffers that move to the thread; a job that moved any cannot be retried after a crash. */
  readonly transfer?: readonly Transferable[];
  /** Milliseconds from now until the job must be answered. Default: no deadline. */
  readonly deadlineMs?: number;
};

/** A pool's state (first three) and its totals since it was made. */
export type PoolStats = {
  readonly threads: number;
  readonly busy: number;
  readonly queued: number;
  readonly answered: number;
  readonly failed: number;
  /** Refused because the queue was full. */
  readonly refused: number;
  readonly timedOut: number;
  /** Threads that ended unasked and were replaced. */
  readonly crashed: number;
};

type Job<Request, Response> = {
  readonly request: Request;
  readonly transfer: readonly Transferable[];
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
  timer: NodeJS.Timeout | undefined;
  /** Threads that ended while they ran it. */
  crashes: number;
  isSettled: boolean;
};

/**
 * Threads that run one job each at a time, first come first served.
 *
 * A job whose deadline passes is answered MODEL_TIMEOUT at once. If it was running, its thread goes on and
 * the late result is dropped: a native call cannot be interrupted (stopping the thread inside onnxruntime
 * aborts the process), and a new thread would load its models again just when the machine is short of time.
 *
 * A job whose thread crashes is retried once on another thread and then answered MODEL_UNAVAILABLE.
 * The threads keep the process alive until `close`.
 */
export class WorkerPool<Request, Response> {
  readonly #options: WorkerPoolOptions;
  readonly #slots: readonly WorkerSlot<Request, Response>[];
  readonly #running = new Map<WorkerSlot<Request, Response>, Job<Request, Response>>();
  readonly #queue: Job<Request, Response>[] = [];
  readonly #totals = { answered: 0, failed: 0, refused: 0, timedOut: 0, crashed: 0 };
  #start: Promise<void> | undefined;
  #close: Promise<void> | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    const slotOptions = { restartDelayMs: 100, workerData: undefined, ...options };
    const events = {
      idle: () => this.#dispatch(),
      answer: this.#answer.bind(this),
      lost: this.#retryOrFail.bind(this),
    };
    this.#slots = Array.from({ length: options.threads }, () => new WorkerSlot(slotOptions, events));
  }

  /**
   * Starts every thread; resolves when all are ready. Rejects with MODEL_UNAVAILABLE and the first thread's
   * reason when one cannot start, and closes the pool then. A second call gives the same promise.
   */
  start(): Promise<void> {
    this.#start ??= Promise.all(this.#slots.map((slot) => slot.start())).then(
      () => undefined,
      async (error: unknown) => {
        this.#rejectAll(error);
        await this.close();
        throw error;
      },
    );
    return this.#start;
  }

  /** Whether a job would start at once. */
  get hasIdleThread(): boolean {
    return this.#queue.length === 0 && this.#slots.some((slot) => slot.isIdle);
  }

  /**
   * Runs one job; starts the pool when that was not done. Rejects with MODEL_UNAVAILABLE (queue full, two
   * crashes, closed), MODEL_TIMEOUT, or what the handler threw.
   */
  run(request: Request, options: JobOptions = {}): Promise<Response> {
    if (this.#close !== undefined) return Promise.reject(this.#closedError());
    // A failed start rejects the queued jobs itself.
    this.start().catch(() => undefined);
    if (this.#queue.length >= this.#options.queueLimit && !this.hasIdleThread) {
      this.#totals.refused += 1;
      return Promise.reject(this.#queueError());
    }
    return new Promise((resolve, reject) => {
      const { transfer = [], deadlineMs } = options;
      const job = { request, transfer, resolve, reject, timer: undefined, crashes: 0, isSettled: false };
      this.#queue.push(job);
      if (deadlineMs !== undefined) this.#limitTime(job, deadlineMs);
      this.#dispatch();
    });
  }

  /** State and totals. */
  stats(): PoolStats {
    const { threads } = this.#options;
    return { threads, busy: this.#running.size, queued: this.#queue.length, ...this.#totals };
  }

  /**
   * Answers every waiting and running job with MODEL_UNAVAILABLE and resolves when all threads have gone;
   * a thread ends the job it runs first.
   */
  close(): Promise<void> {
    this.#close ??= Promise.all(this.#slots.map((slot) => slot.close())).then(() => undefined);
    this.#rejectAll(this.#closedError());
    return this.#close;
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (!slot.isIdle) continue;
      const job = this.#queue.shift();
      if (job === undefined) return;
      try {
        slot.send(job.request, job.transfer);
        this.#running.set(slot, job);
      } catch (error) {
        this.#reject(job, error);
      }
    }
  }

  #answer(
    slot: WorkerSlot<Request, Response>,
    answer: Exclude<FromWorker<Response>, { kind: 'ready' }>,
  ): void {
    const job = this.#running.get(slot);
    this.#running.delete(slot);
    if (job === undefined || job.isSettled) return;
    if (answer.kind === 'failure') {
      this.#reject(job, unpackError(answer.error));
      return;
    }
    this.#settle(job);
    this.#totals.answered += 1;
    job.resolve(answer.response);
  }

  #retryOrFail(slot: WorkerSlot<Request, Response>, exit: ThreadExit): void {
    this.#totals.crashed += 1;
    const job = this.#running.get(slot);
    this.#running.delete(slot);
    if (job === undefined || job.isSettled) return;
    job.crashes += 1;
    const mayRetry = job.crashes === 1 && job.transfer.length === 0;
    if (mayRetry) this.#queue.unshift(job);
    else this.#reject(job, this.#crashError(job, exit));
    this.#dispatch();
  }

  #limitTime(job: Job<Request, Response>, deadlineMs: number): void {
    job.timer = setTimeout(() => {
      const place = this.#queue.indexOf(job);
      if (place >= 0) this.#queue.splice(place, 1);
      this.#totals.timedOut += 1;
      this.#settle(job);
      job.reject(this.#deadlineError(deadlineMs, place >= 0));
    }, deadlineMs);
  }

  #rejectAll(error: unknown): void {
    for (const job of [...this.#queue.splice(0), ...this.#running.values()])
      if (!job.isSettled) this.#reject(job, error);
    this.#running.clear();
  }

  #reject(job: Job<Request, Response>, error: unknown): void {
    this.#settle(job);
    this.#totals.failed += 1;
    job.reject(error);
  }

  #settle(job: Job<Request, Response>): void {
    clearTimeout(job.timer);
    job.isSettled = true;
  }

  #queueError(): DomainError {
    const { name, queueLimit } = this.#options;
    const message = `The ${name} queue must hold at most ${queueLimit} waiting requests, and it is full.`;
    return new DomainError('MODEL_UNAVAILABLE', message);
  }

  #deadlineError(deadlineMs: number, wasWaiting: boolean): DomainError {
    const limit = `must be answered within ${deadlineMs} ms`;
    const state = wasWaiting ? 'waiting' : 'running';
    const message = `The ${this.#options.name} request ${limit}, and it was still ${state}.`;
    return new DomainError('MODEL_TIMEOUT', message);
  }

  #crashError(job: Job<Request, Response>, { exitCode, fault }: ThreadExit): DomainError {
    const threads = job.crashes === 1 ? 'its thread' : `${job.crashes} threads in a row`;
    const message = `The ${this.#options.name} request stopped ${threads}, with exit code ${exitCode}.`;
    return new DomainError('MODEL_UNAVAILABLE', message, { cause: fault });
  }

  #closedError(): DomainError {
    return new DomainError('MODEL_UNAVAILABLE', `The ${this.#options.name} pool is closed.`);
  }
}
