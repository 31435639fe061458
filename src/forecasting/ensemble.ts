/**
 * The ensemble: every member's forecast, weighed by how it did on the series' own past, with honest
 * intervals.
 */

import type { ForecastAccuracy } from './accuracy.ts';
import type { CovariateInfluence } from './covariateEffects.ts';
import { finishEnsemble } from './finishEnsemble.ts';
import type { QuantileForecast, SeriesHistory } from './member.ts';
import { neutraliseHistory } from './neutralHistory.ts';
import { planRows } from './validationWindows.ts';

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
  /** What its covariates were found to do; empty without covariates. */
  readonly influences: readonly CovariateInfluence[];
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

/** Forecasts all histories, which have no covariates, in one call, in their order, at whatever levels it has (0.5 among them). */
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
  /** Where covariates' effects are removed, as `neutralHistories` does; absent = here and now. */
  readonly neutralise?: (request: EnsembleRequest) => Promise<readonly SeriesHistory[]>;
}

/**
 * Forecasts a batch of series. The network is called once, for all series and all their validation windows.
 * A failing network rejects the promise: whether to answer without it is the caller's decision.
 */
export async function forecastEnsemble(
  request: EnsembleRequest,
  engines: EnsembleEngines,
): Promise<EnsembleResult> {
  const { network, finish, neutralise } = engines;
  const hasCovariates = request.series.some(({ covariates = [] }) => covariates.length > 0);
  const histories =
    hasCovariates && neutralise !== undefined ? await neutralise(request) : neutralHistories(request);
  const answers =
    network === null || histories.length === 0 ? null : await network(histories, request.horizon);
  const batch: EnsembleBatch = { ...request, network: answers };
  const series = finish === undefined ? finishEnsemble(batch) : await finish(batch);
  return { series, networkUsed: answers !== null };
}

/** The histories of `planRows` at neutral covariates; each row's effects are estimated from what it knows. */
export function neutralHistories({
  series,
  horizon,
  windowLength,
}: Pick<EnsembleRequest, 'series' | 'horizon' | 'windowLength'>): readonly SeriesHistory[] {
  return planRows(series, horizon, windowLength).map(
    ({ history }) => neutraliseHistory(history, horizon).history,
  );
}
