import { type ComparedGroup, findSimilar, type SimilarVariant } from './coldStart/findSimilar.ts';
import { type ColdPlan, type ColdSeries, forecastFromSimilar } from './coldStart/forecastFromSimilar.ts';
import {
  type CalibrationRequest,
  type CopulaCorrelations,
  calibrateCorrelations,
} from './hierarchy/calibrateCorrelations.ts';
import { readSampleQuantiles, type SampleRequest, sumSamples } from './hierarchy/jointSamples.ts';
import { type DemandHierarchy, type ReconciledDemand, reconcileDemand } from './hierarchy/reconcileDemand.ts';
import type { QuantileForecast, SeriesHistory } from './member.ts';
import { neutraliseHistory } from './neutralHistory.ts';
import { type DemandForecast, forecastPooledDemand, type PooledRequest } from './pooled/pooledDemand.ts';

/** What a forecasting thread is asked beside finishing ensembles. */
export type ForecastTask =
  | { readonly kind: 'sumSamples' | 'sumQuantiles'; readonly request: SampleRequest }
  | {
      readonly kind: 'readSampleQuantiles';
      readonly samples: Float64Array;
      readonly levels: readonly number[];
    }
  | { readonly kind: 'calibrateCorrelations'; readonly request: CalibrationRequest }
  | { readonly kind: 'reconcileDemand'; readonly hierarchy: DemandHierarchy }
  | { readonly kind: 'findSimilar'; readonly groups: readonly ComparedGroup[] }
  | { readonly kind: 'forecastFromSimilar'; readonly series: readonly ColdSeries[]; readonly plan: ColdPlan }
  | { readonly kind: 'poolDemand'; readonly request: PooledRequest }
  | { readonly kind: 'neutraliseOnce'; readonly series: readonly SeriesHistory[]; readonly horizon: number };

/** The answer to a task of each kind. */
export type ForecastTaskAnswers = {
  readonly sumSamples: Float64Array;
  readonly sumQuantiles: Float64Array;
  readonly readSampleQuantiles: Float64Array;
  readonly calibrateCorrelations: CopulaCorrelations;
  readonly reconcileDemand: ReconciledDemand;
  readonly findSimilar: ReadonlyMap<number, readonly SimilarVariant[]>;
  readonly forecastFromSimilar: readonly (QuantileForecast | null)[];
  readonly poolDemand: readonly DemandForecast[];
  readonly neutraliseOnce: readonly SeriesHistory[];
};

/** Runs a task on a forecasting thread; the answer is the one that `ForecastTaskAnswers` has for its kind. */
export type RunForecastTask = <Task extends ForecastTask>(
  task: Task,
  options?: { readonly hasDeadline: boolean },
) => Promise<ForecastTaskAnswers[Task['kind']]>;

/** Answers a task in this thread. */
export function answerForecastTask(task: ForecastTask): ForecastTaskAnswers[ForecastTask['kind']] {
  switch (task.kind) {
    case 'sumSamples':
      return sumSamples(task.request);
    case 'sumQuantiles':
      return readSampleQuantiles(sumSamples(task.request), task.request.levels);
    case 'readSampleQuantiles':
      return readSampleQuantiles(task.samples, task.levels);
    case 'calibrateCorrelations':
      return calibrateCorrelations(task.request);
    case 'reconcileDemand':
      return reconcileDemand(task.hierarchy);
    case 'findSimilar':
      return findSimilar(task.groups);
    case 'forecastFromSimilar':
      return task.series.map((series) => forecastFromSimilar(series, task.plan));
    case 'poolDemand':
      return forecastPooledDemand(task.request);
    case 'neutraliseOnce':
      return task.series.map((history) => {
        const { covariates: _, ...neutral } = neutraliseHistory(history, task.horizon).history;
        return neutral;
      });
  }
}
