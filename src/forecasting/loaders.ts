import { makeArgumentLoader } from '../argumentLoader.ts';
import type { SalesFrequency } from './dailyHistory.ts';
import type { ForecastingService, OnModelRun } from './service.ts';

export type ForecastingLoaders = ReturnType<typeof makeForecastingLoaders>;

/** Makes the forecast loaders of one request; the horizon is no part of the key, so all fields share one model run. */
export function makeForecastingLoaders(service: ForecastingService, onRun: OnModelRun) {
  return {
    forecastByVariant: makeArgumentLoader((ids: readonly number[], frequency: SalesFrequency) =>
      service.forecastVariants(ids, frequency, onRun),
    ),
  };
}
