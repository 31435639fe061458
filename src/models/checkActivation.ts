import type { ModelActivateUserErrorCode, ModelRollbackUserErrorCode } from '../generated/graphql.ts';
import { checkText, refuseBlanks } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';

export type ActivateCode = ModelActivateUserErrorCode;
export type RollbackCode = ModelRollbackUserErrorCode;

/** Who changes the version of a model, and why. */
export type ActivationInput = { readonly name: string; readonly actor: string; readonly reason: string };

const longestActor = 100;

/** Checks who and why, and that the model has versions; throws BAD_USER_INPUT for a text the store cannot hold. */
export function checkActivation(
  { name, actor, reason }: ActivationInput,
  versioned: string,
): UserError<'BLANK' | 'UNKNOWN_MODEL'>[] {
  checkText(actor, ['input', 'actor'], longestActor);
  checkText(reason, ['input', 'reason']);
  const blanks = refuseBlanks('BLANK', { actor, reason });
  if (name === versioned) return blanks;
  const message = `input.name must be '${versioned}', the model that has versions, got '${name.slice(0, 64)}'.`;
  return [...blanks, { code: 'UNKNOWN_MODEL', field: ['input', 'name'], message }];
}
