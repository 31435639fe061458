import { resolve } from 'node:path';
import type { Config } from './config.ts';
import { startForecastEngines } from './forecasting/engines.ts';
import type { ForecastEngines } from './forecasting/service.ts';
import { makeDemandNetwork } from './inference/demandNetwork.ts';
import { type Inference, makeInference } from './inference/inferenceRuntime.ts';
import type { ModelCard } from './inference/modelCard.ts';
import { makeTriageModel, type TriageModel } from './inference/triageModel.ts';
import { projectFile } from './projectRoot.ts';
import { type Replenisher, startReplenisher } from './replenishment/replenishmentTask.ts';
import { makeTextReader, type TextReader } from './triage/textReader.ts';

/** The loaded models and the engines that run them. */
export type RunningModels = {
  readonly engines: ForecastEngines;
  readonly replenisher: Replenisher;
  /** Reads texts; null where the models folder has no triage model. */
  readonly triageModel: TriageModel | null;
  readonly textReader: TextReader;
  readonly cards: readonly ModelCard[];
  readonly inference: Inference;
  close(): Promise<void>;
};

/** Loads and checks the models and starts their threads; throws one sentence that names the model at fault. */
export async function startModels(
  config: Pick<
    Config,
    'modelsFolder' | 'inferenceThreads' | 'inferenceQueueLimit' | 'inferenceDeadlineMs' | 'forecastThreads'
  >,
): Promise<RunningModels> {
  const { inferenceQueueLimit: queueLimit, inferenceDeadlineMs: deadlineMs } = config;
  const modelsFolder = resolve(projectFile(), config.modelsFolder);
  const inference = await makeInference({
    modelsFolder,
    threads: config.inferenceThreads,
    queueLimit,
    deadlineMs,
  });
  try {
    const triageModel = (await makeTriageModel(inference, modelsFolder)) ?? null;
    const forecast = await startForecastEngines(makeDemandNetwork(inference), {
      threads: config.forecastThreads,
      queueLimit,
      deadlineMs,
    });
    const replenisher = await startReplenisher({ threads: 1, queueLimit, deadlineMs });
    const textReader = makeTextReader({ queueLimit, deadlineMs });
    return {
      engines: forecast.engines,
      replenisher,
      triageModel,
      textReader,
      cards: inference.models(),
      inference,
      close: async () => {
        await Promise.all([forecast.close(), replenisher.close(), textReader.close(), inference.close()]);
      },
    };
  } catch (error) {
    await inference.close();
    throw error;
  }
}
