import { serveWorker } from '../../workers/workerEntry.ts';
import { type PlannedItem, planDemand } from './planDemand.ts';

/** Worker-thread script: expects demand under planned prices off the event loop. */
serveWorker((planned: readonly PlannedItem[]) => ({ response: planDemand(planned) }));
