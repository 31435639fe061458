import { isBelow, isSameAmount } from './amount.ts';
import type { HeldPrice } from './priceChange.ts';
import type { ScheduledRow, Settlement } from './priceRepository.ts';

/** The prices that variants have, by row id. */
export type HeldPrices = ReadonlyMap<number, HeldPrice>;

/**
 * Decides what becomes of the scheduled prices that are due on `today`, in the order in which they were to begin: one
 * takes the place of the price that it was compared with, or of any where it was compared with none; it lapses where
 * another price holds by then. `held` are the prices so far of the variants; those not in it are left alone.
 */
export function settleDue(held: HeldPrices, scheduled: readonly ScheduledRow[], today: string): Settlement {
  const changed = new Map<number, HeldPrice>();
  const settled: Settlement['settled'][number][] = [];
  for (const { id, variantId, validFrom, price, listPrice, comparePrice } of scheduled) {
    const present = changed.get(variantId) ?? held.get(variantId);
    if (present === undefined || validFrom > today) continue;
    const begins = comparePrice === null || isSameAmount(comparePrice, present.price);
    settled.push({ id, status: begins ? 'EFFECTIVE' : 'LAPSED' });
    if (begins) changed.set(variantId, { price, listPrice });
  }
  return { settled, held: [...changed].map(([variantId, prices]) => ({ variantId, ...prices })) };
}

/** The prices that are to hold up to `day` of a variant: the last that is scheduled to begin by then, else those that hold. */
export function findPlanned(
  held: HeldPrice,
  scheduled: readonly ScheduledRow[],
  { variantId, day }: { readonly variantId: number; readonly day: string },
): HeldPrice {
  return scheduled.findLast((row) => row.variantId === variantId && row.validFrom <= day) ?? held;
}

/** Whether prices are those of a promotion: what is paid is below the regular price. */
export function isPromotion({ price, listPrice }: HeldPrice): boolean {
  return isBelow(price, listPrice);
}
