import type { Sql } from '../../database/sql.ts';
import type { NewRecommendation, RecommendationsService } from '../../recommendations/service.ts';
import { isSameAmount } from '../records/amount.ts';
import type { PriceRecordsService } from '../records/service.ts';
import { insertProposals, listDecided } from './proposalRepository.ts';
import { termsOf } from './storedProposal.ts';

/** What a run proposed: row ids of variants; those left out had another price by then, or were decided on before. */
export type Proposed = {
  readonly proposals: readonly NewRecommendation[];
  readonly changed: readonly number[];
  readonly decided: readonly number[];
};

/** What proposing stands on. */
export type ProposeParts = {
  readonly recommendations: Pick<RecommendationsService, 'propose'>;
  readonly prices: Pick<PriceRecordsService, 'lockVariants'>;
  readonly now: Date;
};

/**
 * Makes these the open proposals about the variants, and withdraws the others. Left out are those for a price that no longer
 * holds, and those that a person has accepted or declined before, from the same price to the same price. Five statements,
 * whatever their number.
 */
export async function proposePrices(
  tx: Sql,
  given: {
    readonly variantIds: readonly number[];
    readonly proposals: readonly NewRecommendation[];
    readonly jobId: number;
  },
  { recommendations, prices, now }: ProposeParts,
): Promise<Proposed> {
  const { variantIds, proposals, jobId } = given;
  const held = new Map((await prices.lockVariants(tx, variantIds)).map((row) => [row.id, row]));
  const decided = new Set((await listDecided(tx, variantIds)).map(toKey));
  const isDecided = (proposal: NewRecommendation) =>
    decided.has(toKey({ variantId: proposal.subjectId, ...termsOf(proposal) }));
  const holds = (proposal: NewRecommendation) => {
    const { currentPrice, currencyCode } = termsOf(proposal);
    const row = held.get(proposal.subjectId);
    return row !== undefined && row.currencyCode === currencyCode && isSameAmount(row.price, currentPrice);
  };
  const holding = proposals.filter(holds);
  const open = holding.filter((proposal) => !isDecided(proposal));
  await recommendations.propose(tx, 'PRICE', { ids: variantIds, proposals: open }, now);
  await insertProposals(tx, variantIds, jobId);
  const idsOf = (rows: readonly NewRecommendation[]) => rows.map(({ subjectId }) => subjectId);
  return {
    proposals: open,
    changed: idsOf(proposals.filter((proposal) => !holds(proposal))),
    decided: idsOf(holding.filter(isDecided)),
  };
}

function toKey(terms: {
  readonly variantId: number;
  readonly currentPrice: string;
  readonly recommendedPrice: string;
}): string {
  return [terms.variantId, Number(terms.currentPrice), Number(terms.recommendedPrice)].join(' ');
}
