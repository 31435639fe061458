import type { DemandNetwork } from '../inference/demandNetwork.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import { meanFromQuantiles } from '../maths/quantiles.ts';
import type { NetworkForecaster } from './ensemble.ts';
import type { QuantileForecast, SeriesHistory } from './member.ts';

/** Seasons that the network's second look sees, and periods of it at least. */
const RECENT_SEASONS = 2;
const FEWEST_RECENT = 6;
/** Share of the second look in the answer, chosen on validation windows. */
const RECENT_WEIGHT = 0.35;
/** Above this share of zeros the recent past alone says too little. */
const MOST_ZEROS = 0.3;

/**
 * Makes the ensemble's network member out of the demand network; `onRun` is told of every model run. The network's
 * channels for price, promotion and holiday stay neutral: `estimateEffects` answers for them.
 *
 * The network looks twice, in one run: at the whole history and, where that is longer and demand does not pause, at its
 * last two seasons alone; quantiles are averaged, 65 to 35. What it makes of the same recent past depends on how much
 * lies before, so the looks err differently (test-time augmentation).
 */
export function makeNetworkForecaster(
  network: DemandNetwork,
  onRun: (run: ModelRun) => void,
): NetworkForecaster {
  return async (histories, horizon) => {
    const owners = histories.flatMap((history, i) => (hasSecondLook(history) ? [i] : []));
    const seconds = owners.flatMap((owner) => histories.slice(owner, owner + 1).map(cutToRecent));
    const predictions = await network.predict(
      [...histories, ...seconds].map(({ values, inStock, seasonLength }) => ({
        values,
        inStock,
        period: seasonLength,
      })),
      horizon,
      // Rows of other callers gather while a thread is busy; waiting for them beside an idle one only takes time.
      { onRun, urgent: true },
    );
    for (const [k, owner] of owners.entries()) {
      const [first, second] = [predictions[owner], predictions[histories.length + k]];
      if (first !== undefined && second !== undefined) blend(first.quantiles, second.quantiles);
    }
    return predictions
      .slice(0, histories.length)
      .map(({ quantiles, levels }) => toForecast(quantiles, levels, horizon));
  };
}

function recentLength({ seasonLength }: SeriesHistory): number {
  return Math.max(RECENT_SEASONS * seasonLength, FEWEST_RECENT);
}

function hasSecondLook(history: SeriesHistory): boolean {
  const { values } = history;
  if (values.length <= recentLength(history)) return false;
  let zeros = 0;
  for (const value of values) if (value === 0) zeros += 1;
  return zeros <= MOST_ZEROS * values.length;
}

function cutToRecent(history: SeriesHistory): SeriesHistory {
  const from = history.values.length - recentLength(history);
  const { values, inStock } = history;
  return {
    ...history,
    values: values.subarray(from),
    ...(inStock === undefined ? {} : { inStock: inStock.slice(from) }),
  };
}

/** Averages the second look into the first, in place. */
function blend(first: Float64Array, second: Float64Array): void {
  for (let i = 0; i < first.length; i += 1)
    first[i] = (1 - RECENT_WEIGHT) * (first[i] ?? 0) + RECENT_WEIGHT * (second[i] ?? 0);
}

function toForecast(quantiles: Float64Array, levels: readonly number[], horizon: number): QuantileForecast {
  const mean = new Float64Array(horizon);
  for (let period = 0; period < horizon; period += 1)
    mean[period] = meanFromQuantiles(
      levels,
      quantiles.subarray(period * levels.length, (period + 1) * levels.length),
    );
  return { horizon, levels, quantiles, mean };
}
