import { maskPersonalData } from './maskPersonalData.ts';

/** An error as the log shows it. */
export type DescribedError = {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
};

/**
 * Describes an error for the log. The store's errors carry the statement's parameters and the row at fault, which may be
 * what a customer wrote: of their fields only the code is kept, and personal data in the message and the stack is masked.
 */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: maskPersonalData(String(error)) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? String(error.code) : undefined;
  return {
    type: name,
    message: maskPersonalData(message),
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack: maskPersonalData(stack) }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
