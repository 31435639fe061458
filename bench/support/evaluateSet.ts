/** Runs every forecaster over one evaluation set and scores it. */

import { CLASSICAL_MEMBERS } from '../../src/forecasting/classicalMembers.ts';
import {
  type EnsembleForecast,
  forecastEnsemble,
  type NetworkForecaster,
} from '../../src/forecasting/ensemble.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { findSeasonLength } from '../../src/forecasting/seasonLength.ts';
import type { EvaluationSet } from './dataSets.ts';
import { type SetScore, scoreSet } from './score.ts';

/** One forecaster's scores and speed on one set. */
export interface ForecasterResult {
  readonly name: string;
  readonly score: SetScore;
  /**
   * Series per second of processor time of all threads, so that other programs on the machine do not count.
   */
  readonly seriesPerSecond: number;
}

/** All forecasters on one set; the first is the published baseline, a point forecast by seasonal naive. */
export interface SetResult {
  readonly set: EvaluationSet;
  readonly forecasters: readonly ForecasterResult[];
}

/** Name of the baseline's row: its quantiles all equal its mean, as in the published scores. */
export const BASELINE = 'seasonal naive (point)';
/** Series per request, the API's limit. */
const BATCH = 500;

/** Scores baseline, members, network (null = none) and the ensemble without and with it. */
export async function evaluateSet(set: EvaluationSet, network: NetworkForecaster | null): Promise<SetResult> {
  const histories = set.series.map(
    ({ train }): SeriesHistory => ({
      values: train,
      seasonLength: findSeasonLength(set.frequency, train.length),
    }),
  );
  const forecasters: ForecasterResult[] = [];
  const judge = async (name: string, run: () => Promise<readonly QuantileForecast[]>): Promise<void> => {
    const start = process.cpuUsage();
    const forecasts = await run();
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1_000_000;
    forecasters.push({ name, score: scoreSet(set, forecasts), seriesPerSecond: histories.length / seconds });
  };
  for (const { name, predict } of CLASSICAL_MEMBERS) {
    const run = async () => histories.map((history) => predict(history, set.horizon, STANDARD_LEVELS));
    if (name === 'seasonalNaive') await judge(BASELINE, async () => (await run()).map(toPointForecast));
    await judge(name, run);
  }
  await judge('ensemble without network', () => runEnsemble(histories, set.horizon, null));
  if (network !== null) {
    await judge('network', () => network(histories, set.horizon).then((forecasts) => [...forecasts]));
    await judge('ensemble', () => runEnsemble(histories, set.horizon, network));
    await judge('ensemble, each series alone', () => runEnsemble(histories, set.horizon, network, false));
  }
  return { set, forecasters };
}

async function runEnsemble(
  histories: readonly SeriesHistory[],
  horizon: number,
  network: NetworkForecaster | null,
  isPooled = true,
): Promise<readonly QuantileForecast[]> {
  const answers: EnsembleForecast[] = [];
  for (let from = 0; from < histories.length; from += BATCH) {
    const series = histories.slice(from, from + BATCH);
    const result = await forecastEnsemble(
      { series, horizon, levels: STANDARD_LEVELS, isPooled },
      { network },
    );
    answers.push(...result.series);
  }
  return answers.map((answer) => answer.forecast);
}

function toPointForecast(forecast: QuantileForecast): QuantileForecast {
  const width = forecast.levels.length;
  const quantiles = forecast.quantiles.map((_, i) => forecast.mean[Math.floor(i / width)] ?? 0);
  return { ...forecast, quantiles };
}
