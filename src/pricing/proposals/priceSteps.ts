import type { Sql } from '../../database/sql.ts';
import type {
  PriceRecommendationsAcceptUserErrorCode as AcceptCode,
  PriceRecommendationApplyUserErrorCode as ApplyCode,
  RecommendationStatus,
  PriceRecommendationsRejectUserErrorCode as RejectCode,
  PriceRevertUserErrorCode as RevertCode,
} from '../../generated/graphql.ts';
import {
  describeStaleness,
  type Hindrances,
  isCurrent,
  putPricesBack,
  setRecommendedPrices,
} from './carryOut.ts';
import {
  type Line,
  type LineError,
  type LockedLines,
  lockLines,
  refuseLine,
  type StepParts,
  type StepResult,
} from './lockedLines.ts';
import { insertSchedules, lockSchedules } from './scheduleRepository.ts';
import { termsOf } from './storedProposal.ts';

type LockedLine = LockedLines['lines'][number];

/** Approves proposals whose current price still holds. */
export async function acceptLines(
  tx: Sql,
  lines: readonly Line[],
  parts: StepParts,
): Promise<StepResult<AcceptCode>> {
  const locked = await lockLines(tx, 'ACCEPT', lines, parts);
  const { stale, fresh } = sortByStaleness(locked);
  return end(tx, 'ACCEPTED', fresh, [...locked.userErrors, ...stale], parts);
}

/** Declines proposals. */
export async function rejectLines(
  tx: Sql,
  lines: readonly Line[],
  parts: StepParts,
): Promise<StepResult<RejectCode>> {
  const locked = await lockLines(tx, 'REJECT', lines, parts);
  return end(tx, 'REJECTED', locked.lines, locked.userErrors, parts);
}

/**
 * Sets accepted prices now, each by itself; a number of statements that does not depend on how many there are. What
 * schedules of them become is the caller's matter.
 */
export async function applyLines(
  tx: Sql,
  lines: readonly Line[],
  parts: StepParts,
): Promise<StepResult<ApplyCode>> {
  const locked = await lockLines(tx, 'APPLY', lines, parts);
  const { alone, able } = sortByPerson(locked.lines, parts);
  const hindrances = await setRecommendedPrices(tx, able.map(toCarryOut), locked.held, parts.prices);
  const { hindered, done } = sortByHindrance(able, hindrances, 'COMPARE_PRICE_STALE');
  return end(tx, 'APPLIED', done, [...locked.userErrors, ...alone, ...hindered], parts);
}

/** Has accepted prices set on a later day, each by itself; what holds now is compared too. */
export async function scheduleLines(
  tx: Sql,
  lines: readonly Line[],
  effectiveFrom: string,
  parts: StepParts,
): Promise<StepResult<ApplyCode>> {
  const locked = await lockLines(tx, 'APPLY', lines, parts);
  const { alone, able } = sortByPerson(locked.lines, parts);
  const { stale, fresh } = sortByStaleness({ lines: able, held: locked.held });
  const ids = fresh.map(({ recommendationId }) => recommendationId);
  const open = new Map((await lockSchedules(tx, ids)).map((row) => [row.recommendationId, row]));
  const again = fresh.flatMap((line) => {
    const day = open.get(line.recommendationId)?.effectiveFrom;
    return day === undefined
      ? []
      : refuseLine('ALREADY_SCHEDULED', `not be scheduled yet, got one that is for ${day}`, line);
  });
  const free = fresh.filter(({ recommendationId }) => !open.has(recommendationId));
  await insertSchedules(
    tx,
    free.map(({ recommendationId, actor, reason }) => ({
      recommendationId,
      effectiveFrom,
      actor,
      reason,
      createdAt: parts.now,
    })),
  );
  return {
    ids: free.map(({ recommendationId }) => recommendationId),
    userErrors: [...locked.userErrors, ...alone, ...stale, ...again],
  };
}

/** Puts prices back, each by itself and only where it is still the one that was set. */
export async function revertLines(
  tx: Sql,
  lines: readonly Line[],
  parts: StepParts,
): Promise<StepResult<RevertCode>> {
  const locked = await lockLines(tx, 'REVERT', lines, parts);
  const hindrances = await putPricesBack(tx, locked.lines.map(toCarryOut), parts.prices);
  const { hindered, done } = sortByHindrance(locked.lines, hindrances, 'PRICE_CHANGED_SINCE');
  return end(tx, 'REVERTED', done, [...locked.userErrors, ...hindered], parts);
}

function sortByStaleness({ lines, held }: Pick<LockedLines, 'lines' | 'held'>) {
  const stale: LineError<'COMPARE_PRICE_STALE'>[] = [];
  const fresh = lines.filter((line) => {
    const terms = termsOf(line.row);
    const present = held.get(line.row.subjectId);
    if (present === undefined || isCurrent(terms, present)) return true;
    stale.push(refuseLine('COMPARE_PRICE_STALE', describeStaleness(terms, present), line));
    return false;
  });
  return { stale, fresh };
}

function sortByPerson(lines: readonly LockedLine[], { recommendations }: StepParts) {
  const alone: LineError<'SECOND_PERSON_REQUIRED'>[] = [];
  const able = lines.filter((line) => {
    const errors = recommendations.checkSecondPerson(line, line.row);
    alone.push(...errors.map((error) => ({ ...error, recommendationId: line.recommendationId })));
    return errors.length === 0;
  });
  return { alone, able };
}

function sortByHindrance<Code extends string>(
  lines: readonly LockedLine[],
  hindrances: Hindrances,
  code: Code,
) {
  const hindered: LineError<Code>[] = [];
  const done = lines.filter((line) => {
    const hindrance = hindrances.get(line.recommendationId) ?? null;
    if (hindrance !== null) hindered.push(refuseLine(code, hindrance, line));
    return hindrance === null;
  });
  return { hindered, done };
}

function toCarryOut({ row, actor, reason }: LockedLine) {
  return { recommendation: row, actor, reason };
}

/** Writes the step of those that take it. */
async function end<Code extends string>(
  tx: Sql,
  status: RecommendationStatus,
  lines: readonly LockedLine[],
  userErrors: readonly LineError<Code>[],
  { recommendations, now }: StepParts,
): Promise<StepResult<Code>> {
  await recommendations.takeAll(
    tx,
    lines.map(({ recommendationId, actor, reason }) => ({
      recommendationId,
      status,
      actor,
      reason,
      createdAt: now,
    })),
  );
  return { ids: lines.map(({ recommendationId }) => recommendationId), userErrors };
}
