/** From stock and levels to the quantity that is ordered, with every part of the sum. */

/** How the supplier sells. */
export interface OrderTerms {
  /** Smallest order in units, ≥ 0; absent = none. */
  readonly minimumOrderQuantity?: number;
  /** Orders are whole multiples of it, > 0; absent = any quantity. */
  readonly packSize?: number;
}

/** Stock, what is on its way, what is promised, and the levels that decide. */
export interface OrderQuantityInput extends OrderTerms {
  /** Units on the shelf. */
  readonly onHand: number;
  /** Units ordered and not yet arrived. */
  readonly onOrder: number;
  /** Units promised to customers and not yet shipped. */
  readonly reserved: number;
  readonly reorderPoint: number;
  readonly orderUpTo: number;
}

/** The quantity and how it came about, in units. */
export interface OrderQuantity {
  /** On hand + on order − reserved. */
  readonly inventoryPosition: number;
  /** Units missing to the order-up-to level; 0 when the position is at or above the reorder point. */
  readonly required: number;
  /** Units added to reach the minimum order quantity. */
  readonly addedForMinimum: number;
  /** Units added to fill the last pack. */
  readonly addedForPack: number;
  /** What to order: the sum of the three. */
  readonly quantity: number;
}

/**
 * Orders up to the level when the position is below the reorder point, else nothing; then minimum and packs.
 */
export function planOrderQuantity(input: OrderQuantityInput): OrderQuantity {
  const inventoryPosition = input.onHand + input.onOrder - input.reserved;
  const required =
    inventoryPosition < input.reorderPoint ? Math.max(0, input.orderUpTo - inventoryPosition) : 0;
  const quantity = roundToTerms(required, input);
  const withMinimum = required > 0 ? Math.max(required, input.minimumOrderQuantity ?? 0) : 0;
  return {
    inventoryPosition,
    required,
    addedForMinimum: withMinimum - required,
    addedForPack: quantity - withMinimum,
    quantity,
  };
}

/**
 * The smallest allowed order of at least `units`: 0 for 0 or less, else the minimum, then the next whole
 * pack.
 */
export function roundToTerms(units: number, { minimumOrderQuantity = 0, packSize }: OrderTerms): number {
  if (!(units > 0)) return 0;
  const least = Math.max(units, minimumOrderQuantity);
  if (packSize === undefined || !(packSize > 0)) return least;
  // A quotient that is a whole number but for rounding must not start another pack.
  const packs = Math.ceil(least / packSize - 1e-9);
  return Math.max(1, packs) * packSize;
}
