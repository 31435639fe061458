import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import type { DemandHistory, SalesService } from '../sales/service.ts';
import type { SignalsService } from '../signals/service.ts';
import { type ColdCase, forecastColdStarts, isCold } from './coldStart/coldStart.ts';
import { type PeriodHistory, type SalesFrequency, toPeriodHistory } from './dailyHistory.ts';
import { type EnsembleForecast, type EnsembleRequest, forecastEnsemble } from './ensemble.ts';
import type { ForecastEngines, OnModelRun } from './forecastEngines.ts';
import type { ForecastRow } from './forecastRow.ts';
import { type HeardSeries, hearSignals } from './heardSeries.ts';
import { storedLevels } from './storedLevels.ts';

/** Periods that forecasts of the store's own sales reach; shorter horizons are a prefix of them. */
export const longestHorizon = 64;

/** Periods on which the members are weighed, whatever horizon is asked for: four weeks, eight weeks, half a year. */
export const windowLengths = { DAILY: 28, WEEKLY: 8, MONTHLY: 6 } as const;

/** Days of sales that are read: what the network sees of days, and as many years as say something of weeks and months. */
const historyDays = { DAILY: 512, WEEKLY: 1_820, MONTHLY: 3_650 } as const;

/** Makes what forecasts the store's own demand now, whatever is stored. */
export function makeDemandForecaster({
  sql,
  sales,
  signals,
  engines,
  clock,
}: {
  readonly sql: Sql;
  readonly sales: Pick<SalesService, 'listDemandHistories'>;
  readonly signals: Pick<SignalsService, 'listSignals'>;
  readonly engines: ForecastEngines;
  readonly clock: Clock;
}) {
  const forecast = async (
    histories: readonly PeriodHistory[],
    frequency: SalesFrequency,
    onRun: OnModelRun,
  ): Promise<ForecastRow[]> => {
    const answers = await predictSeries(
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
  /** Forecasts demand, 64 periods each, in order; null where nothing was ever sold or no period is whole. */
  const forecastDemand = async (
    histories: readonly HeardSeries[],
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
  /**
   * Demand of variants, in order, with what was written about the `heard` ones among them: two statements for all, one
   * where none is heard.
   */
  const listHeardDemand = async (
    variantIds: readonly number[],
    heard: readonly number[],
    limitDays: number,
  ): Promise<(DemandHistory & HeardSeries)[]> => {
    const [histories, rows] = await Promise.all([
      sales.listDemandHistories(variantIds, limitDays),
      heard.length === 0 ? [] : signals.listSignals(heard, { from: null, to: null }),
    ]);
    const rowsOf = new Map(heard.map((id, index) => [id, rows[index] ?? []]));
    return histories.map((daily) => hearSignals(daily, rowsOf.get(daily.variantId) ?? []));
  };
  /**
   * Forecasts variants now, in order: from their own history, with what was written about the `heard` ones among them,
   * and from similar variants where that is short.
   */
  const computeForecasts = async (
    variantIds: readonly number[],
    { frequency, heard }: { readonly frequency: SalesFrequency; readonly heard: readonly number[] },
    onRun: OnModelRun,
  ): Promise<(ForecastRow | null)[]> => {
    if (variantIds.length === 0) return [];
    const histories = await listHeardDemand(variantIds, heard, historyDays[frequency]);
    const own = await forecastDemand(histories, frequency, onRun);
    const cases = histories.flatMap(({ variantId, ...daily }, index): ColdCase[] =>
      isCold(daily) ? [{ variantId, daily, own: own[index] ?? null }] : [],
    );
    const { model, runTask } = engines;
    const options = { frequency, horizon: longestHorizon, levels: storedLevels, generatedAt: clock() };
    const cold = await forecastColdStarts({ sql, sales, runTask, model }, cases, options);
    return variantIds.map((id, index) => cold.get(id) ?? own[index] ?? null);
  };
  return { forecastDemand, listHeardDemand, computeForecasts };
}

/** Forecasts checked series with the engines' network, where they have one. */
export async function predictSeries(
  engines: ForecastEngines,
  request: EnsembleRequest,
  onRun: OnModelRun,
): Promise<readonly EnsembleForecast[]> {
  const { finish, neutralise } = engines;
  const network = engines.network?.(onRun) ?? null;
  return (await forecastEnsemble(request, { network, finish, neutralise })).series;
}
