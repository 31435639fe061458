import type { Sql } from '../../database/sql.ts';
import { trimDecimals } from '../../exactMoney.ts';
import { toGlobalId } from '../../globalId.ts';
import type { RecommendationRow } from '../../recommendations/service.ts';
import { isBelow, isSameAmount } from '../records/amount.ts';
import { isPromotion } from '../records/schedule.ts';
import type { HeldPrice, PriceChangeResult, PriceRecordsService } from '../records/service.ts';
import { listProposals, noteApplied } from './proposalRepository.ts';
import { type PriceTerms, termsOf } from './storedProposal.ts';

/** A recommendation to be carried out or undone, by whom and why. */
export type CarryOut = {
  readonly recommendation: Pick<RecommendationRow, 'id' | 'subjectId' | 'terms'>;
  readonly actor: string;
  readonly reason: string | null;
};
/** Why a recommendation was not carried out or undone, the end of a sentence; null where it was. By its id. */
export type Hindrances = ReadonlyMap<number, string | null>;

type Prices = Pick<PriceRecordsService, 'setPrices'>;

/**
 * Sets recommended prices of variants that the caller has locked, each only where the price that it was made for still holds.
 * The regular price follows unless a promotion holds, which goes on below the regular price. A number of statements that does
 * not depend on how many there are.
 */
export async function setRecommendedPrices(
  tx: Sql,
  items: readonly CarryOut[],
  held: ReadonlyMap<number, HeldPrice>,
  prices: Prices,
): Promise<Hindrances> {
  const { first, again } = oneOfEachVariant(items);
  const results = await prices.setPrices(
    tx,
    first.map((item) => {
      const { currentPrice, recommendedPrice, currencyCode } = termsOf(item.recommendation);
      return {
        ...changeOf(item),
        price: recommendedPrice,
        listPrice: followingListPrice(held.get(item.recommendation.subjectId), recommendedPrice),
        comparePrice: currentPrice,
        currencyCode,
        source: 'RECOMMENDATION' as const,
      };
    }),
    'EACH',
  );
  const applied = first.flatMap(({ recommendation }, index) => {
    const result = results[index];
    if (result?.kind !== 'set') return [];
    const { priceId, before } = result;
    return { recommendationId: recommendation.id, priceId, previousListPrice: before.listPrice };
  });
  await noteApplied(tx, applied);
  const taken = 'be the only one of its variant, got one beside another in the same call';
  return new Map([
    ...toHindrances(first, results, describeStaleness),
    ...again.map(({ recommendation }) => [recommendation.id, taken] as const),
  ]);
}

/**
 * Puts the prices back that held before recommendations were carried out, each only where its price still holds; one a
 * variant.
 */
export async function putPricesBack(
  tx: Sql,
  items: readonly CarryOut[],
  prices: Prices,
): Promise<Hindrances> {
  const ids = items.map(({ recommendation }) => recommendation.id);
  const kept = new Map((await listProposals(tx, ids)).map((row) => [row.recommendationId, row]));
  const results = await prices.setPrices(
    tx,
    items.map((item) => {
      const { currentPrice, recommendedPrice, currencyCode } = termsOf(item.recommendation);
      const previousListPrice = kept.get(item.recommendation.id)?.previousListPrice ?? currentPrice;
      return {
        ...changeOf(item),
        price: currentPrice,
        listPrice: isBelow(previousListPrice, currentPrice) ? currentPrice : previousListPrice,
        comparePrice: recommendedPrice,
        currencyCode,
        source: 'REVERSAL' as const,
      };
    }),
    'EACH',
  );
  return toHindrances(items, results, describeLaterChange);
}

/** What is wrong where another price holds than the one that a recommendation was made for, the end of a sentence. */
export function describeStaleness({ currentPrice, currencyCode }: PriceTerms, present: HeldPrice): string {
  return `be made for the price that holds, got one made for ${trimDecimals(currentPrice)} ${currencyCode} where ${trimDecimals(present.price)} ${currencyCode} holds`;
}

/** Whether the price that a recommendation was made for still holds. */
export function isCurrent({ currentPrice }: PriceTerms, present: HeldPrice): boolean {
  return isSameAmount(currentPrice, present.price);
}

function describeLaterChange({ recommendedPrice, currencyCode }: PriceTerms, present: HeldPrice): string {
  return `be about a price that still holds, got one that set ${trimDecimals(recommendedPrice)} ${currencyCode} where ${trimDecimals(present.price)} ${currencyCode} holds`;
}

function toHindrances(
  items: readonly CarryOut[],
  results: readonly PriceChangeResult[],
  describe: (terms: PriceTerms, present: HeldPrice) => string,
): Hindrances {
  return new Map(
    items.map(({ recommendation }, index) => [
      recommendation.id,
      findHindrance(results[index], termsOf(recommendation), describe),
    ]),
  );
}

function findHindrance(
  result: PriceChangeResult | undefined,
  terms: PriceTerms,
  describe: (terms: PriceTerms, present: HeldPrice) => string,
): string | null {
  switch (result?.kind) {
    case 'set':
      return null;
    case 'stale':
      return describe(terms, result.present);
    case 'unchanged':
      return describe(terms, result.now);
    case 'currencyMismatch':
      return `be in the variant's currency, got one in ${terms.currencyCode} where it is ${result.currencyCode}`;
    case 'unknownVariant':
      return 'be about a variant that exists, got one whose variant was removed';
    default:
      throw new Error(`The price of a locked variant must be set or refused, got ${result?.kind}.`);
  }
}

/** The regular price beside a recommended one: a promotion that holds leaves it where it can. */
function followingListPrice(held: HeldPrice | undefined, recommendedPrice: string): string {
  const isKept = held !== undefined && isPromotion(held) && isBelow(recommendedPrice, held.listPrice);
  return isKept ? held.listPrice : recommendedPrice;
}

function changeOf({ recommendation, actor, reason }: CarryOut) {
  return {
    variantId: recommendation.subjectId,
    validFrom: null,
    reference: toGlobalId('PriceRecommendation', recommendation.id),
    actor,
    reason,
  };
}

function oneOfEachVariant(items: readonly CarryOut[]) {
  const byVariant = new Map<number, CarryOut>();
  const again: CarryOut[] = [];
  for (const item of items)
    if (byVariant.has(item.recommendation.subjectId)) again.push(item);
    else byVariant.set(item.recommendation.subjectId, item);
  return { first: [...byVariant.values()], again };
}
