/** A price and the day since which it holds; days since 1970-01-01, prices in ten-thousandths. */
export type PriceChange = { readonly day: number; readonly price: number };

/** Days over which a price shows itself as the usual one. */
const windowDays = 60;

/**
 * The usual price on a day: the one that held on most of the 60 days up to it, the later of equals. Short promotions
 * and single orders at a special price do not move it, a lasting change does after a month. `changes` are sorted
 * by day and begin on or before `day`.
 */
export function findUsualPrice(changes: readonly PriceChange[], day: number): number {
  const heldDays = new Map<number, number>();
  let [usual, longest] = [0, 0];
  let until = day + 1;
  for (let index = findLastChange(changes, day); index >= 0; index -= 1) {
    const change = changes[index];
    if (change === undefined || until <= day - windowDays + 1) break;
    const from = Math.max(change.day, day - windowDays + 1);
    const held = (heldDays.get(change.price) ?? 0) + until - from;
    heldDays.set(change.price, held);
    if (held > longest) [usual, longest] = [change.price, held];
    until = from;
  }
  return usual;
}

/**
 * Records that `price` was paid on `day`: adds a change where another price held before, and yields whether it
 * did. A day that has its change keeps it.
 */
export function recordPrice(changes: PriceChange[], day: number, price: number): boolean {
  const last = findLastChange(changes, day);
  const held = changes[last];
  if (held !== undefined && (held.day === day || held.price === price)) return false;
  changes.splice(last + 1, 0, { day, price });
  return true;
}

/** The price that most rows paid, the higher of equals. */
export function findCommonPrice(prices: readonly number[]): number {
  const counts = new Map<number, number>();
  let [common, most] = [0, 0];
  for (const price of prices) {
    const count = (counts.get(price) ?? 0) + 1;
    counts.set(price, count);
    if (count > most || (count === most && price > common)) [common, most] = [price, count];
  }
  return common;
}

/** Index of the last change on or before a day, -1 where there is none. */
function findLastChange(changes: readonly PriceChange[], day: number): number {
  let index = changes.length - 1;
  while (index >= 0 && (changes[index]?.day ?? 0) > day) index -= 1;
  return index;
}
