import { serveWorker } from '../../workers/workerEntry.ts';
import { choosePrices } from './choosePrices.ts';
import type { PricingTask } from './priceOptimiser.ts';

/** Worker-thread script: compares prices off the event loop. */
serveWorker(({ items, objective }: PricingTask) => ({ response: choosePrices(items, objective) }));
