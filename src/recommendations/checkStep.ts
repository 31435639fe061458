import type {
  RecommendationAcceptUserErrorCode,
  RecommendationApplyUserErrorCode,
  RecommendationRejectUserErrorCode,
  RecommendationRevertUserErrorCode,
} from '../generated/graphql.ts';
import { checkText, notFound, refuseBlanks } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';
import { type RecommendationStep, steps } from './life.ts';
import { type RecommendationKind, recommendationKinds } from './recommendationKinds.ts';
import type { LockedRecommendation } from './repository.ts';

export type AcceptCode = RecommendationAcceptUserErrorCode;
export type RejectCode = RecommendationRejectUserErrorCode;
export type ApplyCode = RecommendationApplyUserErrorCode;
export type RevertCode = RecommendationRevertUserErrorCode;
/** A step to take; the id is a row id. */
export type StepInput = {
  readonly kind: RecommendationKind;
  readonly recommendationId: number;
  readonly actor: string;
  readonly reason: string | null;
};

const maximumActorLength = 100;
const needReason: readonly RecommendationStep[] = ['REJECT', 'REVERT'];
const ownField = ['input', 'recommendationId'];

/** Checks what can be checked without the store; throws BAD_USER_INPUT for a text the store cannot hold. */
export function checkStepInput(
  step: RecommendationStep,
  { actor, reason }: Pick<StepInput, 'actor' | 'reason'>,
): UserError<'BLANK'>[] {
  checkText(actor, ['input', 'actor'], maximumActorLength);
  if (reason !== null) checkText(reason, ['input', 'reason']);
  return refuseBlanks('BLANK', { actor, ...(needReason.includes(step) ? { reason: reason ?? '' } : {}) });
}

/** Checks that the life of a locked recommendation allows a step; `field` is where the input names it. */
export function checkLife(
  step: RecommendationStep,
  { kind, recommendationId }: Pick<StepInput, 'kind' | 'recommendationId'>,
  row: LockedRecommendation | null,
  field: readonly string[] = ownField,
): UserError<'NOT_FOUND' | 'INVALID_STATE'>[] {
  if (row === null || row.kind !== kind)
    return [notFound(recommendationKinds[kind].nodeType, recommendationId, field)];
  const { from } = steps[step];
  if (row.status === from) return [];
  return [refuse('INVALID_STATE', `be ${from} for this step, got one that is ${row.status}`, field)];
}

/** Checks what only carrying out asks for: one recommendation a topic, and a second person above the limit of one. */
export function checkApply(
  input: Pick<StepInput, 'actor'>,
  row: LockedRecommendation,
): UserError<'TOPIC_TAKEN' | 'SECOND_PERSON_REQUIRED'>[] {
  return row.isTopicTaken
    ? [refuse('TOPIC_TAKEN', 'be the only one of its topic that is APPLIED, got one beside another')]
    : checkSecondPerson(input, row);
}

/** Checks that what takes two people is carried out by another person than the one who accepted it. */
export function checkSecondPerson(
  { actor }: Pick<StepInput, 'actor'>,
  { needsSecondPerson, acceptedBy }: LockedRecommendation,
): UserError<'SECOND_PERSON_REQUIRED'>[] {
  if (!needsSecondPerson || acceptedBy?.toLowerCase() !== actor.trim().toLowerCase()) return [];
  const message = `input.actor must be another person than the one who accepted it, got '${actor.trim()}' for both.`;
  return [{ code: 'SECOND_PERSON_REQUIRED', field: ['input', 'actor'], message }];
}

/** Makes the refusal of a recommendation that breaks a rule, which is a sentence's end. */
export function refuse<Code extends string>(
  code: Code,
  rule: string,
  field: readonly string[] = ownField,
): UserError<Code> {
  return { code, field, message: `${field.join('.')} must ${rule}.` };
}
