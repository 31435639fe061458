import DataLoader from 'dataloader';
import { RowLoader } from '../../rowLoader.ts';
import type { ExplorationRow, ExplorationRunRow } from './explorationRepository.ts';
import type { PriceExplorationService } from './service.ts';

/** Loaders of logged draws of prices, grouped as `context.loaders.priceExploration`. */
export type PriceExplorationLoaders = ReturnType<typeof makePriceExplorationLoaders>;

/** Makes the loaders of one request. */
export function makePriceExplorationLoaders(service: PriceExplorationService) {
  return {
    runById: new RowLoader<ExplorationRunRow>((ids) => service.findRuns(ids)),
    itemsByRun: new DataLoader<number, readonly ExplorationRow[]>((ids) => service.listItems(ids)),
  };
}
