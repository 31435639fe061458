import type { ComplaintsService } from '../complaints/service.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import { badInput } from '../errors.ts';
import type { HierarchyService } from '../forecasting/hierarchy/hierarchyService.ts';
import type { ForecastingService } from '../forecasting/service.ts';
import type { NightlyPlanRunUserErrorCode } from '../generated/graphql.ts';
import { checkText } from '../inputChecks.ts';
import type { JobChunk, JobHandler, JobsService } from '../jobs/service.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import type { ReplenishmentService } from '../replenishment/service.ts';

/** The policy that proposals follow; the job's input. */
export type NightlyRule = { readonly serviceLevel: number; readonly reviewDays: number };
/** Input of `nightlyPlanRun`. */
export type NightlyRequest = NightlyRule & { readonly requestedBy: string | null };

type Range = Awaited<ReturnType<ForecastingService['listRefreshRanges']>>[number];
/** A part of the plan; each counts the variants of its range, or all. */
type Work =
  | { readonly task: 'forecast'; readonly range: Range }
  | { readonly task: 'reconcile' }
  | { readonly task: 'propose'; readonly range: Range };
type Part = Partial<Record<'forecasts' | 'reconciled' | 'proposals' | 'considered', number>>;

export type NightlyService = ReturnType<typeof makeNightlyService>;

/** What the schedule plans by. */
export const defaultNightlyRule: NightlyRule = { serviceLevel: 0.95, reviewDays: 7 };
const maximumRequesterLength = 100;
/** A tenth of what is usual; reconciling is one chunk, whatever the size of the catalogue. */
const slowestReconciledPerSecond = 100;

/**
 * Makes the use case of the nightly plan, in three rounds: forecasts of the whole catalogue, their reconciliation, then
 * proposals to order.
 */
export function makeNightlyService({
  database,
  jobs,
  complaints,
  forecasting,
  hierarchy,
  replenishment,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly jobs: Pick<JobsService, 'prepare' | 'createOnlyJob' | 'wake'>;
  readonly complaints: Pick<ComplaintsService, 'refreshSignals'>;
  readonly forecasting: Pick<
    ForecastingService,
    'listRefreshRanges' | 'refreshRange' | 'listRangeIds' | 'model'
  >;
  readonly hierarchy: Pick<HierarchyService, 'refreshHierarchy'>;
  readonly replenishment: Pick<ReplenishmentService, 'generateProposals'>;
}) {
  const propose = async (range: Range, { serviceLevel, reviewDays }: NightlyRule): Promise<Part> => {
    const variantIds = await forecasting.listRangeIds(range);
    const outcome = await replenishment.generateProposals({ variantIds, serviceLevel, reviewDays });
    if (outcome.kind === 'refused')
      throw badInput(outcome.userErrors.map(({ message }) => message).join(' '));
    const { proposalIds, consideredCount } = outcome.result;
    return { proposals: proposalIds.length, considered: consideredCount };
  };
  const jobHandler: JobHandler<NightlyRule, Work, Part> = {
    /** A chunk holds a few hundred variants, so memory stays flat; reconciling holds the means of all, and no more. */
    async plan() {
      // What customers wrote is heard by the forecasts of this plan.
      await complaints.refreshSignals();
      return planWork(await forecasting.listRefreshRanges());
    },
    async run(work, { input }) {
      if (work.task === 'forecast') return { forecasts: (await forecasting.refreshRange(work.range)).length };
      if (work.task === 'reconcile') return { reconciled: await hierarchy.refreshHierarchy() };
      return propose(work.range, input);
    },
    async finish(parts) {
      const sum = (name: keyof Part) => parts.reduce((total, part) => total + (part[name] ?? 0), 0);
      return {
        forecasts: sum('forecasts'),
        reconciled: sum('reconciled'),
        proposals: sum('proposals'),
        considered: sum('considered'),
        model: forecasting.model,
      };
    },
  };
  return {
    jobHandler,
    /** Starts a nightly plan; refused while one is open. Throws BAD_USER_INPUT for a text the store cannot hold. */
    async start(
      { requestedBy, ...rule }: NightlyRequest,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, NightlyPlanRunUserErrorCode>> {
      if (requestedBy !== null) checkText(requestedBy, ['input', 'requestedBy'], maximumRequesterLength);
      const refusal = checkRule(rule);
      if (refusal !== null) return refusal;
      await jobs.prepare();
      const outcome = await inIdempotentTransaction(database.sql, idempotency, async (tx) => {
        const { isNew, jobId } = await jobs.createOnlyJob(tx, {
          kind: 'NIGHTLY_PLAN',
          input: rule,
          requestedBy,
        });
        return isNew
          ? done(jobId)
          : refuse('ALREADY_RUNNING', null, 'There must be no open nightly plan, but one has not ended.');
      });
      jobs.wake();
      return outcome;
    },
  };
}

function planWork(ranges: readonly Range[]): JobChunk<Work>[] {
  if (ranges.length === 0) return [];
  const variants = ranges.reduce((sum, { count }) => sum + count, 0);
  return [
    ...ranges.map((range) => ({ size: range.count, payload: { task: 'forecast', range } as const })),
    {
      round: 1,
      size: variants,
      timeoutSeconds: Math.ceil(variants / slowestReconciledPerSecond),
      payload: { task: 'reconcile' },
    },
    ...ranges.map((range) => ({
      round: 2,
      size: range.count,
      payload: { task: 'propose', range } as const,
    })),
  ];
}

function checkRule({ serviceLevel, reviewDays }: NightlyRule) {
  if (!(serviceLevel > 0 && serviceLevel < 1))
    return refuse(
      'INVALID_SERVICE_LEVEL',
      'serviceLevel',
      `input.serviceLevel must be above 0 and below 1, got ${serviceLevel}.`,
    );
  if (reviewDays < 1 || reviewDays > 30)
    return refuse(
      'INVALID_REVIEW',
      'reviewDays',
      `input.reviewDays must be 1 to 30 days, got ${reviewDays}.`,
    );
  return null;
}

function refuse(code: NightlyPlanRunUserErrorCode, field: string | null, message: string) {
  return refused({ code, field: field === null ? null : ['input', field], message });
}
