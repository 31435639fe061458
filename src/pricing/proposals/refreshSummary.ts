import { addAmounts } from '../../exactMoney.ts';
import type { ModelRef } from '../../generated/graphql.ts';

/** Why a variant was not priced. */
export type SkipReason = 'NO_PRICE' | 'NO_COST' | 'NO_SALES' | 'CONTRADICTION' | 'PRICE_CHANGED';
/** A step of a price that a run proposes; amounts are decimals as text. */
export type ProposedStep = {
  readonly sku: string;
  readonly currentPrice: string;
  readonly recommendedPrice: string;
  readonly currencyCode: string;
  /** Change ÷ current price. */
  readonly stepRate: number;
  readonly expectedGain: string;
};
/** What came of a part of a run. */
export type RefreshPart = {
  readonly considered: number;
  readonly proposed: number;
  /** Variants whose price is to stay. */
  readonly unchanged: number;
  /** Variants for which a person has decided on the same step before. */
  readonly decidedBefore: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly expectedGain: readonly { readonly amount: string; readonly currencyCode: string }[];
  /** Largest first. */
  readonly largestSteps: readonly ProposedStep[];
  readonly model: ModelRef | null;
};

const shownSteps = 10;

/** A part in which nothing happened. */
export const emptyPart: RefreshPart = {
  considered: 0,
  proposed: 0,
  unchanged: 0,
  decidedBefore: 0,
  skipped: {},
  expectedGain: [],
  largestSteps: [],
  model: null,
};

/** Counts reasons. */
export function countReasons(reasons: readonly SkipReason[]): RefreshPart['skipped'] {
  const counts: Partial<Record<SkipReason, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Sums the expected gains of steps by currency. */
export function sumGains(
  gains: readonly { readonly amount: string; readonly currencyCode: string }[],
): RefreshPart['expectedGain'] {
  const sums = new Map<string, string>();
  for (const { amount, currencyCode } of gains)
    sums.set(currencyCode, addAmounts(sums.get(currencyCode) ?? '0', amount));
  return [...sums].sort().map(([currencyCode, amount]) => ({ amount, currencyCode }));
}

/** The largest of the steps, up or down. */
export function listLargest(steps: readonly ProposedStep[]): readonly ProposedStep[] {
  return steps.toSorted((a, b) => Math.abs(b.stepRate) - Math.abs(a.stepRate)).slice(0, shownSteps);
}

/** Puts parts of a run together. */
export function mergeParts(parts: readonly RefreshPart[]): RefreshPart {
  const sum = (name: 'considered' | 'proposed' | 'unchanged' | 'decidedBefore') =>
    parts.reduce((total, part) => total + part[name], 0);
  return {
    considered: sum('considered'),
    proposed: sum('proposed'),
    unchanged: sum('unchanged'),
    decidedBefore: sum('decidedBefore'),
    skipped: addCounts(parts.map(({ skipped }) => skipped)),
    expectedGain: sumGains(parts.flatMap(({ expectedGain }) => expectedGain)),
    largestSteps: listLargest(parts.flatMap(({ largestSteps }) => largestSteps)),
    model: parts.find(({ model }) => model !== null)?.model ?? null,
  };
}

function addCounts(counts: readonly RefreshPart['skipped'][]): RefreshPart['skipped'] {
  const sums: Partial<Record<SkipReason, number>> = {};
  for (const each of counts)
    for (const [name, count] of Object.entries(each)) {
      const reason = name as SkipReason; // the keys of a part
      sums[reason] = (sums[reason] ?? 0) + count;
    }
  return sums;
}
