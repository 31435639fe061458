import type { VariantPriceSource } from '../../generated/graphql.ts';

/** A price to be set; the id is a row id, amounts are decimals as text in the variant's currency, days 'YYYY-MM-DD'. */
export type PriceChange = {
  readonly variantId: number;
  /** Price to be paid, > 0, at most four decimals. */
  readonly price: string;
  /** Regular price, ≥ the price; null = the one that holds, or the price where that is higher. */
  readonly listPrice: string | null;
  /** The price that must hold for this one to take its place; null = any. */
  readonly comparePrice: string | null;
  /** Currency that the amounts are meant in; null = the variant's. */
  readonly currencyCode: string | null;
  /** First day, UTC, on which it is to hold; null or a day that has passed = today. */
  readonly validFrom: string | null;
  readonly source: VariantPriceSource;
  /** What causes it, e.g. the id of a recommendation. */
  readonly reference: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
};

/** Prices of a variant, decimals as text. */
export type HeldPrice = { readonly price: string; readonly listPrice: string };

/**
 * What became of a change: set; not needed because the prices hold already; held back because another one of its call was
 * refused; or why it was refused.
 */
export type PriceChangeResult =
  | {
      readonly kind: 'set';
      /** Row id of the entry in the price history. */
      readonly priceId: number;
      readonly now: HeldPrice;
      /** What held, or is to hold, up to its first day. */
      readonly before: HeldPrice;
      readonly isScheduled: boolean;
    }
  | { readonly kind: 'unchanged'; readonly now: HeldPrice }
  | { readonly kind: 'heldBack' }
  | { readonly kind: 'stale'; readonly present: HeldPrice }
  | { readonly kind: 'currencyMismatch'; readonly currencyCode: string }
  | { readonly kind: 'listPriceBelowPrice'; readonly listPrice: string; readonly price: string }
  | { readonly kind: 'unknownVariant' };
