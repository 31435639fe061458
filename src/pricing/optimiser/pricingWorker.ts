import { serveWorker } from '../../workers/workerEntry.ts';
import { choosePrices, type PricingTask } from './choosePrices.ts';

/** Worker-thread script: compares prices off the event loop. */
serveWorker(async (task: PricingTask) => ({ response: await choosePrices(task) }));
