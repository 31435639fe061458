import DataLoader from 'dataloader';
import { makeArgumentLoader } from '../argumentLoader.ts';
import type { ReorderRule } from './calculateReorder.ts';
import type { ProposalRow } from './repository.ts';
import type { OfferedReorder, ReorderSituation, ReplenishmentService } from './service.ts';

export type ReplenishmentLoaders = ReturnType<typeof makeReplenishmentLoaders>;

/** Makes the replenishment loaders of one request; `findSituation` reads through the other domains' loaders. */
export function makeReplenishmentLoaders(
  service: ReplenishmentService,
  findSituation: (variantId: number) => Promise<ReorderSituation | null>,
) {
  return {
    proposalById: new DataLoader<number, ProposalRow | null>((ids) => service.findProposals(ids)),
    reorderByVariant: makeArgumentLoader<number, ReorderRule, OfferedReorder | null>(async (ids, rule) =>
      service.calculateReorders(await Promise.all(ids.map(findSituation)), rule),
    ),
  };
}
