import { parentPort, type Transferable } from 'node:worker_threads';
import { type FromWorker, packError, type ToWorker } from './workerMessages.ts';

/** What a handler gives back: the response, and the buffers in it that move instead of being copied. */
export type Handled<Response> = { readonly response: Response; readonly transfer?: readonly Transferable[] };

/**
 * Answers the pool's jobs in this thread; a worker script calls it once, after everything it needs is loaded.
 *
 * What is thrown before the call stops the thread and fails the pool's start. What the handler throws
 * is answered as the job's failure, and the thread goes on. The thread ends by itself after a stop message,
 * never in the middle of a job.
 */
export function serveWorker<Request, Response>(
  handler: (request: Request) => Handled<Response> | Promise<Handled<Response>>,
): void {
  if (parentPort === null) throw new Error('serveWorker must be called in a worker thread.');
  const port = parentPort;
  const send = (message: FromWorker<Response>, transfer: readonly Transferable[] = []) =>
    port.postMessage(message, transfer);
  const answer = async (request: Request): Promise<void> => {
    try {
      const { response, transfer } = await handler(request);
      send({ kind: 'answer', response }, transfer);
    } catch (error) {
      send({ kind: 'failure', error: packError(error) });
    }
  };
  port.on('message', (message: ToWorker<Request>) => {
    if (message.kind === 'stop') port.close();
    else void answer(message.request);
  });
  send({ kind: 'ready' });
}
