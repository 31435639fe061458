import type { ModelRef } from '../generated/graphql.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import type { EnsembleEngines, NetworkForecaster } from './ensemble.ts';
import type { RunForecastTask } from './forecastTask.ts';

/** Told of every model run that a request's rows took part in. */
export type OnModelRun = (run: ModelRun) => void;

/** The engines behind the forecasts; `network` is null where no demand network is installed. */
export type ForecastEngines = {
  readonly model: ModelRef;
  readonly network: ((onRun: OnModelRun) => NetworkForecaster) | null;
  /** Runs the other calculations of forecasting on its threads. */
  readonly runTask: RunForecastTask;
} & Required<Pick<EnsembleEngines, 'finish' | 'neutralise'>>;
