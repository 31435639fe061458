/** Scores of forecasts of a whole evaluation set, by the protocol. */

import type { QuantileForecast } from '../../src/forecasting/member.ts';
import {
  addScores,
  intervalCoverage,
  makeScoreSums,
  seasonalError,
  sumScaledErrors,
  weightedQuantileLoss,
} from '../../src/maths/pinball.ts';
import type { EvaluationSet } from './dataSets.ts';
import { sumRandomisedCoverage } from './randomisedCoverage.ts';

/** WQL, MASE and coverage of the central 80 % interval on one set. */
export interface SetScore {
  readonly wql: number;
  readonly mase: number;
  /** Share of periods inside the interval, its ends included. */
  readonly coverage80: number;
  /** The same with the ends of counts split (`sumRandomisedCoverage`). */
  readonly randomisedCoverage80: number;
}

/** Scores the forecasts of a set, one per series and in its order, at levels 0.1 … 0.9. */
export function scoreSet(set: EvaluationSet, forecasts: readonly QuantileForecast[]): SetScore {
  const sums = makeScoreSums();
  let [scaledSum, scaledCount, randomised] = [0, 0, 0];
  for (const [i, { train, test }] of set.series.entries()) {
    const forecast = forecasts[i];
    if (forecast === undefined) throw new Error(`Every series must have a forecast, series ${i} has none.`);
    addScores(sums, test, forecast);
    randomised += sumRandomisedCoverage(test, forecast);
    const width = forecast.levels.length;
    const centre = forecast.levels.indexOf(0.5);
    const medians = Float64Array.from(test, (_, h) => forecast.quantiles[h * width + centre] ?? Number.NaN);
    const scaled = sumScaledErrors(test, medians, seasonalError(train, set.seasonLength));
    scaledSum += scaled.sum;
    scaledCount += scaled.count;
  }
  return {
    wql: weightedQuantileLoss(sums),
    mase: scaledSum / scaledCount,
    coverage80: intervalCoverage(sums),
    randomisedCoverage80: randomised / sums.count,
  };
}
