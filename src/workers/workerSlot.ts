import { type Transferable, Worker } from 'node:worker_threads';
import { DomainError } from '../errors.ts';
import type { FromWorker, ToWorker } from './workerMessages.ts';
import { threadEntry } from './workerScript.ts';

/** How long `close` waits for a thread to end its job before it stops the thread by force. */
const CLOSE_LIMIT_MS = 10_000;
const LONGEST_RESTART_DELAY_MS = 30_000;

/** What a slot needs to start its thread, and again after a crash. */
export type SlotOptions = {
  readonly name: string;
  readonly script: URL;
  readonly workerData: unknown;
  /** Wait before the second replacement in a row; it doubles with each further one, up to 30 s. */
  readonly restartDelayMs: number;
};

/** What a slot tells its pool. */
export type SlotEvents<Request, Response> = {
  readonly idle: (slot: WorkerSlot<Request, Response>) => void;
  readonly answer: (
    slot: WorkerSlot<Request, Response>,
    answer: Exclude<FromWorker<Response>, { kind: 'ready' }>,
  ) => void;
  /** The thread ended unasked; the slot replaces it by itself. */
  readonly lost: (slot: WorkerSlot<Request, Response>, exit: ThreadExit) => void;
};

/** Why a thread ended. */
export type ThreadExit = { readonly exitCode: number; readonly fault: unknown };

/**
 * A seat in a pool that always holds one thread: it replaces a thread that ends unasked.
 *
 * The first replacement is immediate. A thread that ends again before it has answered a job is replaced
 * after `restartDelayMs`, then twice that, and so on, so a thread that cannot live does not spin.
 */
export class WorkerSlot<Request, Response> {
  readonly #options: SlotOptions;
  readonly #events: SlotEvents<Request, Response>;
  #state: 'starting' | 'idle' | 'busy' | 'down' | 'closed' = 'down';
  #worker: Worker | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #exitsInARow = 0;
  #firstStart: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  constructor(options: SlotOptions, events: SlotEvents<Request, Response>) {
    this.#options = options;
    this.#events = events;
  }

  /** Whether the thread can take a job now. */
  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** Starts the first thread; resolves when it is ready, rejects with its error when it ends before that. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#firstStart = { resolve, reject };
      this.#openThread();
    });
  }

  /** Gives the idle thread a job; throws what cannot be cloned, and the thread stays idle then. */
  send(request: Request, transfer: readonly Transferable[]): void {
    this.#post({ kind: 'job', request }, transfer);
    this.#state = 'busy';
  }

  /**
   * Lets the thread end its job and go; resolves when it has gone. Force is the last resort only:
   * a thread that is stopped inside a native call can take the whole process with it (onnxruntime aborts).
   */
  async close(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#restartTimer);
    const worker = this.#worker;
    if (worker === undefined) return;
    const force = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS);
    await new Promise((resolve) => {
      worker.once('exit', resolve);
      this.#post({ kind: 'stop' });
    });
    clearTimeout(force);
  }

  #post(message: ToWorker<Request>, transfer: readonly Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #openThread(): void {
    this.#state = 'starting';
    const { name, script, workerData } = this.#options;
    const { file, argv } = threadEntry(script);
    const worker = new Worker(file, { name, workerData, argv });
    let fault: unknown;
    worker.on('message', (message: FromWorker<Response>) => this.#receive(message));
    worker.on('messageerror', (error) => {
      fault = error;
      void worker.terminate();
    });
    worker.on('error', (error) => {
      fault = error;
    });
    worker.on('exit', (exitCode) => this.#threadEnded({ exitCode, fault }));
    this.#worker = worker;
  }

  #receive(message: FromWorker<Response>): void {
    if (this.#state === 'closed') return;
    this.#state = 'idle';
    if (message.kind === 'ready') {
      this.#firstStart?.resolve();
      this.#firstStart = undefined;
    } else {
      this.#exitsInARow = 0;
      this.#events.answer(this, message);
    }
    this.#events.idle(this);
  }

  #threadEnded(exit: ThreadExit): void {
    this.#worker = undefined;
    const firstStart = this.#firstStart;
    this.#firstStart = undefined;
    firstStart?.reject(this.#startError(exit));
    if (this.#state === 'closed' || firstStart !== undefined) return;
    this.#state = 'down';
    const delayMs = restartDelayMs(this.#exitsInARow, this.#options.restartDelayMs);
    this.#exitsInARow += 1;
    this.#restartTimer = setTimeout(() => this.#openThread(), delayMs);
    this.#events.lost(this, exit);
  }

  #startError({ exitCode, fault }: ThreadExit): Error {
    const reason = fault instanceof Error ? fault.message : `it ended with exit code ${exitCode}.`;
    const message = `The ${this.#options.name} worker cannot start: ${reason}`;
    return new DomainError('MODEL_UNAVAILABLE', message, { cause: fault });
  }
}

function restartDelayMs(exitsInARow: number, firstDelayMs: number): number {
  return exitsInARow === 0 ? 0 : Math.min(firstDelayMs * 2 ** (exitsInARow - 1), LONGEST_RESTART_DELAY_MS);
}
