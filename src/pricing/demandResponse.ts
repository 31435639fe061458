/** How an item's demand answers to its price. */

/** Levels in (0, 1) at which the response to a price is given. */
export const RESPONSE_LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] as const;

/** An own-price elasticity at the current price: d log demand ÷ d log price. */
export interface Elasticity {
  readonly value: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** False where prices moved too little for the item's own sales to say anything: the value is what similar items show. */
  readonly isIdentified: boolean;
}

/** A member of the ensemble that estimates responses, with its share. */
export interface ResponseMember {
  readonly name: string;
  readonly weight: number;
}

/** What moves demand or was met in estimating; of an effect its coefficient with its standard error. */
export interface ResponseEffect {
  /** E.g. `promotion`, `competitor_price`, `sentiment`, `price_by_season`; all are in the schema. */
  readonly name: string;
  readonly coefficient: number;
  readonly standardError: number;
}

/** A doubt about an estimate. */
export type ResponseWarning =
  | 'PRICE_HARDLY_MOVED'
  | 'PRICE_FOLLOWS_DEMAND'
  | 'FEW_OBSERVATIONS'
  | 'OFTEN_OUT_OF_STOCK'
  | 'COMPETITORS_REACT';

/** The response of one item over a grid of G candidate prices. */
export interface DemandResponse {
  readonly elasticity: Elasticity;
  /** `[G]`, expected demand at the candidate ÷ demand at the current price, ≥ 0; 1 at the current price. */
  readonly ratios: Float64Array;
  /** `[G × RESPONSE_LEVELS]` row-major quantiles of that ratio. */
  readonly ratioQuantiles: Float64Array;
  readonly members: readonly ResponseMember[];
  readonly effects: readonly ResponseEffect[];
  readonly warnings: readonly ResponseWarning[];
}

/** Demand over the whole horizon at the current price. */
export interface DemandLevel {
  /** Expected units, ≥ 0. */
  readonly units: number;
  /** `[RESPONSE_LEVELS]` quantiles of units. */
  readonly unitQuantiles: Float64Array;
}
