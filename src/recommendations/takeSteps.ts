import type { Sql } from '../database/sql.ts';
import { done, type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import {
  type AcceptCode,
  type ApplyCode,
  checkApply,
  checkLife,
  checkStepInput,
  type RejectCode,
  type RevertCode,
  refuse,
  type StepInput,
} from './checkStep.ts';
import { type RecommendationStep, steps } from './life.ts';
import type { RecommendationHandler, StepContext } from './recommendationHandler.ts';
import * as repository from './repository.ts';

/** What a step needs beside its input. */
export type StepParts = { readonly handler: RecommendationHandler; readonly now: Date };
type CommonCode = 'BLANK' | 'NOT_FOUND' | 'INVALID_STATE';

/** Accepts a proposal whose facts still lead to it; yields its id. */
export async function accept(
  tx: Sql,
  input: StepInput,
  parts: StepParts,
): Promise<Outcome<number, AcceptCode>> {
  const begun = await begin(tx, 'ACCEPT', input, parts);
  if ('userErrors' in begun) return refused<AcceptCode>(...begun.userErrors);
  const change = await parts.handler.findStaleness(tx, begun);
  return change === null ? end(tx, 'ACCEPT', input, parts) : refused(refuse('STALE', change));
}

/** Rejects a proposal; yields its id. */
export async function reject(
  tx: Sql,
  input: StepInput,
  parts: StepParts,
): Promise<Outcome<number, RejectCode>> {
  const begun = await begin(tx, 'REJECT', input, parts);
  if ('userErrors' in begun) return refused<RejectCode>(...begun.userErrors);
  return end(tx, 'REJECT', input, parts);
}

/** Carries out an accepted recommendation whose facts still lead to it; yields its id. */
export async function apply(
  tx: Sql,
  input: StepInput,
  parts: StepParts,
): Promise<Outcome<number, ApplyCode>> {
  const begun = await begin(tx, 'APPLY', input, parts);
  if ('userErrors' in begun) return refused<ApplyCode>(...begun.userErrors);
  const errors = checkApply(input, begun);
  if (errors.length > 0) return refused<ApplyCode>(...errors);
  const { handler, now } = parts;
  const change =
    (await handler.findStaleness(tx, begun)) ?? (await handler.apply(tx, begun, contextOf(input, now)));
  return change === null ? end(tx, 'APPLY', input, parts) : refused(refuse('STALE', change));
}

/** Undoes what was carried out; yields the recommendation's id. */
export async function revert(
  tx: Sql,
  input: StepInput,
  parts: StepParts,
): Promise<Outcome<number, RevertCode>> {
  const begun = await begin(tx, 'REVERT', input, parts);
  if ('userErrors' in begun) return refused<RevertCode>(...begun.userErrors);
  const { handler, now } = parts;
  const hindrance = await handler.revert(tx, begun, contextOf(input, now));
  return hindrance === null ? end(tx, 'REVERT', input, parts) : refused(refuse('NOT_REVERTIBLE', hindrance));
}

/** Checks and locks, the subject before the recommendation, as those do who propose anew about it. */
async function begin(
  tx: Sql,
  step: RecommendationStep,
  input: StepInput,
  { handler }: StepParts,
): Promise<repository.LockedRecommendation | { readonly userErrors: readonly UserError<CommonCode>[] }> {
  const blanks = checkStepInput(step, input);
  if (blanks.length > 0) return { userErrors: blanks };
  const [named] = await repository.listRecommendationsById(tx, [input.recommendationId]);
  if (named?.kind === input.kind) await handler.lockSubject(tx, named.subjectId);
  const [row = null] = await repository.lockRecommendations(tx, [input.recommendationId]);
  const userErrors = checkLife(step, input, row);
  return row === null || userErrors.length > 0 ? { userErrors } : row;
}

async function end(tx: Sql, step: RecommendationStep, input: StepInput, { now }: StepParts) {
  const { recommendationId } = input;
  const { actor, reason } = contextOf(input, now);
  await repository.takeSteps(tx, [
    { recommendationId, status: steps[step].to, actor, reason, createdAt: now },
  ]);
  return done(recommendationId);
}

function contextOf({ actor, reason }: StepInput, now: Date): StepContext {
  return { actor: actor.trim(), reason: reason?.trim() || null, now };
}
