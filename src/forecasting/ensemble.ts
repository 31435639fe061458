/**
 * The ensemble: every member's forecast, weighed by how it did on the series' own past, with honest
 * intervals.
 */

import { type ForecastAccuracy, scoreForecasts } from './accuracy.ts';
import { CLASSICAL_MEMBERS, NETWORK_MEMBER } from './classicalMembers.ts';
import { changeLevels, combineForecasts, snapToZero, unionLevels } from './combine.ts';
import {
  type CalibrationWindow,
  DEFAULT_INTERVAL_SCALES,
  fitIntervalScale,
  scaleIntervals,
} from './conformal.ts';
import { canWeigh, classifyDemand, DEMAND_KINDS, type DemandKind, priorWeights } from './ensemblePrior.ts';
import { fitGroupWeights, fitSeriesWeights, type ScoredWindow } from './ensembleWeights.ts';
import { clipForecast, type PreparedHistory, prepareHistory, usableValues } from './history.ts';
import type { ForecastMember, QuantileForecast, SeriesHistory } from './member.ts';
import { type ForecastRow, planRows } from './validationWindows.ts';

/** Series to be forecast together; all have the same frequency. */
export interface EnsembleRequest {
  readonly series: readonly SeriesHistory[];
  /** Periods ahead, ≥ 1. */
  readonly horizon: number;
  /** Ascending levels in (0, 1). */
  readonly levels: readonly number[];
  /** Periods of a validation window at most; absent = the horizon. */
  readonly windowLength?: number | undefined;
  /**
   * Whether series of a kind share their evidence for weights and intervals; absent = true. False: the answer for a
   * series does not depend on what else is asked for with it.
   */
  readonly isPooled?: boolean | undefined;
}

/** One member's share in a forecast. */
export interface MemberWeight {
  readonly name: string;
  /** In [0, 1]; the weights of a series sum to 1. */
  readonly weight: number;
}

/** The ensemble's answer for one series. */
export interface EnsembleForecast {
  readonly forecast: QuantileForecast;
  readonly members: readonly MemberWeight[];
  /** Null when the history is too short for a validation window. */
  readonly accuracy: ForecastAccuracy | null;
}

/** The answers in the order of the series. */
export interface EnsembleResult {
  readonly series: readonly EnsembleForecast[];
  /** False when the network could not be asked and the classical members answered alone. */
  readonly networkUsed: boolean;
}

/** What the network was or was not able to say about the rows of `planRows`, in their order. */
export interface EnsembleBatch extends EnsembleRequest {
  readonly network: readonly QuantileForecast[] | null;
}

/** Forecasts all histories in one call, in their order, at whatever levels it has (0.5 among them). */
export type NetworkForecaster = (
  histories: readonly SeriesHistory[],
  horizon: number,
) => Promise<readonly QuantileForecast[]>;

/** The outside engines; tests and benchmarks pass plain functions. */
export interface EnsembleEngines {
  /** Null = no network: the classical members answer alone. */
  readonly network: NetworkForecaster | null;
  /**
   * Where the calculation runs; absent = here and now. A worker pool's handler calls `finishEnsemble` there.
   */
  readonly finish?: (batch: EnsembleBatch) => Promise<readonly EnsembleForecast[]>;
}

/**
 * Forecasts a batch of series. The network is called once, for all series and all their validation windows.
 * A failing network rejects the promise: whether to answer without it is the caller's decision.
 */
export async function forecastEnsemble(
  request: EnsembleRequest,
  engines: EnsembleEngines,
): Promise<EnsembleResult> {
  const { network, finish } = engines;
  const histories = planRows(request.series, request.horizon, request.windowLength).map((row) => row.history);
  const answers =
    network === null || histories.length === 0 ? null : await network(histories, request.horizon);
  const batch: EnsembleBatch = { ...request, network: answers };
  const series = finish === undefined ? finishEnsemble(batch) : await finish(batch);
  return { series, networkUsed: answers !== null };
}

/**
 * Weighs, combines and calibrates: everything but the network's run, without I/O; one to three milliseconds a
 * series.
 *
 * 1. Every classical member forecasts every row (series and windows).
 * 2. Series are grouped by kind of demand; a group's weights come from all its windows, a series' from the
 *    group's and its own windows (`fitGroupWeights`, `fitSeriesWeights`).
 * 3. Quantiles are averaged, and the distance from the median scaled per group so that 80 % covers 80 %.
 */
export function finishEnsemble(batch: EnsembleBatch): readonly EnsembleForecast[] {
  const { series, horizon, network } = batch;
  const plan = { horizon, levels: unionLevels(batch.levels) };
  const cases = series.map((history) => makeCase(history, network !== null));
  for (const [r, row] of planRows(series, horizon, batch.windowLength).entries()) {
    const item = cases[row.owner];
    if (item !== undefined) addRow(item, row, plan, network?.[r]);
  }
  for (const group of groupCases(cases, batch.isPooled ?? true)) weighGroup(group);
  const names = CLASSICAL_MEMBERS.map((member) => member.name);
  if (network !== null) names.push(NETWORK_MEMBER);
  return cases.map((item) => finishCase(item, names, batch.levels));
}

