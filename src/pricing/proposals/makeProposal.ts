import { createHash } from 'node:crypto';
import type { Frequency, ModelRef } from '../../generated/graphql.ts';
import type { NewRecommendation } from '../../recommendations/service.ts';
import type { PriceCandidates } from '../priceAdvice.ts';
import type { PriceItem, PriceObjective } from '../priceItem.ts';
import { isPrice, isSameAmount } from '../records/amount.ts';
import type { PriceAdvice } from '../service.ts';
import { needsSecondPerson, type PricePolicy } from './policy.ts';
import type { PriceExpectation, PriceFacts, PriceTerms } from './storedProposal.ts';

/** What a run prices by; constraints are those that were given, by name. */
export type ProposalRule = {
  readonly frequency: Frequency;
  readonly horizon: number;
  readonly objective: PriceObjective;
  readonly constraints: Readonly<Record<string, unknown>>;
};
/** A variant that was priced. */
export type PricedVariant = {
  readonly variantId: number;
  readonly currencyCode: string;
  readonly item: PriceItem;
  readonly advice: PriceAdvice;
};
/** What proposals of a run have in common. */
export type ProposalContext = {
  readonly rule: ProposalRule;
  readonly policy: PricePolicy;
  readonly model: ModelRef;
  readonly jobId: number;
};

/** The proposal to price a variant otherwise; null where its price is to stay. */
export function makeProposal(
  { variantId, currencyCode, item, advice }: PricedVariant,
  { rule, policy, model, jobId }: ProposalContext,
): NewRecommendation | null {
  const terms: PriceTerms = {
    currentPrice: toDecimal(item.currentPrice),
    recommendedPrice: toDecimal(advice.recommendedPrice),
    currencyCode,
  };
  if (isSameAmount(terms.currentPrice, terms.recommendedPrice) || !isPrice(terms.recommendedPrice))
    return null;
  const inputHash = createHash('sha256').update(JSON.stringify({ item, rule, model, terms })).digest('hex');
  return {
    subjectId: variantId,
    // Each run answers anew; two of its answers for one variant cannot both be open.
    topic: `RUN:${jobId}`,
    action: advice.recommendedPrice > item.currentPrice ? 'RAISE' : 'LOWER',
    terms,
    facts: toFacts(item, advice, rule),
    rule: `HIGHEST_${rule.objective}`,
    explanation: advice.reason,
    needsSecondPerson: needsSecondPerson(terms, policy),
    inputHash,
    modelName: model.name,
    modelVersion: model.version,
  };
}

function toFacts(item: PriceItem, advice: PriceAdvice, rule: ProposalRule): PriceFacts {
  const { candidates, response } = advice;
  const { elasticity, warnings } = response;
  const current = toExpectation(candidates, candidates.grid.currentIndex);
  const recommended = toExpectation(candidates, candidates.decision.chosenIndex);
  const name = rule.objective === 'MARGIN' ? 'margin' : 'revenue';
  return {
    ...rule,
    unitCost: toDecimal(item.unitCost),
    current,
    recommended,
    expectedGain: toDecimal(advice.recommended[name] - advice.current[name]),
    elasticity: {
      value: elasticity.value,
      low: elasticity.low,
      high: elasticity.high,
      identified: elasticity.isIdentified,
    },
    bindingConstraints: advice.bindingConstraints,
    drivers: advice.drivers.map(({ name: driver, share }) => ({ name: driver, confidence: share })),
    warnings,
  };
}

function toExpectation({ grid, decision, unitCost }: PriceCandidates, index: number): PriceExpectation {
  const price = grid.prices[index] ?? 0;
  const units = decision.units[index] ?? 0;
  const unitsLow = decision.unitsLow[index] ?? 0;
  const unitsHigh = decision.unitsHigh[index] ?? 0;
  const margins = [unitsLow, unitsHigh].map((count) => (price - unitCost) * count);
  return {
    units,
    unitsLow,
    unitsHigh,
    revenue: toDecimal(price * units),
    margin: toDecimal((price - unitCost) * units),
    marginLow: toDecimal(Math.min(...margins)),
    marginHigh: toDecimal(Math.max(...margins)),
  };
}

/** An amount as the store keeps it. */
function toDecimal(amount: number): string {
  return amount.toFixed(4);
}
