/** Codes a client can act on; `extensions.code` of a GraphQL error carries them verbatim. */
export type DomainErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'THROTTLED'
  | 'MODEL_UNAVAILABLE'
  | 'MODEL_TIMEOUT'
  | 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH'
  | 'IDEMPOTENCY_CONCURRENT_REQUEST';

/**
 * A fault the caller can mend or must know about. The message is one sentence:
 * what must hold, and what was got. Anything else that is thrown is masked.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: DomainErrorCode;
  /** Path of the offending argument, e.g. `['input', 'horizon']`. */
  readonly field: readonly string[] | undefined;

  constructor(
    code: DomainErrorCode,
    message: string,
    options: { readonly field?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
  }
}

/** Makes the error of an argument that breaks its rule. */
export function badInput(message: string, field?: readonly string[]): DomainError {
  return new DomainError('BAD_USER_INPUT', message, field === undefined ? {} : { field });
}

/** Makes the error of a field of `input` that breaks its rule; `field` is a dotted path such as `items.3.onHand`. */
export function badInputField(field: string, rule: string, got: number | string): DomainError {
  return badInput(`input.${field} must be ${rule}, got ${got}.`, ['input', ...field.split('.')]);
}
