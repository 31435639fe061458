/** From stock and levels to the quantity that is ordered, with every part of the sum. */

/** How the supplier sells. */
export interface OrderTerms {
  /** Smallest order in units, ≥ 0; absent = none. */
  readonly minimumOrderQuantity?: number;
  /** Orders are whole multiples of it, > 0; absent = any quantity. */
  readonly packSize?: number;
  /** Whether units are whole where no pack says so; absent = fractions can be ordered. */
  readonly isWhole?: boolean;
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

/** Units between neighbouring orders: a pack, a whole unit, or 0 where any quantity can be ordered. */
export function orderStep({ packSize, isWhole = false }: OrderTerms): number {
  return packSize !== undefined && packSize > 0 ? packSize : isWhole ? 1 : 0;
}

/** The allowed order nearest to `units`; 0 where less than half a step is wanted, at least the minimum otherwise. */
export function nearestOrder(units: number, terms: OrderTerms): number {
  const step = orderStep(terms);
  const near = step > 0 ? Math.round(units / step) * step : units;
  if (!(near > 0)) return 0;
  return near >= (terms.minimumOrderQuantity ?? 0) ? near : smallestOrder(terms);
}

/** The largest allowed order of at most `units`; 0 where that is below the minimum. */
export function orderAtMost(units: number, terms: OrderTerms): number {
  const step = orderStep(terms);
  // A quotient that is a whole number but for rounding keeps its last pack.
  const most = step > 0 ? Math.floor(units / step + 1e-9) * step : units;
  return most > 0 && most >= smallestOrder(terms) - 1e-9 * step ? most : 0;
}

/** The minimum in whole steps; a step where there is no minimum. */
function smallestOrder(terms: OrderTerms): number {
  const step = orderStep(terms);
  const minimum = terms.minimumOrderQuantity ?? 0;
  return step > 0 ? Math.max(1, Math.ceil(minimum / step - 1e-9)) * step : minimum;
}
