import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { badInput } from '../errors.ts';
import { addPeriods } from '../forecasting/frequency.ts';
import type { ComplaintGroup } from '../generated/graphql.ts';
import type { SignalsService } from '../signals/service.ts';
import { findRateJump, longestHistory, type RateAlert, type RateWeek } from './rateAlert.ts';
import {
  type GroupWeek,
  listGroupWeeks,
  listSignalsOfWeek,
  listVariantSignals,
} from './statisticsRepository.ts';

/** Which groups and weeks are asked for. */
export type StatisticsInput = {
  readonly groupBy: ComplaintGroup;
  /** Whole weeks shown, the last ones. */
  readonly weeks: number;
  /** A day of the last week; null = the last week that is over. */
  readonly through: string | null;
  /** Groups at most. */
  readonly first: number;
  readonly onlyAlerts: boolean;
};
/** A week of a group; `units` are those sold in it and the week before, null where none are known. */
export type StatisticWeek = {
  readonly weekStartsOn: string;
  readonly complaints: number;
  readonly units: number | null;
  readonly alert: RateAlert | null;
};
/** A group; `key` is a row id or a carrier's name. */
export type Statistic = {
  readonly group: ComplaintGroup;
  readonly key: string;
  readonly weeks: readonly StatisticWeek[];
};

const maximumWeeks = 104;
const maximumGroups = 100;
/** Weeks that alerts look back on: the history of the longest window, and one for the units of the week before. */
const lookBack = longestHistory + 5;
const signalsAtATime = 1_000;
const refreshedWeeks = 8;

/** Makes the use cases that count complaints: statistics with alerts, and the signals that forecasts hear. */
export function makeStatistics(sql: Sql, clock: Clock, signals: Pick<SignalsService, 'countSignals'>) {
  return {
    /** Complaint rates by group and week: one statement. Throws BAD_USER_INPUT for the first rule that is broken. */
    async listStatistics(input: StatisticsInput): Promise<Statistic[]> {
      checkStatisticsInput(input);
      const to = mondayOf(input.through ?? addPeriods(dayOf(clock()), 'WEEKLY', -1));
      const shownFrom = addPeriods(to, 'WEEKLY', 1 - input.weeks);
      const from = addPeriods(shownFrom, 'WEEKLY', -lookBack);
      const rows = await listGroupWeeks(sql, {
        group: input.groupBy,
        from,
        shownFrom,
        to,
        groups: input.first,
      });
      const byKey = new Map<string, GroupWeek[]>();
      for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
      return [...byKey]
        .map(([key, weeks]) => ({ group: input.groupBy, key, weeks: toWeeks(weeks, shownFrom) }))
        .filter(({ weeks }) => !input.onlyAlerts || (weeks.at(-1)?.alert ?? null) !== null);
    },
    /**
     * Writes what the triaged complaints of weeks say about variants where forecasts read it (`signals`), in the place of
     * what was counted before; the last 8 weeks where no day is given. Weeks without any, and those that a client recorded, are
     * left as they are. Yields how many were written.
     */
    async refreshSignals(range?: { readonly from: string; readonly to: string }): Promise<number> {
      const to = mondayOf(range?.to ?? dayOf(clock()));
      const from = range === undefined ? addPeriods(to, 'WEEKLY', -refreshedWeeks) : mondayOf(range.from);
      const weeks = await listVariantSignals(sql, { from, to });
      let written = 0;
      for (let start = 0; start < weeks.length; start += signalsAtATime)
        written += await signals.countSignals(weeks.slice(start, start + signalsAtATime));
      return written;
    },
    /** Writes the signals of one week anew after a complaint went from a variant to another. */
    async moveSignal(variantIds: readonly number[], submittedAt: Date): Promise<void> {
      const weeks = await listSignalsOfWeek(sql, variantIds, mondayOf(dayOf(submittedAt)));
      if (weeks.length > 0) await signals.countSignals(weeks);
    },
  };
}

function checkStatisticsInput({ weeks, first }: StatisticsInput): void {
  if (weeks < 1 || weeks > maximumWeeks)
    throw badInput(`input.weeks must be 1 to ${maximumWeeks}, got ${weeks}.`, ['input', 'weeks']);
  if (first < 1 || first > maximumGroups)
    throw badInput(`input.first must be 1 to ${maximumGroups}, got ${first}.`, ['input', 'first']);
}

/** Alerts compare rates only where the units of all their weeks are known, else plain counts. */
function toWeeks(rows: readonly GroupWeek[], shownFrom: string): StatisticWeek[] {
  const begun = rows.findIndex(({ complaints, units }) => complaints > 0 || units > 0);
  const exposures = rows.map(({ units }, week) => units + (rows[week - 1]?.units ?? 0));
  return rows.flatMap((row, week) => {
    if (row.weekStartsOn < shownFrom) return [];
    const past = Math.max(begun, 1, week - lookBack + 1);
    const isKnown = exposures.slice(past, week + 1).every((units) => units > 0);
    const series: RateWeek[] = rows.slice(past, week + 1).map(({ complaints }, index) => ({
      complaints,
      exposure: isKnown ? (exposures[past + index] ?? 0) : 1,
    }));
    const units = exposures[week] ?? 0;
    const { weekStartsOn, complaints } = row;
    return [{ weekStartsOn, complaints, units: units > 0 ? units : null, alert: findRateJump(series) }];
  });
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  const time = new Date(`${day}T00:00:00Z`);
  return addPeriods(day, 'DAILY', -((time.getUTCDay() + 6) % 7));
}
