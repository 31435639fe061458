import DataLoader from 'dataloader';
import { RowLoader } from '../rowLoader.ts';
import type { BacktestRow } from './repository.ts';
import type { BacktestSeriesRow } from './seriesRepository.ts';
import type { BacktestingService } from './service.ts';

export type BacktestingLoaders = ReturnType<typeof makeBacktestingLoaders>;

/** Makes the loaders of backtests of one request. */
export function makeBacktestingLoaders(service: BacktestingService) {
  return {
    backtestById: new RowLoader<BacktestRow>((ids) => service.findBacktests(ids)),
    backtestByJob: new DataLoader<number, BacktestRow | null>((jobIds) =>
      service.findBacktestsOfJobs(jobIds),
    ),
    seriesById: new RowLoader<BacktestSeriesRow>((ids) => service.findSeries(ids)),
  };
}
