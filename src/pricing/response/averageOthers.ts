import type { PriceItem } from '../priceItem.ts';

/** Other items that must have been sold in a period for their mean to say something of it. */
const fewestItems = 5;

/**
 * What the other items of a group did in each period: `[n]` means of their series. Undefined for an item of whose periods
 * fewer than half are known of so many others.
 *
 * @param series `[items][n]`, values of each item in its own periods, about 0 and of one scale.
 */
export function averageOthers(
  items: readonly PriceItem[],
  series: readonly Float64Array[],
): readonly (Float64Array | undefined)[] {
  if (items.length <= fewestItems) return items.map(() => undefined);
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, { history }] of items.entries()) {
    for (const [t, { day, inStock }] of history.entries()) {
      if (!inStock) continue;
      const entry = sums.get(day) ?? { sum: 0, count: 0 };
      entry.sum += series[index]?.[t] ?? 0;
      entry.count += 1;
      sums.set(day, entry);
    }
  }
  return items.map(({ history }, index) => {
    let known = 0;
    const means = Float64Array.from(history, ({ day, inStock }, t) => {
      const { sum, count } = sums.get(day) ?? { sum: 0, count: 0 };
      const others = count - (inStock ? 1 : 0);
      if (others < fewestItems) return 0;
      known += 1;
      return (sum - (inStock ? (series[index]?.[t] ?? 0) : 0)) / others;
    });
    return known * 2 >= history.length ? means : undefined;
  });
}
