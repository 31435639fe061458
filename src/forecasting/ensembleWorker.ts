/** Worker-thread script: finishes ensemble batches off the event loop. */

import { serveWorker } from '../workers/workerEntry.ts';
import { answerEnsembleTask } from './ensembleTask.ts';

serveWorker(answerEnsembleTask);
