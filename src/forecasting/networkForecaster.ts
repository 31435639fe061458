import type { DemandNetwork } from '../inference/demandNetwork.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import { meanFromQuantiles } from '../maths/quantiles.ts';
import type { NetworkForecaster } from './ensemble.ts';
import type { QuantileForecast } from './member.ts';

/**
 * Makes the ensemble's network member out of the demand network; `onRun` is told of every model run. The network's
 * channels for price, promotion and holiday stay neutral: `estimateEffects` answers for them.
 */
export function makeNetworkForecaster(
  network: DemandNetwork,
  onRun: (run: ModelRun) => void,
): NetworkForecaster {
  return async (histories, horizon) => {
    const predictions = await network.predict(
      histories.map(({ values, inStock, seasonLength }) => ({ values, inStock, period: seasonLength })),
      horizon,
      // Rows of other callers gather while a thread is busy; waiting for them beside an idle one only takes time.
      { onRun, urgent: true },
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
