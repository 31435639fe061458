import { DomainError, type DomainErrorCode } from '../errors.ts';

/** What the pool sends to a worker thread. */
export type ToWorker<Request> =
  | { readonly kind: 'job'; readonly request: Request }
  | { readonly kind: 'stop' };

/** What a worker thread sends to its pool; a thread has one job at a time, so answers need no number. */
export type FromWorker<Response> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'failure'; readonly error: PlainError };

/** An error as it crosses the thread border. */
export type PlainError = { readonly name: string; readonly message: string; readonly code?: string };

/** Reduces anything that was thrown to what may cross the thread border. */
export function packError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { name, message } = thrown;
  return 'code' in thrown && typeof thrown.code === 'string'
    ? { name, message, code: thrown.code }
    : { name, message };
}

/** Makes the error again on this side: a DomainError stays one, everything else becomes a plain Error. */
export function unpackError(plain: PlainError): Error {
  if (plain.name === 'DomainError' && plain.code !== undefined)
    // Only DomainError carries this name, and its constructor took a valid code on the other side.
    return new DomainError(plain.code as DomainErrorCode, plain.message);
  const error = new Error(plain.message);
  error.name = plain.name;
  return error;
}
