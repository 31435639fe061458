import DataLoader from 'dataloader';
import type { EventRow, RecommendationRow } from './repository.ts';
import type { RecommendationsService } from './service.ts';

/** Loaders of recommendations, grouped as `context.loaders.recommendations`. */
export type RecommendationsLoaders = ReturnType<typeof makeRecommendationsLoaders>;

/** Makes the loaders of recommendations of one request. */
export function makeRecommendationsLoaders(service: RecommendationsService) {
  return {
    recommendationById: new DataLoader<number, RecommendationRow | null>((ids) =>
      service.findRecommendations(ids),
    ),
    recommendationsByComplaint: new DataLoader<number, readonly RecommendationRow[]>((ids) =>
      service.listOfSubjects('COMPLAINT', ids),
    ),
    eventsByRecommendation: new DataLoader<number, readonly EventRow[]>((ids) => service.listEvents(ids)),
  };
}
