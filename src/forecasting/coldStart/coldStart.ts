import type { Sql } from '../../database/sql.ts';
import type { ModelRef } from '../../generated/graphql.ts';
import type { DemandSeries, SalesService } from '../../sales/service.ts';
import { type PeriodHistory, type SalesFrequency, toPeriodHistory } from '../dailyHistory.ts';
import { toDayNumber } from '../dayNumber.ts';
import type { ForecastRow } from '../forecastRow.ts';
import type { RunForecastTask } from '../forecastTask.ts';
import { addPeriods } from '../frequency.ts';
import { listColdTargets } from './coldStartRepository.ts';
import type { SimilarVariant } from './findSimilar.ts';
import type { SimilarDemand } from './forecastFromSimilar.ts';
import { COLD_WEEKS, mixColdStart } from './mixColdStart.ts';

/** What cold starts stand on. */
export type ColdStartParts = {
  readonly sql: Sql;
  readonly sales: Pick<SalesService, 'listDemandHistories'>;
  readonly runTask: RunForecastTask;
  readonly model: ModelRef;
};

/** A variant with little history and the forecast from it; null where it is too short for any. */
export type ColdCase = {
  readonly variantId: number;
  readonly daily: DemandSeries;
  readonly own: ForecastRow | null;
};

/** What the forecasts have in common. */
export type ColdOptions = {
  readonly frequency: SalesFrequency;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly generatedAt: Date;
};

/** A case that has similar variants: its own periods, and the first day of the forecast. */
type StartedCase = ColdCase & {
  readonly history: PeriodHistory;
  readonly startsOn: string;
  readonly similar: readonly SimilarVariant[];
};

/** Days of the similar variants that are read: 13 weeks, or four months of which three are whole. */
const similarDays = { DAILY: 91, WEEKLY: 91, MONTHLY: 124 } as const;
const rhythms = {
  DAILY: { phases: 7, seasons: 13, weeksPerPeriod: 1 / 7 },
  WEEKLY: { phases: 1, seasons: 13, weeksPerPeriod: 1 },
  MONTHLY: { phases: 1, seasons: 3, weeksPerPeriod: 365.25 / 84 },
} as const;

/** Whether a variant has too little history to be forecast from it alone: none, or less than 12 weeks. */
export function isCold(daily: DemandSeries): boolean {
  return daily.values.length < 7 * COLD_WEEKS;
}

/**
 * Forecasts of variants with little history by variant id: the recent demand of those like them, and more of the own
 * forecast with each week. A case without similar variants keeps its own. Two statements for all, whose rows are
 * bounded; the answer for a case does not depend on the others.
 */
export async function forecastColdStarts(
  parts: ColdStartParts,
  cases: readonly ColdCase[],
  options: ColdOptions,
): Promise<ReadonlyMap<number, ForecastRow>> {
  if (cases.length === 0) return new Map();
  const { frequency, horizon, levels, generatedAt } = options;
  const started = await startCases(parts, cases, frequency);
  const similarIds = [
    ...new Set(started.flatMap(({ similar }) => similar.map(({ variantId }) => variantId))),
  ];
  if (similarIds.length === 0) return new Map();
  const histories = await parts.sales.listDemandHistories(similarIds, similarDays[frequency]);
  const demandOf = new Map(histories.map((daily) => [daily.variantId, toPeriodHistory(daily, frequency)]));
  const forecasts = await parts.runTask({
    kind: 'forecastFromSimilar',
    series: started.map(({ history, startsOn, similar }) => ({
      own: history.history,
      similar: similar.flatMap(({ variantId, weight }): SimilarDemand[] => {
        const demand = demandOf.get(variantId);
        if (demand === undefined || demand.startsOn === '') return [];
        const gap = countPeriods(demand.startsOn, startsOn, frequency);
        return [{ history: demand.history, gap, weight }];
      }),
    })),
    plan: { horizon, levels, ...rhythms[frequency] },
  });
  const rows = started.flatMap(({ variantId, daily, own, history, startsOn, similar }, index) => {
    const forecast = forecasts[index] ?? null;
    if (forecast === null) return [];
    const { similarWeight, ...mixed } = mixColdStart(forecast, own, daily.values.length / 7);
    const row: ForecastRow = {
      ...mixed,
      model: parts.model,
      generatedAt,
      frequency,
      startsOn,
      accuracy: null, // nobody has measured the mixture on this variant's past
      coldStart: { ownPeriods: history.history.values.length, weight: similarWeight, similar },
    };
    return [[variantId, row] as const];
  });
  return new Map(rows);
}

/** Finds the similar variants of each case; those without are left out. */
async function startCases(
  { sql, runTask }: ColdStartParts,
  cases: readonly ColdCase[],
  frequency: SalesFrequency,
): Promise<StartedCase[]> {
  const ids = cases.map(({ variantId }) => variantId);
  const { targets, candidates } = await listColdTargets(sql, ids);
  const groups = [...new Set(targets.map(({ category }) => category))].map((key) => ({
    targets: targets.filter(({ category }) => category === key),
    candidates: candidates.filter(({ category }) => category === key),
  }));
  const found = await runTask({ kind: 'findSimilar', groups });
  const reportedOn = new Map(targets.map((target) => [target.id, target.reportedOn]));
  return cases.flatMap((one) => {
    const similar = found.get(one.variantId) ?? [];
    const history = toPeriodHistory(one.daily, frequency);
    const startsOn = history.startsOn || firstDayBehind(reportedOn.get(one.variantId) ?? null, frequency);
    return similar.length === 0 || startsOn === null ? [] : [{ ...one, history, startsOn, similar }];
  });
}

/** First day of the first whole period that nothing has been reported of; null where nothing has been at all. */
function firstDayBehind(reportedOn: string | null, frequency: SalesFrequency): string | null {
  if (reportedOn === null) return null;
  const next = addPeriods(reportedOn, 'DAILY', 1);
  return frequency === 'MONTHLY' ? `${next.slice(0, 7)}-01` : next;
}

function countPeriods(from: string, to: string, frequency: SalesFrequency): number {
  if (frequency === 'MONTHLY') return monthNumber(to) - monthNumber(from);
  return Math.round((toDayNumber(to) - toDayNumber(from)) / (frequency === 'WEEKLY' ? 7 : 1));
}

function monthNumber(day: string): number {
  return 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7));
}
