import type { Clock } from '../../clock.ts';
import { oneByKey } from '../../database/byKey.ts';
import type { Database } from '../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../database/idempotency.ts';
import type { PageArguments } from '../../database/page.ts';
import type { Sql } from '../../database/sql.ts';
import type {
  PriceRecommendationsAcceptUserErrorCode as AcceptCode,
  PriceRecommendationApplyUserErrorCode as ApplyCode,
  PriceScheduleCancelUserErrorCode as CancelCode,
  PriceRecommendationsRejectUserErrorCode as RejectCode,
  PriceRevertUserErrorCode as RevertCode,
} from '../../generated/graphql.ts';
import { notFound } from '../../inputChecks.ts';
import type { RecommendationsService } from '../../recommendations/service.ts';
import { toDay } from '../records/today.ts';
import { cancelSchedules } from './cancelSchedules.ts';
import { type ChangeFilter, listChangeIds } from './changeRepository.ts';
import { applyDueSchedules } from './dueSchedules.ts';
import { inRehearsal } from './inRehearsal.ts';
import { type Line, listLines, type StepCommand, type StepParts, type StepResult } from './lockedLines.ts';
import { deviationOf, type PriceOutcome, toOutcome } from './outcome.ts';
import { listAppliedIds, listSalesSince } from './outcomeRepository.ts';
import { toSetBefore } from './priceHandler.ts';
import { acceptLines, applyLines, rejectLines, revertLines, scheduleLines } from './priceSteps.ts';
import * as proposals from './proposalRepository.ts';
import * as schedules from './scheduleRepository.ts';

export type { LineError, StepCommand, StepResult } from './lockedLines.ts';

/** A step that may only be told beforehand. */
type Rehearsable = { readonly isDryRun: boolean };
export type ApplyCommand = StepCommand & Rehearsable & { readonly effectiveFrom: string | null };
export type RevertCommand = StepCommand & Rehearsable;
export type RevertResult = StepResult<RevertCode> & { readonly cancelledCount: number };
type Step = Parameters<typeof listLines>[1];

/** Applied prices that are watched, the latest. */
const mostWatched = 5_000;

export type PriceProposalsService = ReturnType<typeof makePriceProposalsService>;