/** Smaller quantiles of whole-unit demand with zeros or jumps are 0, in units. */
const SMALLEST_DEMAND = 0.3;

/** A series on its way through the ensemble. */
interface SeriesCase {
  readonly history: SeriesHistory;
  readonly prepared: PreparedHistory;
  readonly usable: Float64Array;
  readonly kind: DemandKind;
  readonly scale: number;
  /** Classical members that run for this kind; the baseline comes first, whatever its weight. */
  readonly members: readonly ForecastMember[];
  /** Their names, then the network's if there is one: the order of forecasts and weights. */
  readonly names: readonly string[];
  final: readonly QuantileForecast[];
  readonly windows: ScoredWindow[];
  weights: Float64Array;
  intervalScale: number;
}

function makeCase(history: SeriesHistory, hasNetwork: boolean): SeriesCase {
  const prepared = prepareHistory(history);
  const kind = classifyDemand(prepared, history.seasonLength);
  const members = CLASSICAL_MEMBERS.filter((member, i) => i === 0 || canWeigh(kind, member.name));
  const names = members.map((member) => member.name);
  const size = prepared.values.reduce((sum, value) => sum + Math.abs(value), 0) / prepared.values.length;
  return {
    history,
    prepared,
    usable: usableValues(history),
    kind,
    scale: size > 0 ? size : 1,
    members,
    names: hasNetwork ? [...names, NETWORK_MEMBER] : names,
    final: [],
    windows: [],
    weights: new Float64Array(0),
    intervalScale: 1,
  };
}

function addRow(
  item: SeriesCase,
  row: ForecastRow,
  plan: { readonly horizon: number; readonly levels: readonly number[] },
  fromNetwork: QuantileForecast | undefined,
): void {
  const horizon = row.window?.length ?? plan.horizon;
  const forecasts = item.members.map((member) => member.predict(row.history, horizon, plan.levels));
  if (fromNetwork !== undefined) forecasts.push(changeLevels(fromNetwork, plan.levels, horizon));
  if (row.window === null) {
    item.final = forecasts;
    return;
  }
  const { cut, length } = row.window;
  item.windows.push({ actual: item.usable.subarray(cut, cut + length), forecasts, scale: item.scale });
}

/** Series that share their evidence: all of a kind, or each alone. */
function groupCases(cases: readonly SeriesCase[], isPooled: boolean): readonly (readonly SeriesCase[])[] {
  if (!isPooled) return cases.map((item) => [item]);
  return DEMAND_KINDS.map((kind) => cases.filter((item) => item.kind === kind));
}

function weighGroup(cases: readonly SeriesCase[]): void {
  const kind = cases[0]?.kind;
  if (kind === undefined) return;
  const windows = cases.flatMap((item) => item.windows);
  const group = fitGroupWeights(windows, priorWeights(kind, cases[0]?.names ?? []));
  const calibration: CalibrationWindow[] = [];
  for (const item of cases) {
    item.weights = fitSeriesWeights(item.windows, group);
    for (const { actual, forecasts } of item.windows) {
      calibration.push({ actual, forecast: combineForecasts(forecasts, item.weights) });
    }
  }
  const intervalScale = fitIntervalScale(calibration, DEFAULT_INTERVAL_SCALES[kind]);
  for (const item of cases) item.intervalScale = intervalScale;
}

function finishCase(item: SeriesCase, names: readonly string[], levels: readonly number[]): EnsembleForecast {
  const { history, windows, weights, usable } = item;
  const finish = (forecasts: readonly QuantileForecast[]) => finishForecast(item, forecasts);
  const judge = (pick: (window: ScoredWindow) => QuantileForecast | undefined) =>
    scoreForecasts(
      windows.flatMap((window) => {
        const forecast = pick(window);
        return forecast === undefined ? [] : [{ actual: window.actual, forecast }];
      }),
      usable,
      history.seasonLength,
    );
  return {
    forecast: changeLevels(finish(item.final), levels),
    members: names.map((name) => ({ name, weight: weights[item.names.indexOf(name)] ?? 0 })),
    accuracy:
      windows.length === 0
        ? null
        : {
            ...judge((window) => finish(window.forecasts)),
            baseline: judge((window) => window.forecasts[0]),
          },
  };
}

/**
 * Combined, scaled, and made possible: not below 0, and no fractions of the first unit where units are whole.
 */
function finishForecast(item: SeriesCase, forecasts: readonly QuantileForecast[]): QuantileForecast {
  const { prepared, weights, intervalScale, kind } = item;
  const scaled = scaleIntervals(combineForecasts(forecasts, weights), intervalScale);
  const clipped = clipForecast(scaled, prepared.nonNegative);
  return kind !== 'smooth' && prepared.isWhole ? snapToZero(clipped, SMALLEST_DEMAND) : clipped;
}
