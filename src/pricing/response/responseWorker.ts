import { serveWorker } from '../../workers/workerEntry.ts';
import { answerResponseTask, type ResponseTask } from './responseTask.ts';

/** Worker-thread script: reads how demand answered to prices off the event loop. */
serveWorker((task: ResponseTask) => {
  const response = answerResponseTask(task);
  return { response, transfer: [response.features.buffer] };
});
