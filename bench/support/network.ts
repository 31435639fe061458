/** The demand network for benchmarks. */

import type { NetworkForecaster } from '../../src/forecasting/ensemble.ts';
import { makeNetworkForecaster } from '../../src/forecasting/networkForecaster.ts';
import { makeDemandNetwork } from '../../src/inference/demandNetwork.ts';
import { makeInference } from '../../src/inference/inferenceRuntime.ts';

/** The running network and how to stop it. */
export interface BenchNetwork {
  readonly forecast: NetworkForecaster;
  /** Name and version as on the card. */
  readonly title: string;
  close(): Promise<void>;
}

/** Starts the network of `modelsFolder`; null when the folder holds none. */
export async function startNetwork(modelsFolder: string): Promise<BenchNetwork | null> {
  const inference = await makeInference({ modelsFolder, threads: 1, queueLimit: 64, deadlineMs: 600_000 });
  const network = makeDemandNetwork(inference);
  if (network === undefined) {
    await inference.close();
    return null;
  }
  return {
    forecast: makeNetworkForecaster(network, () => undefined),
    title: `${network.card.name} ${network.card.version}`,
    close: () => inference.close(),
  };
}
