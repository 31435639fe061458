import type { Random } from '../src/maths/random.ts';
import { dayCount } from './calendar.ts';

/** Prices of one variant on every day of the calendar, in cents. */
export type PriceCalendar = {
  readonly list: Int32Array;
  readonly paid: Int32Array;
  readonly promoted: Uint8Array;
};

/** A day on which the price changed, in cents. */
export type PriceChange = { readonly day: number; readonly price: number; readonly listPrice: number };

const discounts = [0.1, 0.15, 0.2, 0.25, 0.3] as const;

/**
 * Draws the prices: the regular price rises once a year or so by 3–8 %, and promotions of one or two weeks cut
 * 10–30 % off it, three to five times a year, 21 days apart at least.
 */
export function drawPriceCalendar(random: Random, priceCents: number): PriceCalendar {
  const list = new Int32Array(dayCount);
  let price = priceCents;
  let nextRise = 120 + Math.floor(random.uniform() * 300);
  for (let day = 0; day < dayCount; day += 1) {
    if (day === nextRise) {
      price = toShelfPrice(price * (1.03 + 0.05 * random.uniform()));
      nextRise += 250 + Math.floor(random.uniform() * 250);
    }
    list[day] = price;
  }
  const paid = Int32Array.from(list);
  const promoted = new Uint8Array(dayCount);
  let start = Math.floor(random.uniform() * 90);
  while (start < dayCount) {
    const length = random.uniform() < 0.6 ? 7 : 14;
    const discount = discounts[Math.floor(random.uniform() * discounts.length)] ?? 0.2;
    for (let day = start; day < Math.min(start + length, dayCount); day += 1) {
      paid[day] = toShelfPrice((list[day] ?? price) * (1 - discount));
      promoted[day] = 1;
    }
    start += length + 21 + Math.floor(random.uniform() * 110);
  }
  return { list, paid, promoted };
}

/** Days from `launchDay` on at which the paid or the regular price changed, the first included. */
export function listPriceChanges({ list, paid }: PriceCalendar, launchDay: number): PriceChange[] {
  const changes: PriceChange[] = [];
  for (let day = launchDay; day < dayCount; day += 1) {
    const change = { day, price: paid[day] ?? 0, listPrice: list[day] ?? 0 };
    const last = changes.at(-1);
    if (last?.price !== change.price || last.listPrice !== change.listPrice) changes.push(change);
  }
  return changes;
}

/** The nearest price that ends in 9 tenths below 100, a whole amount above. */
export function toShelfPrice(cents: number): number {
  if (cents >= 10_000) return Math.round(cents / 100) * 100;
  return Math.max(90, Math.round((cents - 90) / 100) * 100 + 90);
}
