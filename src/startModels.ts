import { resolve } from 'node:path';
import type { Config } from './config.ts';
import { startForecastEngines } from './forecasting/engines.ts';
import type { ForecastEngines } from './forecasting/service.ts';
import { makeDemandNetwork } from './inference/demandNetwork.ts';
import { type Inference, makeInference } from './inference/inferenceRuntime.ts';
import type { ModelCard } from './inference/modelCard.ts';
import { makePricingNetwork } from './inference/pricingNetwork.ts';
import { makeTriageModel, triageName } from './inference/triageModel.ts';
import { makeTriageVersions, type TriageVersions } from './inference/triageVersions.ts';
import { makePriceOptimiser, type PriceOptimiser } from './pricing/optimiser/priceOptimiser.ts';
import { type DemandPlanner, makeDemandPlanner } from './pricing/planned/demandPlanner.ts';
import { makeResponseEngine, type RunningResponseEngine } from './pricing/response/responseEngine.ts';
import { projectFile } from './projectRoot.ts';
import { type Replenisher, startReplenisher } from './replenishment/replenishmentTask.ts';
import { makeTextReader, type TextReader } from './triage/textReader.ts';
import type { PoolStats } from './workers/workerPool.ts';

/** The loaded models and the engines that run them. */
export type RunningModels = {
  readonly engines: ForecastEngines;
  readonly replenisher: Replenisher;
  /** Estimates how demand answers to prices. */
  readonly priceResponder: RunningResponseEngine;
  /** Expects demand under planned prices. */
  readonly demandPlanner: DemandPlanner;
  readonly priceOptimiser: PriceOptimiser;
  /** Reads texts, by one of its versions. */
  readonly triageVersions: TriageVersions;
  readonly textReader: TextReader;
  readonly cards: readonly ModelCard[];
  readonly inference: Inference;
  /** Batches of all inference threads, those of versions included. */
  stats(): ReturnType<Inference['stats']>;
  close(): Promise<void>;
};

/** Loads and checks the models and starts their threads; throws one sentence that names the model at fault. */
export async function startModels(
  config: Pick<
    Config,
    'modelsFolder' | 'inferenceThreads' | 'inferenceQueueLimit' | 'inferenceDeadlineMs' | 'forecastThreads'
  > &
    Partial<Pick<Config, 'modelVersionsFolder' | 'requestTimeoutMs'>>,
): Promise<RunningModels> {
  const { inferenceQueueLimit: queueLimit, inferenceDeadlineMs: deadlineMs } = config;
  const modelsFolder = resolve(projectFile(), config.modelsFolder);
  const options = { threads: config.inferenceThreads, queueLimit, deadlineMs };
  const inference = await makeInference({ ...options, modelsFolder });
  try {
    const triageVersions = makeTriageVersions({
      shipped: (await makeTriageModel(inference, modelsFolder)) ?? null,
      folder: resolve(projectFile(), config.modelVersionsFolder ?? 'data/models', triageName),
      inference: options,
      keepMs: (config.requestTimeoutMs ?? 0) + deadlineMs,
    });
    const forecast = await startForecastEngines(makeDemandNetwork(inference), {
      threads: config.forecastThreads,
      queueLimit,
      deadlineMs,
    });
    const replenisher = await startReplenisher({ threads: 1, queueLimit, deadlineMs });
    const priceResponder = makeResponseEngine(makePricingNetwork(inference), {
      threads: 1,
      queueLimit,
      deadlineMs,
    });
    const demandPlanner = makeDemandPlanner({ queueLimit, deadlineMs });
    const priceOptimiser = makePriceOptimiser({ queueLimit, deadlineMs });
    const textReader = makeTextReader({ queueLimit, deadlineMs });
    return {
      engines: forecast.engines,
      replenisher,
      priceResponder,
      demandPlanner,
      priceOptimiser,
      triageVersions,
      textReader,
      cards: inference.models(),
      inference,
      stats: () => addPools(inference.stats(), triageVersions.stats()),
      close: async () => {
        await Promise.all([
          forecast.close(),
          replenisher.close(),
          priceResponder.close(),
          demandPlanner.close(),
          priceOptimiser.close(),
          textReader.close(),
          triageVersions.close(),
          inference.close(),
        ]);
      },
    };
  } catch (error) {
    await inference.close();
    throw error;
  }
}

function addPools(
  stats: ReturnType<Inference['stats']>,
  pools: readonly PoolStats[],
): ReturnType<Inference['stats']> {
  const sum = (count: keyof PoolStats) =>
    pools.reduce((total, pool) => total + pool[count], stats.pool[count]);
  const pool = {
    threads: sum('threads'),
    busy: sum('busy'),
    queued: sum('queued'),
    answered: sum('answered'),
    failed: sum('failed'),
    refused: sum('refused'),
    timedOut: sum('timedOut'),
    crashed: sum('crashed'),
  };
  return { ...stats, pool };
}
