import type { RecommendationHandler } from '../../recommendations/service.ts';
import type { PriceRecordsService } from '../records/service.ts';
import { describeStaleness, isCurrent, putPricesBack, setRecommendedPrices } from './carryOut.ts';
import { endSchedules } from './scheduleRepository.ts';
import { termsOf } from './storedProposal.ts';

/** Makes how single recommendations about prices are carried out: what the recommendations' domain asks of pricing. */
export function makePriceHandler(
  prices: Pick<PriceRecordsService, 'setPrices' | 'lockVariants'>,
): RecommendationHandler {
  return {
    async lockSubject(tx, variantId) {
      await prices.lockVariants(tx, [variantId]);
    },
    async findStaleness(tx, recommendation) {
      const [held] = await prices.lockVariants(tx, [recommendation.subjectId]);
      const terms = termsOf(recommendation);
      return held === undefined || isCurrent(terms, held) ? null : describeStaleness(terms, held);
    },
    async apply(tx, recommendation, { actor, reason, now }) {
      const held = await prices.lockVariants(tx, [recommendation.subjectId]);
      const hindrances = await setRecommendedPrices(
        tx,
        [{ recommendation, actor, reason }],
        new Map(held.map((row) => [row.id, row])),
        prices,
      );
      const hindrance = hindrances.get(recommendation.id) ?? null;
      if (hindrance === null) await endSchedules(tx, [toSetBefore(recommendation.id, actor)], now);
      return hindrance;
    },
    async revert(tx, recommendation, { actor, reason }) {
      const hindrances = await putPricesBack(tx, [{ recommendation, actor, reason }], prices);
      return hindrances.get(recommendation.id) ?? null;
    },
  };
}

/** The end of a schedule whose price was set before its day. */
export function toSetBefore(recommendationId: number, actor: string) {
  return { recommendationId, state: 'CANCELLED', note: `${actor} set the price before its day.` } as const;
}
