/** Worker-thread script: finishes ensemble batches and answers the other tasks of forecasting off the event loop. */

import { type Handled, serveWorker } from '../workers/workerEntry.ts';
import { finishPackedBatch, type PackedAnswer, type PackedBatch, packedBuffers } from './ensemblePacking.ts';
import { answerForecastTask, type ForecastTask, type ForecastTaskAnswers } from './forecastTask.ts';

type Answer = PackedAnswer | ForecastTaskAnswers[ForecastTask['kind']];

serveWorker((request: PackedBatch | ForecastTask): Handled<Answer> => {
  if ('kind' in request) return { response: answerForecastTask(request) };
  const response = finishPackedBatch(request);
  return { response, transfer: packedBuffers(response) };
});
