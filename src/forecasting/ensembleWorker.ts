/** Worker-thread script: finishes ensemble batches off the event loop. */

import { serveWorker } from '../workers/workerEntry.ts';
import { finishPackedBatch, type PackedBatch, packedBuffers } from './ensemblePacking.ts';

serveWorker((batch: PackedBatch) => {
  const response = finishPackedBatch(batch);
  return { response, transfer: packedBuffers(response) };
});
