import { setImmediate } from 'node:timers/promises';
import type { PricingNetwork } from '../../inference/pricingNetwork.ts';
import { WorkerPool } from '../../workers/workerPool.ts';
import { workerScript } from '../../workers/workerScript.ts';
import type { DemandResponse } from '../demandResponse.ts';
import type { ResponseEngine } from '../engines.ts';
import { daysPerPeriod } from '../level/toDemandHistory.ts';
import { combineResponse } from './combineResponse.ts';
import { FEATURE_COUNT } from './evidenceFeatures.ts';
import type { ResponseAnswer, ResponseTask } from './responseTask.ts';

/** Version of the way responses are estimated beside the network. */
const engineVersion = '1.0';
/** Items whose answers are put together at one go, so that requests are served in between. */
const itemsAtOnce = 50;

/** The engine and what stops its threads. */
export type RunningResponseEngine = ResponseEngine & { close(): Promise<void> };

/**
 * Makes the engine that estimates how demand answers to prices: double machine learning with shrinkage on worker threads, which
 * start with the first request, then the network, where one is installed, once for all prices of all items.
 */
export function makeResponseEngine(
  network: PricingNetwork | undefined,
  options: { readonly threads: number; readonly queueLimit: number; readonly deadlineMs: number },
): RunningResponseEngine {
  const { threads, queueLimit, deadlineMs } = options;
  const script = workerScript(import.meta.url, './responseWorker');
  const pool = new WorkerPool<ResponseTask, ResponseAnswer>({
    name: 'price responses',
    script,
    threads,
    queueLimit,
  });
  const model =
    network === undefined
      ? { name: 'log-linear-pricing', version: engineVersion }
      : { name: 'pricing-ensemble', version: `${engineVersion}+pricing.${network.card.version}` };
  return {
    model,
    async estimate(items, grids, frequency, onRun) {
      if (items.length === 0) return [];
      const { readings, features } = await pool.run(
        { items, periodDays: daysPerPeriod(frequency) },
        { deadlineMs },
      );
      const logRatios = items.map(({ currentPrice }, index) =>
        Float64Array.from(grids[index] ?? [], (price) => Math.log(price / currentPrice)),
      );
      const answers = await network?.predict(
        logRatios.map((ratios, index) => ({
          features: features.subarray(index * FEATURE_COUNT, (index + 1) * FEATURE_COUNT),
          logPriceRatios: ratios,
        })),
        { onRun },
      );
      const responses: DemandResponse[] = [];
      for (const [index, reading] of readings.entries()) {
        if (index > 0 && index % itemsAtOnce === 0) await setImmediate();
        responses.push(
          combineResponse(reading, answers?.[index] ?? null, logRatios[index] ?? new Float64Array(0)),
        );
      }
      return responses;
    },
    close: () => pool.close(),
  };
}
