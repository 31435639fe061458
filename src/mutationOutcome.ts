/** An expected refusal of a mutation, as a value. */
export type UserError<Code extends string> = {
  readonly message: string;
  readonly field: readonly string[] | null;
  readonly code: Code;
};

/** What a mutation did, or why it did nothing. Plain JSON, so that `@idempotent` can store it. */
export type Outcome<Result, Code extends string> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused'; readonly userErrors: readonly UserError<Code>[] };

/** Makes the outcome of a mutation that did its work. */
export function done<Result>(result: Result): { readonly kind: 'done'; readonly result: Result } {
  return { kind: 'done', result };
}

/** Makes the outcome of a mutation that refused; nothing may have been written. */
export function refused<Code extends string>(
  ...userErrors: readonly UserError<Code>[]
): { readonly kind: 'refused'; readonly userErrors: readonly UserError<Code>[] } {
  return { kind: 'refused', userErrors };
}

/**
 * Changes the result of a mutation that did its work, e.g. to turn the texts of a replayed outcome back into times.
 */
export function mapDone<Result, Mapped, Code extends string>(
  outcome: Outcome<Result, Code>,
  map: (result: Result) => Mapped,
): Outcome<Mapped, Code> {
  return outcome.kind === 'done' ? done(map(outcome.result)) : outcome;
}
