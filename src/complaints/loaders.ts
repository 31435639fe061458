import DataLoader from 'dataloader';
import { RowLoader } from '../rowLoader.ts';
import type { ActionRow } from './actions/actionRepository.ts';
import type { ComplaintRow } from './repository.ts';
import type { ComplaintsService } from './service.ts';
import type { MessageRow, OverrideRow } from './threadRepository.ts';
import type { TriageRow } from './triageRepository.ts';

/** Loaders of complaints, grouped as `context.loaders.complaints`. */
export type ComplaintsLoaders = ReturnType<typeof makeComplaintsLoaders>;

/** Makes the loaders of complaints of one request. */
export function makeComplaintsLoaders(service: ComplaintsService) {
  return {
    complaintById: new RowLoader<ComplaintRow>((ids) => service.findComplaints(ids)),
    triageByComplaint: new DataLoader<number, TriageRow | null>((ids) => service.findTriages(ids)),
    triagesByComplaint: new DataLoader<number, readonly TriageRow[]>((ids) =>
      service.listTriagesOfComplaints(ids),
    ),
    overridesByComplaint: new DataLoader<number, readonly OverrideRow[]>((ids) =>
      service.listOverridesOfComplaints(ids),
    ),
    actionByRecommendation: new DataLoader<number, ActionRow | null>((ids) => service.findActions(ids)),
    messagesByComplaint: new DataLoader<number, readonly MessageRow[]>((ids) =>
      service.listMessagesOfComplaints(ids),
    ),
  };
}
