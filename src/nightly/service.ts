import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import { badInput } from '../errors.ts';
import type { ForecastingService } from '../forecasting/service.ts';
import type { NightlyPlanRunUserErrorCode } from '../generated/graphql.ts';
import { checkText } from '../inputChecks.ts';
import type { JobHandler, JobsService } from '../jobs/service.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import type { ReplenishmentService } from '../replenishment/service.ts';

/** The policy that proposals follow; the job's input. */
export type NightlyRule = { readonly serviceLevel: number; readonly reviewDays: number };
/** Input of `nightlyPlanRun`. */
export type NightlyRequest = NightlyRule & { readonly requestedBy: string | null };

type Range = Awaited<ReturnType<ForecastingService['listRefreshRanges']>>[number];
type Part = { readonly forecasts: number; readonly proposals: number; readonly considered: number };

export type NightlyService = ReturnType<typeof makeNightlyService>;

/** What the schedule plans by. */
export const defaultNightlyRule: NightlyRule = { serviceLevel: 0.95, reviewDays: 7 };
const maximumRequesterLength = 100;

/** Makes the use case of the nightly plan: forecasts of the whole catalogue, then proposals to order, chunk by chunk. */
export function makeNightlyService({
  database,
  jobs,
  forecasting,
  replenishment,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly jobs: Pick<JobsService, 'prepare' | 'createOnlyJob' | 'wake'>;
  readonly forecasting: Pick<ForecastingService, 'listRefreshRanges' | 'refreshRange' | 'model'>;
  readonly replenishment: Pick<ReplenishmentService, 'generateProposals'>;
}) {
  /** Forecasts first, so that proposals find them fresh; a chunk holds a few hundred variants, so memory stays flat. */
  const jobHandler: JobHandler<NightlyRule, Range, Part> = {
    plan: async () =>
      (await forecasting.listRefreshRanges()).map((range) => ({ size: range.count, payload: range })),
    async run(range, { input }) {
      const variantIds = await forecasting.refreshRange(range);
      const { serviceLevel, reviewDays } = input;
      const outcome = await replenishment.generateProposals({ variantIds, serviceLevel, reviewDays });
      if (outcome.kind === 'refused')
        throw badInput(outcome.userErrors.map(({ message }) => message).join(' '));
      const { proposalIds, consideredCount } = outcome.result;
      return { forecasts: variantIds.length, proposals: proposalIds.length, considered: consideredCount };
    },
    async finish(parts) {
      const sum = (countOf: (part: Part) => number) =>
        parts.reduce((total, part) => total + countOf(part), 0);
      return {
        forecasts: sum(({ forecasts }) => forecasts),
        proposals: sum(({ proposals }) => proposals),
        considered: sum(({ considered }) => considered),
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
