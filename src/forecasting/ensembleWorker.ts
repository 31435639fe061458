/** Worker-thread script: finishes ensemble batches and answers the other tasks of forecasting off the event loop. */

import { type Handled, serveWorker } from '../workers/workerEntry.ts';
import { answerEnsembleTask, type EnsembleAnswer, type EnsembleTask } from './ensembleTask.ts';
import { answerForecastTask, type ForecastTask, type ForecastTaskAnswers } from './forecastTask.ts';

type Answer = EnsembleAnswer | ForecastTaskAnswers[ForecastTask['kind']];

serveWorker(
  (task: EnsembleTask | ForecastTask): Handled<Answer> =>
    task.kind === 'finish' || task.kind === 'neutralise'
      ? answerEnsembleTask(task)
      : { response: answerForecastTask(task) },
);
