import type { PriceItem } from '../priceItem.ts';

/**
 * Mean log price of the other items of a group in each period of an item, each relative to its own mean; undefined for an
 * item without others in at least half of its periods.
 */
export function measureCategoryPrices(items: readonly PriceItem[]): readonly (Float64Array | undefined)[] {
  if (items.length < 2) return items.map(() => undefined);
  const relative = items.map(({ history }) => {
    const logs = history.map(({ price }) => Math.log(price));
    const mean = logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length);
    return logs.map((log) => log - mean);
  });
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, { history }] of items.entries())
    for (const [t, { day }] of history.entries()) {
      const entry = sums.get(day) ?? { sum: 0, count: 0 };
      entry.sum += relative[index]?.[t] ?? 0;
      entry.count += 1;
      sums.set(day, entry);
    }
  return items.map(({ history }, index) => {
    let known = 0;
    const prices = Float64Array.from(history, ({ day }, t) => {
      const { sum, count } = sums.get(day) ?? { sum: 0, count: 0 };
      if (count < 2) return 0;
      known += 1;
      return (sum - (relative[index]?.[t] ?? 0)) / (count - 1);
    });
    return known * 2 >= history.length ? prices : undefined;
  });
}