/** Makes the use cases of recommended prices: reading them, and the steps that people take with many at once. */
export function makePriceProposalsService({
  database,
  recommendations,
  prices,
  clock,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly recommendations: StepParts['recommendations'] &
    Pick<RecommendationsService, 'checkStepInput' | 'findRecommendations'>;
  readonly prices: StepParts['prices'];
  readonly clock: Clock;
}) {
  const { sql } = database;
  const partsNow = (): StepParts => ({ recommendations, prices, now: clock() });
  /** Checks what a command asks for; a run must be one of ours. Null where all is well. */
  const check = async (tx: Sql, step: Step, { target, actor, reason }: StepCommand) => {
    const blanks = recommendations.checkStepInput(step, { actor, reason });
    if (blanks.length > 0) return refuseAll(blanks);
    if (target.runId === null || (await proposals.isRun(tx, target.runId))) return null;
    return refuseAll([notFound('PriceRecommendationJob', target.runId, ['input', 'runId'])]);
  };
  // All checks come behind the key, so that a replay is answered as it was whatever has changed since.
  const take = <Code extends string>(
    step: Step,
    work: (tx: Sql, lines: readonly Line[], parts: StepParts) => Promise<StepResult<Code>>,
  ) => {
    return (command: StepCommand, idempotency?: Idempotency) =>
      inIdempotentTransaction(
        sql,
        idempotency,
        async (tx) =>
          (await check(tx, step, command)) ?? work(tx, await listLines(tx, step, command), partsNow()),
      );
  };
  const findOutcomes = async (ids: readonly number[]): Promise<(PriceOutcome | null)[]> => {
    const sold = new Map((await listSalesSince(sql, ids)).map((row) => [row.recommendationId, row]));
    const rows = await recommendations.findRecommendations(ids);
    return rows.map((row) => {
      const since = row === null ? undefined : sold.get(row.id);
      return row === null || since === undefined ? null : toOutcome(row, since);
    });
  };
  const listAlerts = async () => {
    const ids = await listAppliedIds(sql, mostWatched);
    const outcomes = await findOutcomes(ids);
    return ids
      .flatMap((recommendationId, index) => {
        const outcome = outcomes[index];
        return outcome?.isOutside === true ? { recommendationId, outcome } : [];
      })
      .sort((a, b) => deviationOf(b.outcome) - deviationOf(a.outcome));
  };
  return {
    /** What came of recommendations in key order; null where a price never was set or no period is over. */
    findOutcomes,
    /** Applied recommendations whose sales have left what was predicted, those that differ most first; of the latest 5,000. */
    listAlerts,
    /** One page of ids of entries of the price history that changed prices. */
    listChangeIds: (filter: ChangeFilter, page: PageArguments) => listChangeIds(sql, filter, page),
    /** One page of ids of recommended prices. */
    listRecommendationIds: (
      filter: proposals.ProposalFilter,
      order: proposals.ProposalOrder,
      page: PageArguments,
    ) => proposals.listProposalIds(sql, filter, order, page),
    /** What is kept of recommendations beside their life, in key order; null where there is none. */
    findProposals: async (ids: readonly number[]) =>
      oneByKey(ids, await proposals.listProposals(sql, ids), (row) => row.recommendationId),
    /** The latest schedule of each recommendation in key order, null where it never had one. */
    findSchedules: async (ids: readonly number[]) =>
      oneByKey(ids, await schedules.listLatestSchedules(sql, ids), (row) => row.recommendationId),
    /** Approves proposals, each by itself. */
    accept: take<AcceptCode>('ACCEPT', acceptLines),
    /** Declines proposals, each by itself. */
    reject: take<RejectCode>('REJECT', rejectLines),
    /** Sets accepted prices, or has them set on a later day, each by itself. */
    apply: (command: ApplyCommand, idempotency?: Idempotency) =>
      perform(sql, command, idempotency, async (tx): Promise<StepResult<ApplyCode>> => {
        const parts = partsNow();
        const refusal = (await check(tx, 'APPLY', command)) ?? checkDay(command, toDay(parts.now));
        if (refusal !== null) return refusal;
        const lines = await listLines(tx, 'APPLY', command);
        const { effectiveFrom } = command;
        if (effectiveFrom !== null && effectiveFrom > toDay(parts.now))
          return scheduleLines(tx, lines, effectiveFrom, parts);
        const result = await applyLines(tx, lines, parts);
        const ends = result.ids.map((id) => toSetBefore(id, command.actor.trim()));
        await schedules.endSchedules(tx, ends, parts.now);
        return result;
      }),
    /** Calls off what is scheduled. */
    cancelSchedules: (command: StepCommand, idempotency?: Idempotency) =>
      inIdempotentTransaction(
        sql,
        idempotency,
        async (tx): Promise<StepResult<CancelCode>> =>
          (await check(tx, 'REJECT', command)) ?? cancelSchedules(tx, command, partsNow()),
      ),
    /** Puts prices back, each by itself, and calls off what of a run is still scheduled. */
    revert: (command: RevertCommand, idempotency?: Idempotency) =>
      perform(sql, command, idempotency, async (tx): Promise<RevertResult> => {
        const parts = partsNow();
        const refusal = await check(tx, 'REVERT', command);
        if (refusal !== null) return { ...refusal, cancelledCount: 0 };
        const result = await revertLines(tx, await listLines(tx, 'REVERT', command), parts);
        const called = command.target.runId === null ? null : await cancelSchedules(tx, command, parts);
        return { ...result, cancelledCount: called?.ids.length ?? 0 };
      }),
    /** Sets prices whose day has come, see `applyDueSchedules`. */
    applyDue: () => applyDueSchedules(sql, partsNow()),
  };
}

function perform<Result>(
  sql: Sql,
  { isDryRun }: Rehearsable,
  idempotency: Idempotency | undefined,
  work: (tx: Sql) => Promise<Result>,
): Promise<Result> {
  return isDryRun ? inRehearsal(sql, work) : inIdempotentTransaction(sql, idempotency, work);
}

function refuseAll<Code extends string>(
  errors: readonly {
    readonly code: Code;
    readonly field: readonly string[] | null;
    readonly message: string;
  }[],
) {
  return { ids: [], userErrors: errors.map((error) => ({ ...error, recommendationId: null })) };
}

function checkDay({ effectiveFrom }: ApplyCommand, today: string) {
  if (effectiveFrom === null || effectiveFrom >= today) return null;
  const message = `input.effectiveFrom must be today, ${today}, or later, got ${effectiveFrom}.`;
  return refuseAll([{ code: 'DATE_PASSED' as const, field: ['input', 'effectiveFrom'], message }]);
}
