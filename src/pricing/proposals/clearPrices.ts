import type { Context } from '../../context.ts';
import type { RecommendationRow } from '../../recommendations/service.ts';

/** Forgets what a request has read of recommended prices that a mutation may have changed. */
export function clearPrices(
  loaders: Context['loaders'],
  recommendations: readonly Pick<RecommendationRow, 'id' | 'subjectId'>[],
): void {
  for (const { id, subjectId } of recommendations) {
    loaders.priceProposals.proposalByRecommendation.clear(id);
    loaders.priceProposals.scheduleByRecommendation.clear(id);
    loaders.priceProposals.outcomeByRecommendation.clear(id);
    loaders.catalogue.variantById.clear(subjectId);
    loaders.priceRecords.pricesByVariant.clear(subjectId);
  }
}
