import type { Clock } from '../clock.ts';
import { oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import type { ForecastingService, OriginForecast, OriginSettings } from '../forecasting/service.ts';
import type { BacktestRunUserErrorCode } from '../generated/graphql.ts';
import { checkText, notFound } from '../inputChecks.ts';
import type { JobsService } from '../jobs/service.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { makeBacktestJob } from './backtestJob.ts';
import { type BacktestInput, daysNeeded, describeShortage, readSettings } from './checkBacktestInput.ts';
import * as repository from './repository.ts';
import * as seriesRepository from './seriesRepository.ts';

export type BacktestingService = ReturnType<typeof makeBacktestingService>;

const maximumRequesterLength = 100;

/** Makes the use cases of backtests: starting one, and reading what came of them. */
export function makeBacktestingService({
  database,
  jobs,
  forecasting,
  clock,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly jobs: Pick<JobsService, 'prepare' | 'createJob' | 'wake'>;
  readonly forecasting: Pick<ForecastingService, 'forecastOrigins' | 'model'>;
  readonly clock: Clock;
}) {
  const { sql } = database;

  const findRefusal = async (settings: OriginSettings, categoryId: number | null) => {
    if (categoryId !== null && !(await repository.hasCategory(sql, categoryId)))
      return refused(notFound('Category', categoryId, ['input', 'categoryId']));
    const days = await repository.findLongestHistoryDays(sql, categoryId);
    if (days >= daysNeeded(settings)) return null;
    const message = describeShortage(settings, days);
    return refused({ code: 'NOT_ENOUGH_HISTORY' as const, field: ['input', 'origins'], message });
  };

  return {
    jobHandler: makeBacktestJob({ sql, forecasting }),
    /** Starts a backtest; yields its job. Throws BAD_USER_INPUT for a text the store cannot hold. */
    async start(
      input: BacktestInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, BacktestRunUserErrorCode>> {
      const { categoryId, requestedBy } = input;
      if (requestedBy !== null) checkText(requestedBy, ['input', 'requestedBy'], maximumRequesterLength);
      const read = readSettings(input);
      if (read.kind === 'refused') return read;
      const settings = read.result;
      const refusal = await findRefusal(settings, categoryId);
      if (refusal !== null) return refusal;
      await jobs.prepare();
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
        const job = { kind: 'BACKTEST', input: { ...settings, categoryId }, requestedBy } as const;
        const jobId = await jobs.createJob(tx, job);
        const { name, version } = forecasting.model;
        const backtest = { ...settings, jobId, categoryId, modelName: name, modelVersion: version };
        await repository.insertBacktest(tx, { ...backtest, createdAt: clock() });
        return done(jobId);
      });
      jobs.wake();
      return outcome;
    },
    /** One page of backtests, newest first. */
    listBacktests: (filter: repository.BacktestListFilter, page: PageArguments) =>
      repository.listBacktests(sql, filter, page),
    /** Backtests in key order, null where unknown. */
    findBacktests: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listBacktestsById(sql, ids), (row) => row.id),
    /** Backtests of jobs in key order, null where a job runs none. */
    findBacktestsOfJobs: async (jobIds: readonly number[]) =>
      oneByKey(jobIds, await repository.listBacktestsByJob(sql, jobIds), (row) => row.jobId),
    /** One page of the variants of a backtest. */
    listSeries: (
      backtestId: number,
      list: {
        filter: seriesRepository.SeriesFilter;
        order: seriesRepository.SeriesOrder;
        page: PageArguments;
      },
    ) => seriesRepository.listSeries(sql, backtestId, list),
    /** All variants of a backtest, those that lose most beside the baseline first. */
    listAllSeries: (backtestId: number) => seriesRepository.listAllSeries(sql, backtestId),
    /** Id of the category with this code, or null. */
    findCategoryId: async (code: string) =>
      code.includes('\0') ? null : repository.findCategoryId(sql, code),
    /** Variants of backtests in key order, null where unknown. */
    findSeries: async (ids: readonly number[]) =>
      oneByKey(ids, await seriesRepository.listSeriesById(sql, ids), (row) => row.id),
    /** The forecasts of a backtest for a few variants, computed again, with their histories: what a chart shows. */
    forecastOrigins: (variantIds: readonly number[], settings: OriginSettings): Promise<OriginForecast[]> =>
      forecasting.forecastOrigins(variantIds, settings, () => undefined),
  };
}
