/** What is known of items whose prices are to be set. Prices and costs are in one currency's main unit per unit sold. */

import type { Frequency } from '../generated/graphql.ts';

/** What was sold in one period, and under which circumstances. */
export interface PriceObservation {
  /** Days since 1970-01-01 of the period's first day. */
  readonly day: number;
  /** Units sold, ≥ 0. */
  readonly units: number;
  /** Price paid, > 0. */
  readonly price: number;
  /** Price without any promotion, > 0; NaN = unknown. */
  readonly regularPrice: number;
  readonly promoted: boolean;
  /** Prices > 0 of the same competitors in the same order in every period; NaN = unknown. */
  readonly competitorPrices: readonly number[];
  /** False where sales were limited by stock: demand was at least the units. */
  readonly inStock: boolean;
  /** Mean sentiment of what was written about the item before the period ended, −1 to 1; NaN = unknown. */
  readonly sentiment: number;
  /** Complaints a day, ≥ 0; NaN = unknown. */
  readonly complaintRate: number;
}

/** Bounds of a recommended price; NaN, or no entry, where there is none. */
export interface PriceConstraints {
  /** Lowest price. */
  readonly floor: number;
  /** Highest price. */
  readonly ceiling: number;
  /** Lowest (price − unit cost) ÷ price, below 1. */
  readonly minimumMarginRate: number;
  /** Largest |price ÷ current price − 1|. */
  readonly maximumStepRate: number;
  /** Fractions of the main unit that a price may end in, each in [0, 1); empty = any. */
  readonly endings: readonly number[];
  /** Lowest and highest ratio to the competitors' median price. */
  readonly competitorCorridor: readonly [low: number, high: number] | null;
  /** Most units that can be sold over the horizon. */
  readonly stockLimit: number;
  /** Lowest price at which a manufacturer lets its goods be advertised. */
  readonly minimumAdvertisedPrice: number;
}

/** A stock that is to be gone by a day. */
export interface PriceMarkdown {
  /** Units now, ≥ 0. */
  readonly stock: number;
  /** Days since 1970-01-01 of the last day of sale. */
  readonly endDay: number;
  /** What a unit is worth that is left then, ≥ 0. */
  readonly salvageValue: number;
}

/** One item to price. */
export interface PriceItem {
  readonly id: string;
  /** At least one period, oldest first, no period twice. */
  readonly history: readonly PriceObservation[];
  /** ≥ 0. */
  readonly unitCost: number;
  /** > 0. */
  readonly currentPrice: number;
  /** Today's prices of the competitors, in the order of the history's; empty = those of the last period. */
  readonly competitorPrices: readonly number[];
  readonly constraints: PriceConstraints;
  /** E.g. `category:mugs`: items of a group inform each other, the first group most. */
  readonly groups: readonly string[];
  /** Absent where the price is to hold for the whole horizon. */
  readonly markdown?: PriceMarkdown;
}

/** What an optimised price is to bring most of: revenue less unit cost, or revenue. */
export type PriceObjective = 'MARGIN' | 'REVENUE';

/** Items that are priced together. */
export interface PriceRequest {
  readonly frequency: Frequency;
  /** Periods for which the prices are to hold, 1 to 64. */
  readonly horizon: number;
  readonly objective: PriceObjective;
  readonly items: readonly PriceItem[];
}
