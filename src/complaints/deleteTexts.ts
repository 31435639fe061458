import type { Sql } from '../database/sql.ts';
import type { CustomerTextsDeleteUserErrorCode } from '../generated/graphql.ts';
import { checkText, refuseBlanks } from '../inputChecks.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { toStorable } from './checkComplaint.ts';
import { deleteCustomerTexts } from './deletionRepository.ts';

export type DeleteCode = CustomerTextsDeleteUserErrorCode;
/** Whose texts to delete, for whom and why. */
export type DeleteInput = {
  readonly customerReference: string;
  readonly actor: string;
  readonly reason: string;
};
/** What was deleted. */
export type Deleted = { readonly complaints: number; readonly messages: number };

const longest = { customerReference: 100, actor: 100, reason: 500 } as const;

/** Forgets what recommendations say about complaints, in the caller's transaction. */
export type ForgetActions = (tx: Sql, complaintIds: readonly number[]) => Promise<void>;

/** Deletes all that a customer wrote, in one transaction; a customer without complaints is refused. */
export async function deleteTexts(
  tx: Sql,
  input: DeleteInput,
  now: Date,
  forgetActions: ForgetActions,
): Promise<Outcome<Deleted, DeleteCode>> {
  const given = { customerReference: input.customerReference, actor: input.actor, reason: input.reason };
  for (const name of ['customerReference', 'actor', 'reason'] as const)
    checkText(given[name], ['input', name], longest[name]);
  const blanks = refuseBlanks('BLANK', given);
  if (blanks.length > 0) return refused(...blanks);
  const customerReference = toStorable(input.customerReference.trim());
  const [actor, reason] = [toStorable(input.actor.trim()), toStorable(input.reason.trim())];
  const { complaintIds, messages } = await deleteCustomerTexts(tx, { customerReference, actor, reason, now });
  if (complaintIds.length > 0) {
    await forgetActions(tx, complaintIds);
    return done({ complaints: complaintIds.length, messages });
  }
  return refused({
    code: 'NOT_FOUND',
    field: ['input', 'customerReference'],
    message: 'input.customerReference must be that of a customer with complaints, got another.',
  });
}
