import type { DemandNetwork } from '../inference/demandNetwork.ts';
import { WorkerPool } from '../workers/workerPool.ts';
import { workerScript } from '../workers/workerScript.ts';
import { type EnsembleAnswer, type EnsembleTask, makePooledEngines } from './ensembleTask.ts';
import type { ForecastTask, ForecastTaskAnswers } from './forecastTask.ts';
import { makeNetworkForecaster } from './networkForecaster.ts';
import type { ForecastEngines } from './service.ts';

/** The engines and what stops their threads. */
export type RunningEngines = { readonly engines: ForecastEngines; close(): Promise<void> };

type TaskAnswer = ForecastTaskAnswers[ForecastTask['kind']];

/** Version of the classical members and of the way the ensemble combines them; forecasts of another are recomputed. */
const ensembleVersion = '1.3';

/**
 * Starts the engines of forecasting: the demand network, where one is installed, and a pool of threads that
 * run the classical members and the combination off the event loop.
 */
export async function startForecastEngines(
  network: DemandNetwork | undefined,
  options: { readonly threads: number; readonly queueLimit: number; readonly deadlineMs: number },
): Promise<RunningEngines> {
  const { deadlineMs } = options;
  const pool = new WorkerPool<EnsembleTask | ForecastTask, EnsembleAnswer | TaskAnswer>({
    name: 'forecasting',
    script: workerScript(import.meta.url, './ensembleWorker'),
    threads: options.threads,
    queueLimit: options.queueLimit,
  });
  await pool.start();
  const model =
    network === undefined
      ? { name: 'classical-ensemble', version: ensembleVersion }
      : { name: 'demand-ensemble', version: `${ensembleVersion}+demand.${network.card.version}` };
  return {
    engines: {
      model,
      network: network === undefined ? null : (onRun) => makeNetworkForecaster(network, onRun),
      // The thread answers each task with the answer of its kind.
      ...makePooledEngines(
        { run: async (task, job) => (await pool.run(task, job)) as EnsembleAnswer },
        deadlineMs,
      ),
      runTask: async <Task extends ForecastTask>(task: Task, { hasDeadline } = { hasDeadline: true }) =>
        (await pool.run(task, hasDeadline ? { deadlineMs } : {})) as ForecastTaskAnswers[Task['kind']],
    },
    close: () => pool.close(),
  };
}
