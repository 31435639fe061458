import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { ForecastSeriesInput, ModelRef } from '../generated/graphql.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import type { DemandSeries, SalesService } from '../sales/service.ts';
import { checkSeriesInput, toSeriesHistories } from './checkSeriesInput.ts';
import { type PeriodHistory, type SalesFrequency, toPeriodHistory } from './dailyHistory.ts';
import {
  type EnsembleBatch,
  type EnsembleForecast,
  type EnsembleRequest,
  forecastEnsemble,
  type NetworkForecaster,
} from './ensemble.ts';
import { type ForecastRow, namedLevels } from './forecastRow.ts';
import type { RunForecastTask } from './forecastTask.ts';
import { addPeriods } from './frequency.ts';
import { applyTree } from './hierarchy/applyTree.ts';
import { type QuantileForecast, STANDARD_LEVELS } from './member.ts';
import { applyOverrides } from './overrides/applyOverrides.ts';
import * as repository from './repository.ts';
import { storedLevels } from './storedLevels.ts';

/** Told of every model run that a request's rows took part in. */
export type OnModelRun = (run: ModelRun) => void;

/** The engines behind the forecasts; `network` is null where no demand network is installed. */
export type ForecastEngines = {
  readonly model: ModelRef;
  readonly network: ((onRun: OnModelRun) => NetworkForecaster) | null;
  readonly finish: (batch: EnsembleBatch) => Promise<readonly EnsembleForecast[]>;
  /** Runs the other calculations of forecasting on its threads. */
  readonly runTask: RunForecastTask;
};

export type ForecastingService = ReturnType<typeof makeForecastingService>;

/** A forecast of one series of a request, with the levels its client asked for. */
export type AdHocForecast = {
  readonly id: string | null;
  readonly row: ForecastRow;
  readonly levels: readonly number[];
};

/** Periods that forecasts of the store's own sales reach; shorter horizons are a prefix of them. */
export const longestHorizon = 64;

/** Periods on which the members are weighed, whatever horizon is asked for: four weeks, eight weeks, half a year. */
const windowLengths = { DAILY: 28, WEEKLY: 8, MONTHLY: 6 } as const;
const batchSize = 256;
/** Days of sales that are read: what the network sees of days, and as many years as say something of weeks and months. */
const historyDays = { DAILY: 512, WEEKLY: 1_820, MONTHLY: 3_650 } as const;

/** Makes the use cases of forecasting: series in a request, and the store's own variants and products. */
export function makeForecastingService(parts: {
  readonly database: Pick<Database, 'sql'>;
  readonly sales: Pick<SalesService, 'listDemandHistories'>;
  readonly engines: ForecastEngines;
  readonly clock: Clock;
}) {
  const { sales, engines, clock } = parts;
  const { sql } = parts.database;

  const forecast = async (
    histories: readonly PeriodHistory[],
    frequency: SalesFrequency,
    onRun: OnModelRun,
  ): Promise<ForecastRow[]> => {
    const answers = await predict(
      engines,
      {
        series: histories.map(({ history }) => history),
        horizon: longestHorizon,
        levels: storedLevels,
        windowLength: windowLengths[frequency],
        isPooled: false,
      },
      onRun,
    );
    return answers.map((answer, index) => ({
      ...answer,
      model: engines.model,
      generatedAt: clock(),
      frequency,
      startsOn: histories[index]?.startsOn ?? null,
    }));
  };
  const forecastLive = async (
    histories: readonly DemandSeries[],
    frequency: SalesFrequency,
    onRun: OnModelRun,
  ) => {
    const periods = histories.map((daily) => toPeriodHistory(daily, frequency));
    const usable = periods.filter(
      (period) => period !== null && period.history.values.length > 0,
    ) as PeriodHistory[]; // narrowed by the filter
    const rows = usable.length === 0 ? [] : await forecast(usable, frequency, onRun);
    const byPeriod = new Map(usable.map((period, index) => [period, rows[index] ?? null]));
    return periods.map((period) => byPeriod.get(period) ?? null);
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
    const histories =
      missing.length === 0 ? [] : await sales.listDemandHistories(missing, historyDays[frequency]);
    const rows = await forecastLive(histories, frequency, onRun);
    const live = new Map(missing.map((id, index) => [id, rows[index] ?? null]));
    return { known, live, rowOf: (id: number) => known.get(id)?.row ?? live.get(id) ?? null };
  };

  return {
    /** The model behind all forecasts. */
    model: engines.model,
    /** Forecasts the series of a request; throws BAD_USER_INPUT for the first rule it breaks. */
    async forecastSeries(input: ForecastSeriesInput, onRun: OnModelRun): Promise<AdHocForecast[]> {
      checkSeriesInput(input);
      const shown = input.quantileLevels ?? STANDARD_LEVELS;
      const levels = [...new Set([...shown, ...namedLevels])].sort((a, b) => a - b);
      const histories = toSeriesHistories(input);
      const answers = await predict(engines, { series: histories, horizon: input.horizon, levels }, onRun);
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
    /** Forecasts checked histories at the levels that replenishment needs, in order. */
    async forecastHistories(
      input: Pick<ForecastSeriesInput, 'series' | 'frequency' | 'horizon'>,
      onRun: OnModelRun,
    ): Promise<QuantileForecast[]> {
      const { horizon } = input;
      const answers = await predict(
        engines,
        { series: toSeriesHistories(input), horizon, levels: storedLevels },
        onRun,
      );
      return answers.map((answer) => answer.forecast);
    },
    /**
     * Forecasts of variants, 64 periods each, in key order: the stored one where it is fresh, computed otherwise (one
     * model run for all); reconciled where a fresh tree holds it, under the planners' overrides. Null where a variant has never been sold.
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
    /** Forecasts of demand that was added up, 64 periods each, in order; null where nothing was ever sold. */
    forecastDemand: forecastLive,
    /** Computes and stores the daily forecast of every variant with sales; calls `onProgress` after each batch. */
    async refreshForecasts(
      onProgress: (done: number, total: number) => void = () => undefined,
    ): Promise<number> {
      const total = await repository.countVariantsWithSales(sql);
      let done = 0;
      for (let afterId = 0; ; ) {
        const ids = await repository.listVariantIdsWithSales(sql, afterId, batchSize);
        const last = ids.at(-1);
        if (last === undefined) return done;
        const rows = await forecastLive(
          await sales.listDemandHistories(ids, historyDays.DAILY),
          'DAILY',
          () => undefined,
        );
        await repository.storeForecasts(
          sql,
          ids.flatMap((variantId, index) => toStored(variantId, rows[index])),
        );
        done += ids.length;
        afterId = last;
        onProgress(done, total);
      }
    },
  };
}

function toStored(variantId: number, row: ForecastRow | null | undefined) {
  if (row === null || row === undefined || row.startsOn === null) return [];
  return [{ variantId, row, dataThrough: addPeriods(row.startsOn, 'DAILY', -1) }];
}

async function predict(
  engines: ForecastEngines,
  request: EnsembleRequest,
  onRun: OnModelRun,
): Promise<readonly EnsembleForecast[]> {
  const network = engines.network?.(onRun) ?? null;
  return (await forecastEnsemble(request, { network, finish: engines.finish })).series;
}
