import type {
  ComplaintAuthor,
  ComplaintMessageAddUserErrorCode,
  ComplaintOverrideTriageUserErrorCode,
  ComplaintSubmitUserErrorCode,
} from '../generated/graphql.ts';
import { checkText, refuseBlanks } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';
import type { ComplaintSubject } from './repository.ts';
import type { NewOverride } from './threadRepository.ts';

export type SubmitCode = ComplaintSubmitUserErrorCode;
export type MessageCode = ComplaintMessageAddUserErrorCode;
export type OverrideCode = ComplaintOverrideTriageUserErrorCode;

/** A message to add; the id is a row id. */
export type MessageInput = {
  readonly complaintId: number;
  readonly author: ComplaintAuthor;
  readonly agent: string | null;
  readonly text: string;
};
/** Labels that are right; `severity` and `sentiment` are places of their lists counted from 1. */
export type OverrideInput = Omit<NewOverride, 'createdAt'>;

/** Characters of a text at most. */
export const maximumTextLength = 10_000;
const maximumNameLength = 100;
const intentName = /^[a-z][a-z0-9_]{0,63}$/;

/** Mends halves of UTF-16 pairs, which JSON cannot carry into the store. */
export function toStorable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Checks what somebody wrote; throws BAD_USER_INPUT where it is too long or holds U+0000. */
export function checkWritten(text: string): UserError<'BLANK_TEXT'>[] {
  checkText(text, ['input', 'text'], maximumTextLength);
  return refuseBlanks('BLANK_TEXT', { text });
}

/** Yields a name of the input without surrounding blanks, null where it is blank; throws BAD_USER_INPUT where it is too long. */
export function readName(name: string, text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  checkText(text, ['input', name], maximumNameLength);
  const trimmed = toStorable(text.trim());
  return trimmed === '' ? null : trimmed;
}

/** Checks when a complaint was sent. */
export function checkSubmittedAt(submittedAt: Date, now: Date): UserError<'INVALID_TIME'>[] {
  if (submittedAt.getTime() <= now.getTime()) return [];
  const message = `input.submittedAt must be ${now.toISOString()} or earlier, got ${submittedAt.toISOString()}.`;
  return [{ code: 'INVALID_TIME', field: ['input', 'submittedAt'], message }];
}

/** Checks that what a complaint names was found. */
export function checkFound(
  given: Readonly<Partial<Record<'variantId' | 'sku' | 'warehouseId' | 'supplierId', unknown>>>,
  found: Pick<ComplaintSubject, 'variantId' | 'warehouseId' | 'supplierId'>,
  shown: (name: string) => string,
): UserError<'NOT_FOUND'>[] {
  const missing = [
    given.variantId != null && found.variantId === null
      ? ['variantId', 'the id of an existing ProductVariant']
      : [],
    given.sku != null && found.variantId === null ? ['sku', 'the SKU of an existing ProductVariant'] : [],
    given.warehouseId != null && found.warehouseId === null
      ? ['warehouseId', 'the id of an existing Warehouse']
      : [],
    given.supplierId != null && found.supplierId === null
      ? ['supplierId', 'the id of an existing Supplier']
      : [],
  ];
  return missing.flatMap(([name, rule]) =>
    name === undefined
      ? []
      : [
          {
            code: 'NOT_FOUND' as const,
            field: ['input', name],
            message: `input.${name} must be ${rule}, got '${shown(name)}'.`,
          },
        ],
  );
}

/** Checks a message without the store. */
export function checkMessage({ text, author, agent }: MessageInput): UserError<MessageCode>[] {
  const written = checkWritten(text);
  const name = readName('agent', agent);
  if ((author === 'AGENT') === (name !== null)) return written;
  const rule = author === 'AGENT' ? 'given for an AGENT' : 'absent for a CUSTOMER';
  const message = `input.agent must be ${rule}, got ${name === null ? 'none' : `'${name}'`}.`;
  return [...written, { code: 'INVALID_AGENT', field: ['input', 'agent'], message }];
}

/** Checks a correction without the store; throws BAD_USER_INPUT for a text the store cannot hold. */
export function checkOverride(input: OverrideInput): UserError<OverrideCode>[] {
  const { intent, severity, sentiment, isComplaint, author, reason } = input;
  const errors: UserError<OverrideCode>[] = [];
  if (intent === null && severity === null && sentiment === null && isComplaint === null)
    errors.push({
      code: 'NO_LABEL',
      field: ['input'],
      message: 'input must have at least one label, got none.',
    });
  if (intent !== null && !intentName.test(intent)) {
    const message = `input.intent must be lower snake case of at most 64 characters, got '${intent.slice(0, 64)}'.`;
    errors.push({ code: 'INVALID_LABEL', field: ['input', 'intent'], message });
  }
  checkText(author, ['input', 'author'], maximumNameLength);
  checkText(reason, ['input', 'reason']);
  return [...errors, ...refuseBlanks('BLANK_REASON', { author, reason })];
}
