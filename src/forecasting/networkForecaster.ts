import { DEMAND_COVARIATES, type DemandSeries } from '../inference/demandFeeds.ts';
import type { DemandNetwork } from '../inference/demandNetwork.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import { meanFromQuantiles } from '../maths/quantiles.ts';
import type { NetworkForecaster } from './ensemble.ts';
import type { QuantileForecast, SeriesHistory } from './member.ts';

const channelNames: readonly string[] = DEMAND_COVARIATES;

/** Makes the ensemble's network member out of the demand network; `onRun` is told of every model run. */
export function makeNetworkForecaster(
  network: DemandNetwork,
  onRun: (run: ModelRun) => void,
): NetworkForecaster {
  return async (histories, horizon) => {
    const predictions = await network.predict(
      histories.map((history) => toDemandSeries(history, horizon)),
      horizon,
      { onRun },
    );
    return predictions.map(({ quantiles, levels }): QuantileForecast => {
      const mean = new Float64Array(horizon);
      for (let period = 0; period < horizon; period += 1)
        mean[period] = meanFromQuantiles(
          levels,
          quantiles.subarray(period * levels.length, (period + 1) * levels.length),
        );
      return { horizon, levels, quantiles, mean };
    });
  };
}

function toDemandSeries(
  { values, inStock, seasonLength, covariates }: SeriesHistory,
  horizon: number,
): DemandSeries {
  const series = { values, inStock, period: seasonLength };
  if (covariates === undefined || covariates.length === 0) return series;
  const channels = new Float32Array((values.length + horizon) * DEMAND_COVARIATES.length);
  for (const { name, values: known } of covariates) {
    const channel = channelNames.indexOf(name);
    for (let period = 0; period < Math.min(known.length, values.length + horizon); period += 1) {
      const value = known[period] ?? Number.NaN;
      const used = name === 'price_ratio' ? Math.log(value) : value;
      if (Number.isFinite(used)) channels[period * DEMAND_COVARIATES.length + channel] = used;
    }
  }
  return { ...series, covariates: channels };
}
