import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { ForecastSeriesInput, ReplenishmentItemInput } from '../generated/graphql.ts';
import type { SalesService } from '../sales/service.ts';
import type { SignalsService } from '../signals/service.ts';
import { checkSeriesInput, toSeriesHistories } from './checkSeriesInput.ts';
import type { SalesFrequency } from './dailyHistory.ts';
import { makeDemandForecaster, predictSeries, windowLengths } from './demandForecaster.ts';
import type { ForecastEngines, OnModelRun } from './forecastEngines.ts';
import { type ForecastRow, namedLevels } from './forecastRow.ts';
import { addPeriods } from './frequency.ts';
import { applyTree } from './hierarchy/applyTree.ts';
import { makeForecast, type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from './member.ts';
import { applyOverrides } from './overrides/applyOverrides.ts';
import { forecastTogether } from './pooled/forecastTogether.ts';
import type { DemandForecast } from './pooled/pooledDemand.ts';
import * as repository from './repository.ts';
import { daysForOrigins, listOriginCases, type OriginCase, type OriginSettings } from './rollingOrigins.ts';
import { seasonalNaive } from './seasonalNaive.ts';
import { findSeasonLength } from './seasonLength.ts';
import { fitSmoothedDemand } from './simpleSmoothing.ts';
import { storedLevels } from './storedLevels.ts';

export type { SalesFrequency } from './dailyHistory.ts';
export type { ForecastEngines, OnModelRun } from './forecastEngines.ts';
export type { QuantileForecast, SeriesHistory } from './member.ts';
export type { DemandForecast } from './pooled/pooledDemand.ts';
export type { OriginSettings } from './rollingOrigins.ts';

/** What was forecast for a variant from a moment of the past, beside the seasonal naive; at the levels 0.1 … 0.9. */
export type OriginForecast = OriginCase & {
  readonly variantId: number;
  readonly forecast: QuantileForecast;
  readonly baseline: QuantileForecast;
};

export type ForecastingService = ReturnType<typeof makeForecastingService>;

/** The items of a plan whose demand is asked for. */
export type PlanDemandInput = {
  readonly frequency: ForecastSeriesInput['frequency'];
  /** Periods ahead, ≥ 1. */
  readonly horizon: number;
  readonly items: readonly Pick<ReplenishmentItemInput, 'history' | 'inStock' | 'groups'>[];
};

/** Histories of one frequency to be forecast; their influences, if any, are neutral over the horizon. */
export type HistoriesInput = {
  readonly histories: readonly Omit<SeriesHistory, 'seasonLength'>[];
  readonly frequency: ForecastSeriesInput['frequency'];
  /** Periods ahead, 1 to 64. */
  readonly horizon: number;
};

/** A forecast of one series of a request, with the levels its client asked for. */
export type AdHocForecast = {
  readonly id: string | null;
  readonly row: ForecastRow;
  readonly levels: readonly number[];
};

const batchSize = 256;

/** Makes the use cases of forecasting: series in a request, and the store's own variants and products. */
export function makeForecastingService(parts: {
  readonly database: Pick<Database, 'sql'>;
  readonly sales: Pick<SalesService, 'listDemandHistories'>;
  readonly signals: Pick<SignalsService, 'listSignals'>;
  readonly engines: ForecastEngines;
  readonly clock: Clock;
}) {
  const { engines, clock } = parts;
  const { sql } = parts.database;
  const { forecastDemand, listHeardDemand, computeForecasts } = makeDemandForecaster({ ...parts, sql });
  /** Computes and stores the daily forecasts of the variants in a range of ids; yields the ids of those that have one. */
  const refreshRange = async (range: repository.VariantRange): Promise<number[]> => {
    const ids = await repository.listVariantIds(sql, range);
    const rows = await computeForecasts(ids, { frequency: 'DAILY', heard: ids }, () => undefined);
    const stored = ids.flatMap((variantId, index) => toStored(variantId, rows[index]));
    await repository.storeForecasts(sql, stored);
    return stored.map(({ variantId }) => variantId);
  };

  /** What is known of each variant, and its own forecast: the stored one where it is fresh, computed otherwise. */
  const findForecasts = async (
    variantIds: readonly number[],
    frequency: SalesFrequency,
    onRun: OnModelRun,
  ) => {
    const key = { frequency, modelName: engines.model.name, modelVersion: engines.model.version };
    const known = await repository.listKnownForecasts(sql, variantIds, key);
    const missing = variantIds.filter((id) => (known.get(id)?.row ?? null) === null);
    const heard = missing.filter((id) => known.get(id)?.hasSignals);
    const rows = await computeForecasts(missing, { frequency, heard }, onRun);
    const live = new Map(missing.map((id, index) => [id, rows[index] ?? null]));
    return { known, live, rowOf: (id: number) => known.get(id)?.row ?? live.get(id) ?? null };
  };

  return {
    /** The model behind all forecasts. */
    model: engines.model,
    /** Level and one-step deviation of one history by simple exponential smoothing. */
    smoothDemand: fitSmoothedDemand,
    /** Forecasts the series of a request; throws BAD_USER_INPUT for the first rule it breaks. */
    async forecastSeries(input: ForecastSeriesInput, onRun: OnModelRun): Promise<AdHocForecast[]> {
      checkSeriesInput(input);
      const shown = input.quantileLevels ?? STANDARD_LEVELS;
      const levels = [...new Set([...shown, ...namedLevels])].sort((a, b) => a - b);
      const histories = toSeriesHistories(input);
      const answers = await predictSeries(
        engines,
        { series: histories, horizon: input.horizon, levels },
        onRun,
      );
      return answers.map((answer, index) => {
        const { id, start, values } = input.series[index] ?? { values: [] };
        const startsOn =
          start === null || start === undefined ? null : addPeriods(start, input.frequency, values.length);
        const row = {
          ...answer,
          model: engines.model,
          generatedAt: clock(),
          frequency: input.frequency,
          startsOn,
        };
        return { id: id ?? null, row, levels: shown };
      });
    },
    /**
     * Forecasts checked histories, in order, each from itself alone, at neutral influences over the horizon; a season is looked
     * for as the frequency suggests. The influences are taken out once, not anew for each window that weighs the members:
     * that costs half as much, and moves weights alone.
     */
    async forecastHistories(
      { histories, frequency, horizon }: HistoriesInput,
      onRun: OnModelRun,
    ): Promise<QuantileForecast[]> {
      const series = histories.map((history) => ({
        ...history,
        seasonLength: findSeasonLength(frequency, history.values.length),
      }));
      const neutral = await engines.runTask({ kind: 'neutraliseOnce', series, horizon });
      const request = { series: neutral, horizon, levels: STANDARD_LEVELS, isPooled: false };
      return (await predictSeries(engines, request, onRun)).map(({ forecast }) => forecast);
    },
    /** Forecasts the demand of a plan's checked items, in order; items of a group inform each other (`forecastTogether`). */
    forecastPlanDemand(input: PlanDemandInput, onRun: OnModelRun): Promise<readonly DemandForecast[]> {
      const { horizon, frequency, items } = input;
      const series = items.map(({ history, inStock }) => ({ values: history, inStock }));
      const request = {
        histories: toSeriesHistories({ series, frequency }),
        groups: items.map(({ groups }) => groups ?? []),
        seasonLength: findSeasonLength(frequency, Number.POSITIVE_INFINITY),
        horizon,
      };
      return forecastTogether(request, {
        alone: async (histories, ahead) => {
          const asked = { series: histories, horizon: ahead, levels: storedLevels };
          return (await predictSeries(engines, asked, onRun)).map(({ forecast: one }) => one);
        },
        pooled: (pool) => engines.runTask({ kind: 'poolDemand', request: pool }),
      });
    },
    /**
     * Forecasts of variants, 64 periods each, in key order: the stored one where it is fresh, computed otherwise (one
     * model run for all); reconciled where a fresh tree holds it, under the planners' overrides. Null where a
     * variant has never been sold and none is like it.
     */
    async forecastVariants(
      variantIds: readonly number[],
      frequency: SalesFrequency,
      onRun: OnModelRun,
    ): Promise<(ForecastRow | null)[]> {
      const { known, rowOf } = await findForecasts(variantIds, frequency, onRun);
      return variantIds.map((id) => {
        const row = rowOf(id);
        if (row === null) return null;
        const { tree = null, overrides = [] } = known.get(id) ?? {};
        return applyOverrides(tree === null ? row : applyTree(row, tree), overrides);
      });
    },
    /** Daily forecasts of variants before reconciliation and overrides, in key order; those computed are stored. */
    async forecastBase(variantIds: readonly number[]): Promise<(ForecastRow | null)[]> {
      const { live, rowOf } = await findForecasts(variantIds, 'DAILY', () => undefined);
      const computed = [...live].flatMap(([id, row]) => toStored(id, row));
      if (computed.length > 0) await repository.storeForecasts(sql, computed);
      return variantIds.map(rowOf);
    },
    /**
     * Forecasts variants as they would have been from moments of their past, by variant and then by origin; a variant
     * whose history is too short for an origin has none there. One model run for all.
     */
    async forecastOrigins(
      variantIds: readonly number[],
      settings: OriginSettings,
      onRun: OnModelRun,
    ): Promise<OriginForecast[]> {
      const { frequency, horizon } = settings;
      const histories = await listHeardDemand(variantIds, variantIds, daysForOrigins(settings));
      const cases = histories.flatMap(({ variantId, ...daily }) =>
        listOriginCases(daily, settings).map((one) => ({ ...one, variantId })),
      );
      const answers = await predictSeries(
        engines,
        {
          series: cases.map(({ history }) => history),
          // As far as the windows that weigh the members; beyond it a longer forecast begins with a shorter one.
          horizon: Math.max(horizon, windowLengths[frequency]),
          levels: STANDARD_LEVELS,
          windowLength: windowLengths[frequency],
          isPooled: false,
        },
        onRun,
      );
      return cases.map((one, index) => ({
        ...one,
        forecast: answers[index]?.forecast ?? makeForecast(horizon, STANDARD_LEVELS),
        baseline: seasonalNaive.predict(one.history, horizon, STANDARD_LEVELS),
      }));
    },
    /** Cuts all variants into ranges of ids, for `refreshRange`. */
    listRefreshRanges: (): Promise<repository.VariantRange[]> => repository.listRanges(sql, batchSize),
    refreshRange,
    /** Ids of the variants in a range. */
    listRangeIds: (range: repository.VariantRange) => repository.listVariantIds(sql, range),
    /** Forecasts of demand that was added up, 64 periods each, in order; null where nothing was ever sold. */
    forecastDemand,
    /**
     * Computes and stores the daily forecast of every variant that has one, and yields their number; calls `onProgress`
     * after each batch with the variants looked at.
     */
    async refreshForecasts(
      onProgress: (done: number, total: number) => void = () => undefined,
    ): Promise<number> {
      const ranges = await repository.listRanges(sql, batchSize);
      const total = ranges.reduce((sum, { count }) => sum + count, 0);
      let [done, stored] = [0, 0];
      for (const range of ranges) {
        stored += (await refreshRange(range)).length;
        done += range.count;
        onProgress(done, total);
      }
      return stored;
    },
  };
}

function toStored(variantId: number, row: ForecastRow | null | undefined) {
  if (row === null || row === undefined || row.startsOn === null) return [];
  return [{ variantId, row, dataThrough: addPeriods(row.startsOn, 'DAILY', -1) }];
}
