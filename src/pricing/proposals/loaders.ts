import DataLoader from 'dataloader';
import type { PriceOutcome } from './outcome.ts';
import type { ProposalRow } from './proposalRepository.ts';
import type { ScheduleRow } from './scheduleRepository.ts';
import type { PriceProposalsService } from './service.ts';

/** Loaders of recommended prices, grouped as `context.loaders.priceProposals`. */
export type PriceProposalsLoaders = ReturnType<typeof makePriceProposalsLoaders>;

/** Makes the loaders of recommended prices of one request. */
export function makePriceProposalsLoaders(service: PriceProposalsService) {
  return {
    proposalByRecommendation: new DataLoader<number, ProposalRow | null>((ids) => service.findProposals(ids)),
    scheduleByRecommendation: new DataLoader<number, ScheduleRow | null>((ids) => service.findSchedules(ids)),
    outcomeByRecommendation: new DataLoader<number, PriceOutcome | null>((ids) => service.findOutcomes(ids)),
  };
}
