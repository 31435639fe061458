import { manyByKey } from '../database/byKey.ts';
import type { Sql } from '../database/sql.ts';
import { DomainError } from '../errors.ts';
import { STANDARD_LEVELS } from '../forecasting/member.ts';
import type { ForecastingService, OriginForecast, OriginSettings } from '../forecasting/service.ts';
import { toGlobalId } from '../globalId.ts';
import type { JobHandler } from '../jobs/service.ts';
import {
  addRecordLists,
  addRecords,
  beatsBaseline,
  type CalibrationRecord,
  calibrate,
  type ScoreRecord,
  scoreSteps,
  toBaselineScores,
  toScores,
} from './backtestScores.ts';
import { describeShortage } from './checkBacktestInput.ts';
import * as repository from './repository.ts';
import { countSeries, type NewSeries, storeSeries, sumByCategory } from './seriesRepository.ts';

/** Input of the job. */
export type BacktestJobInput = OriginSettings & { readonly categoryId: number | null };
/** What a chunk of variants comes to; null where none of them has an origin with a known outcome. */
type Part = {
  readonly steps: readonly ScoreRecord[];
  readonly calibration: CalibrationRecord;
  readonly firstOrigin: string;
  readonly lastOrigin: string;
} | null;

const chunkSize = 64;

/** How a backtest is done: variants by the chunk, whose sums are stored row by row and added up at the end. */
export function makeBacktestJob({
  sql,
  forecasting,
}: {
  readonly sql: Sql;
  readonly forecasting: Pick<ForecastingService, 'forecastOrigins'>;
}): JobHandler<BacktestJobInput, repository.VariantRange, Part> {
  return {
    async plan({ input }) {
      const ranges = await repository.listMeasuredRanges(sql, input.categoryId, chunkSize);
      return ranges.map((range) => ({ size: range.count, payload: range }));
    },
    async run(range, { jobId, input }) {
      const { categoryId, ...settings } = input;
      const backtestId = await findBacktestId(sql, jobId);
      const variants = await repository.listMeasuredVariants(sql, categoryId, range);
      const ids = variants.map(({ id }) => id);
      const forecasts = (await forecasting.forecastOrigins(ids, settings, () => undefined)).filter(
        ({ actual }) => actual.some((units) => !Number.isNaN(units)),
      );
      const steps = forecasts.map(scoreSteps);
      await storeSeries(sql, backtestId, toSeries(variants, forecasts, steps));
      return forecasts.length === 0 ? null : { steps: addRecordLists(steps), ...summarize(forecasts) };
    },
    async finish(parts, { jobId, input }) {
      const backtestId = await findBacktestId(sql, jobId);
      const scored = parts.filter((part) => part !== null);
      if (scored.length === 0) {
        const days = await repository.findLongestHistoryDays(sql, input.categoryId);
        throw new DomainError('BAD_USER_INPUT', describeShortage(input, days));
      }
      const steps = addRecordLists(scored.map((part) => part.steps));
      const overall = addRecords(steps);
      const seriesCount = await countSeries(sql, backtestId);
      await repository.completeBacktest(sql, backtestId, {
        firstOrigin: scored.map((part) => part.firstOrigin).sort()[0] ?? '',
        lastOrigin:
          scored
            .map((part) => part.lastOrigin)
            .sort()
            .at(-1) ?? '',
        seriesCount,
        summary: {
          overall,
          steps,
          levels: STANDARD_LEVELS,
          calibration: addCalibrations(scored.map((part) => part.calibration)),
          categories: await sumByCategory(sql, backtestId),
        },
      });
      return {
        backtestId: toGlobalId('Backtest', backtestId),
        series: seriesCount,
        wql: toScores(overall).wql,
        baselineWql: toBaselineScores(overall).wql,
        beatsBaseline: beatsBaseline(overall),
      };
    },
  };
}

async function findBacktestId(sql: Sql, jobId: number): Promise<number> {
  const [backtest] = await repository.listBacktestsByJob(sql, [jobId]);
  if (backtest === undefined)
    throw new DomainError('NOT_FOUND', 'The backtest must still exist, but it was removed meanwhile.');
  return backtest.id;
}

function toSeries(
  variants: readonly { readonly id: number; readonly categoryId: number | null }[],
  forecasts: readonly OriginForecast[],
  steps: readonly (readonly ScoreRecord[])[],
): NewSeries[] {
  const scored = forecasts.map(({ variantId }, index) => ({ variantId, records: steps[index] ?? [] }));
  const byVariant = manyByKey(
    variants.map(({ id }) => id),
    scored,
    ({ variantId }) => variantId,
  );
  return variants.flatMap(({ id, categoryId }, index) => {
    const own = byVariant[index] ?? [];
    if (own.length === 0) return [];
    const sums = addRecords(own.flatMap(({ records }) => records));
    return [{ variantId: id, categoryId, origins: own.length, ...sums }];
  });
}

function summarize(forecasts: readonly OriginForecast[]) {
  const days = forecasts.map(({ startsOn }) => startsOn).sort();
  return { calibration: calibrate(forecasts), firstOrigin: days[0] ?? '', lastOrigin: days.at(-1) ?? '' };
}

function addCalibrations(records: readonly CalibrationRecord[]): CalibrationRecord {
  const sum = (countsOf: (record: CalibrationRecord) => readonly number[]) =>
    STANDARD_LEVELS.map((_, k) => records.reduce((total, record) => total + (countsOf(record)[k] ?? 0), 0));
  return {
    periods: records.reduce((total, { periods }) => total + periods, 0),
    atOrBelow: sum(({ atOrBelow }) => atOrBelow),
    below: sum(({ below }) => below),
  };
}
