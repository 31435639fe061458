import type { ForecastRow } from '../forecastRow.ts';
import type { RunForecastTask } from '../forecastTask.ts';
import type { Override } from '../overrides/override.ts';
import { type Alignment, alignStarts } from './alignStarts.ts';

/** A variant's forecast and the sums that it is part of. */
export type Summand = {
  readonly variantId: number;
  /** Variants of one category share causes. */
  readonly category: number;
  readonly row: ForecastRow;
  /** Index of each sum, and the variant's share in it, 0 to 1. */
  readonly parts: readonly { readonly sum: number; readonly share: number }[];
};

/**
 * Correlations of the copula where no stored tree has calibrated them: between those that `bench/hierarchy.ts` finds on a
 * simulated shop (0.1 within a category, 0 overall) and on Online Retail (0.3 and 0.1).
 */
export const DEFAULT_CORRELATIONS = { within: 0.2, overall: 0.05 } as const;

/**
 * Adds variants' forecasts, overrides included, up to sums: means by addition, quantiles by joint samples. Yields one
 * forecast a sum, null where it has no part; a sum of one whole variant is that variant's forecast.
 */
export async function sumForecasts(
  summands: readonly Summand[],
  sumCount: number,
  context: { readonly runTask: RunForecastTask; readonly generatedAt: Date },
): Promise<(ForecastRow | null)[]> {
  const alignment = alignStarts(summands.map(({ row }) => row));
  const sums = Array.from({ length: sumCount }, (): (Summand & { offset: number; share: number })[] => []);
  for (const [index, summand] of summands.entries()) {
    const offset = alignment?.offsets[index] ?? null;
    for (const { sum, share } of summand.parts)
      if (offset !== null) sums[sum]?.push({ ...summand, offset, share });
  }
  const isSampled = sums.map((parts) => parts.length > 1 || (parts[0]?.share ?? 1) < 1);
  if (alignment === null) return sums.map(() => null);
  const quantiles = await sampleSums(summands, { alignment, isSampled, runTask: context.runTask });
  return sums.map((parts, sum) => {
    const first = parts[0];
    if (first === undefined) return null;
    if (isSampled[sum] !== true) return first.row;
    const { horizon, startsOn } = alignment;
    const { levels } = first.row.forecast;
    const size = horizon * levels.length;
    const add = (read: (row: ForecastRow, period: number) => number) =>
      Float64Array.from({ length: horizon }, (_, period) =>
        parts.reduce((total, { row, offset, share }) => total + share * read(row, period + offset), 0),
      );
    const overridden = add((row, period) => row.overridden?.[period] ?? 0);
    return {
      model: first.row.model,
      generatedAt: context.generatedAt,
      frequency: first.row.frequency,
      startsOn,
      forecast: {
        horizon,
        levels,
        quantiles: quantiles.subarray(sum * size, (sum + 1) * size),
        mean: add((row, period) => row.forecast.mean[period] ?? 0),
      },
      members: [{ name: 'bottom_up', weight: 1 }],
      accuracy: null,
      statisticalMean: add((row, period) => (row.statisticalMean ?? row.forecast.mean)[period] ?? 0),
      overridden: Uint8Array.from(overridden, (count) => (count > 0 ? 1 : 0)),
      overrides: unionOf(parts.map(({ row }) => row.overrides ?? [])),
      reconciliation: 'BOTTOM_UP',
    };
  });
}

/** All overrides, each once, oldest first. */
export function unionOf(lists: readonly (readonly Override[])[]): Override[] {
  const byId = new Map(lists.flat().map((override) => [override.id, override]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

async function sampleSums(
  summands: readonly Summand[],
  plan: {
    readonly alignment: Alignment;
    readonly isSampled: readonly boolean[];
    readonly runTask: RunForecastTask;
  },
): Promise<Float64Array> {
  const { alignment, isSampled, runTask } = plan;
  const { horizon } = alignment;
  const used = summands
    .map((summand, index) => ({
      ...summand,
      offset: alignment.offsets[index] ?? null,
      parts: summand.parts.filter(({ sum }) => isSampled[sum] === true),
    }))
    .filter(({ offset, parts }) => offset !== null && parts.length > 0);
  const levels = used[0]?.row.forecast.levels ?? [];
  if (used.length === 0) return new Float64Array();
  const quantiles = new Float64Array(used.length * horizon * levels.length);
  const means = new Float64Array(used.length * horizon);
  for (const [index, { row, offset }] of used.entries()) {
    const from = offset ?? 0;
    const { mean, quantiles: own } = row.forecast;
    means.set(mean.subarray(from, from + horizon), index * horizon);
    quantiles.set(
      own.subarray(from * levels.length, (from + horizon) * levels.length),
      index * horizon * levels.length,
    );
  }
  const partOffsets = Uint32Array.from([0, ...runningTotals(used.map(({ parts }) => parts.length))]);
  return runTask({
    kind: 'sumQuantiles',
    request: {
      horizon,
      levels,
      quantiles,
      means,
      seeds: Uint32Array.from(used, ({ variantId }) => variantId),
      clusters: Int32Array.from(used, ({ category }) => category),
      within: new Float64Array(used.length).fill(DEFAULT_CORRELATIONS.within),
      overall: DEFAULT_CORRELATIONS.overall,
      partOffsets,
      partSums: Uint32Array.from(used.flatMap(({ parts }) => parts.map(({ sum }) => sum))),
      partShares: Float64Array.from(used.flatMap(({ parts }) => parts.map(({ share }) => share))),
      sumCount: isSampled.length,
    },
  });
}

/** 3, 1, 2 → 3, 4, 6. */
export function runningTotals(counts: readonly number[]): number[] {
  let total = 0;
  return counts.map((count) => (total += count));
}
