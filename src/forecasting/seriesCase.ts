/** What the ensemble keeps of each series while it is at work. */

import { CLASSICAL_MEMBERS, NETWORK_MEMBER } from './classicalMembers.ts';
import type { CalibrationWindow } from './conformal.ts';
import { POPULATION_MEMBER } from './countPopulation.ts';
import type { EnsembleBatch } from './ensemble.ts';
import { canWeigh, classifyDemand, type DemandKind } from './ensemblePrior.ts';
import type { ScoredWindow } from './ensembleWeights.ts';
import { type PreparedHistory, prepareHistory, usableValues } from './history.ts';
import { type ForecastMember, makeForecast, type QuantileForecast, type SeriesHistory } from './member.ts';
import { type NeutralHistory, neutraliseHistory } from './neutralHistory.ts';
import { type ForecastRow, planRows } from './validationWindows.ts';

/** A series on its way through the ensemble. */
export interface SeriesCase {
  /** The whole history at neutral covariates, and their effects. */
  readonly neutral: NeutralHistory;
  readonly prepared: PreparedHistory;
  /** `[n]`, what really came, NaN = missing. */
  readonly usable: Float64Array;
  readonly kind: DemandKind;
  /** Mean size of the values; 1 where all are zero. */
  readonly scale: number;
  /** Classical members that run for this kind; the baseline comes first, whatever its weight. */
  readonly members: readonly ForecastMember[];
  /** Their names, the population's where there are zeros or jumps, the network's if there is one: the order of forecasts and weights. */
  readonly names: readonly string[];
  /** The members' forecasts of the future. */
  final: readonly QuantileForecast[];
  /** Their average, before its intervals are scaled. */
  answer: QuantileForecast;
  readonly windows: ScoredWindow[];
  /** The members' average for each window, before its intervals are scaled. */
  combined: readonly CalibrationWindow[];
  /** The baseline's forecasts of the windows, from what really came: it knows no covariates. */
  readonly baselines: QuantileForecast[];
  /** In the order of `names`. */
  weights: Float64Array;
  /** Factor on the distances from the median. */
  intervalScale: number;
}

/** The case of a series that nothing has forecast yet. */
export function makeCase(raw: SeriesHistory, horizon: number, hasNetwork: boolean): SeriesCase {
  const neutral = neutraliseHistory(raw, horizon);
  const prepared = prepareHistory(neutral.history);
  const kind = classifyDemand(prepared, raw.seasonLength);
  const members = CLASSICAL_MEMBERS.filter((member, i) => i === 0 || canWeigh(kind, member.name));
  const names = members.map((member) => member.name);
  const size = prepared.values.reduce((sum, value) => sum + Math.abs(value), 0) / prepared.values.length;
  return {
    neutral,
    prepared,
    usable: usableValues(raw),
    kind,
    scale: size > 0 ? size : 1,
    members,
    names: [
      ...names,
      ...(canWeigh(kind, POPULATION_MEMBER) ? [POPULATION_MEMBER] : []),
      ...(hasNetwork ? [NETWORK_MEMBER] : []),
    ],
    final: [],
    answer: makeForecast(0, []),
    windows: [],
    combined: [],
    baselines: [],
    weights: new Float64Array(0),
    intervalScale: 1,
  };
}

/** A row of `planRows` with its series' case. */
export interface CaseRow {
  readonly item: SeriesCase;
  readonly row: ForecastRow;
  /** The row's history at neutral covariates. */
  readonly neutral: NeutralHistory;
  /** Periods to forecast. */
  readonly horizon: number;
  /** 0 for the series as it is, then its windows from the newest on. */
  readonly age: number;
}

/** The rows of `planRows` with their cases, in its order. */
export function planCaseRows(
  { series, horizon, windowLength }: EnsembleBatch,
  cases: readonly SeriesCase[],
): readonly CaseRow[] {
  const ages = new Uint32Array(cases.length);
  return planRows(series, horizon, windowLength).flatMap((row): readonly CaseRow[] => {
    const item = cases[row.owner];
    if (item === undefined) return [];
    const age = ages[row.owner] ?? 0;
    ages[row.owner] = age + 1;
    const neutral = row.window === null ? item.neutral : neutraliseHistory(row.history, horizon);
    return [{ item, row, neutral, horizon: row.window?.length ?? horizon, age }];
  });
}
