import type { Frequency, PriceWarning } from '../../generated/graphql.ts';
import type { RecommendationRow } from '../../recommendations/service.ts';
import type { PriceObjective } from '../priceItem.ts';

/** What a recommendation about a price sets; amounts are exact decimals as text. */
export type PriceTerms = {
  readonly currentPrice: string;
  readonly recommendedPrice: string;
  readonly currencyCode: string;
};
/** What is expected at a price over the whole horizon; amounts are exact decimals as text. */
export type PriceExpectation = {
  readonly units: number;
  /** Ends of the 95 % interval. */
  readonly unitsLow: number;
  readonly unitsHigh: number;
  readonly revenue: string;
  readonly margin: string;
  readonly marginLow: string;
  readonly marginHigh: string;
};
/** The same with its price. */
export type PricedExpectation = PriceExpectation & { readonly price: string; readonly currencyCode: string };
/** What a recommendation about a price rests on: plain JSON. */
export type PriceFacts = {
  readonly frequency: Frequency;
  /** Periods. */
  readonly horizon: number;
  readonly objective: PriceObjective;
  readonly unitCost: string;
  /** Those that were given, by name. */
  readonly constraints: Readonly<Record<string, unknown>>;
  readonly current: PriceExpectation;
  readonly recommended: PriceExpectation;
  /** What it is to bring more than the current price, by the objective. */
  readonly expectedGain: string;
  readonly elasticity: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly identified: boolean;
  };
  readonly bindingConstraints: readonly string[];
  readonly drivers: readonly { readonly name: string; readonly confidence: number }[];
  readonly warnings: readonly PriceWarning[];
};

/** The terms of a recommendation about a price. */
export function termsOf({ terms }: Pick<RecommendationRow, 'terms'>): PriceTerms {
  return terms as PriceTerms; // as pricing proposed them
}

/** The facts of a recommendation about a price. */
export function factsOf({ facts }: Pick<RecommendationRow, 'facts'>): PriceFacts {
  return facts as PriceFacts; // as pricing proposed them
}
