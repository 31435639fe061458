import type { PriceItem } from '../priceItem.ts';

/** What the other items of a group did in each period. */
export interface OthersAverage {
  /** `[n]`, mean of their series. */
  readonly mean: Float64Array;
  /** `[n]`, half the difference between the means of two halves of them, which is as large as the chance error of their mean. */
  readonly chanceError: Float64Array;
}

/** Other items that must have been sold in a period for their mean to say something of it. */
const fewestItems = 5;

/** Sum and number of a half's values in one period. */
interface HalfSum {
  sum: number;
  count: number;
}

/**
 * Averages the other items of a group in each item's periods; undefined for an item of whose periods fewer than half are known
 * of at least five others.
 *
 * @param series `[items][n]`, values of each item in its own periods, about 0 and of one scale.
 */
export function averageOthers(
  items: readonly PriceItem[],
  series: readonly Float64Array[],
): readonly (OthersAverage | undefined)[] {
  if (items.length <= fewestItems) return items.map(() => undefined);
  const halves = [0, 1].map((half) => sumPeriods(items, series, half));
  return items.map(({ history }, index) => {
    const [mean, chanceError] = [new Float64Array(history.length), new Float64Array(history.length)];
    let known = 0;
    for (const [t, { day, inStock }] of history.entries()) {
      const [even, odd] = halves.map((sums, half): HalfSum => {
        const { sum, count } = sums.get(day) ?? { sum: 0, count: 0 };
        const isOwn = inStock && index % 2 === half;
        return isOwn ? { sum: sum - (series[index]?.[t] ?? 0), count: count - 1 } : { sum, count };
      });
      if (even === undefined || odd === undefined || even.count + odd.count < fewestItems) continue;
      known += 1;
      mean[t] = (even.sum + odd.sum) / (even.count + odd.count);
      if (even.count > 0 && odd.count > 0) chanceError[t] = (even.sum / even.count - odd.sum / odd.count) / 2;
    }
    return known * 2 >= history.length ? { mean, chanceError } : undefined;
  });
}

/** Sums by day over every second item, beginning with item `half`. */
function sumPeriods(
  items: readonly PriceItem[],
  series: readonly Float64Array[],
  half: number,
): ReadonlyMap<number, HalfSum> {
  const sums = new Map<number, HalfSum>();
  for (let index = half; index < items.length; index += 2)
    for (const [t, { day, inStock }] of (items[index]?.history ?? []).entries()) {
      if (!inStock) continue;
      const entry = sums.get(day) ?? { sum: 0, count: 0 };
      entry.sum += series[index]?.[t] ?? 0;
      entry.count += 1;
      sums.set(day, entry);
    }
  return sums;
}
