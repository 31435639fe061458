import type { PriceItem } from '../priceItem.ts';
import type { ItemRemainders } from './itemEvidence.ts';
import { type Estimate, makeFitSubtraction, regressTogether } from './multipleRegression.ts';

/** A price from which on demand is lower than just below it. */
export interface PriceStep {
  /** Log of the price ÷ current price. */
  readonly at: number;
  /** Change of log demand, < 0. */
  readonly fall: number;
  readonly standardError: number;
}

/** Steps of demand, and the slope between them; no steps: the slope is not estimated. */
export interface SteppedResponse {
  readonly steps: readonly PriceStep[];
  readonly slope: Estimate | null;
}

/** Round prices that are looked at between the lowest and the highest price, at most. */
const mostCandidates = 24;
const mostSteps = 2;
/** Periods on either side of a step, at least. */
const fewestRows = 6;
/** Standard errors that a fall must have to be looked at: the best of some twenty candidates is often three by chance. */
const worthALook = 3.6;
/** Standard errors that it must have to count where few items show any, and where many do. */
const clearAlone = 5.5;
const clearTogether = 3.4;
/** Items that together tell whether steps are common, at least, and the share of them with one from which they are. */
const fewestTogether = 8;
const commonShare = 0.28;
/** What is assumed of the slope between steps before sales are seen: the steps take a part of the usual elasticity. */
const usualSlope = { mean: -1.4, deviation: 0.8 } as const;

/**
 * Looks for round prices that customers do not like to cross, item by item: each candidate joins the regression of log units
 * on log price, its square and promotions; the clearest stays, then another is looked for beside it. How clear it must be
 * depends on how many items show one at all: by chance one in ten does.
 *
 * Sources: M. Stiving and R. Winer, Journal of Consumer Research 24 (1997), for customers who read the first digits; B. Efron,
 * Large-Scale Inference (2010), ch. 2, for what many tests together say of each.
 */
export function findPriceSteps(
  items: readonly PriceItem[],
  remainders: readonly ItemRemainders[],
): readonly SteppedResponse[] {
  const looked = remainders.map((item, index) => {
    const candidates = listCandidates(item.series.logPrices, items[index]?.currentPrice ?? 1);
    return lookForSteps(item, candidates, worthALook);
  });
  const seen = looked.filter(({ steps }) => steps.length > 0).length;
  const isCommon = items.length >= fewestTogether && seen >= commonShare * items.length;
  const clear = isCommon ? clearTogether : clearAlone;
  return looked.map((first, index) => {
    const [item, { currentPrice = 1 } = {}] = [remainders[index], items[index]];
    if (item === undefined || (!isCommon && first.steps.length === 0)) return { steps: [], slope: null };
    return lookForSteps(item, listCandidates(item.series.logPrices, currentPrice), clear);
  });
}

interface Candidate {
  readonly at: number;
  readonly column: Float64Array;
}

function lookForSteps(item: ItemRemainders, places: readonly number[], clearly: number): SteppedResponse {
  const { series, smoother, left } = item;
  const candidates = places.map((at): Candidate => {
    const above = series.logPrices.map((x) => (x >= at - 1e-9 ? 1 : 0));
    return { at, column: smoother.leaveOver(above) };
  });
  const fixed = [left.prices, left.promoted, left.squares];
  let kept: readonly Candidate[] = [];
  let found: SteppedResponse = { steps: [], slope: null };
  while (kept.length < mostSteps) {
    const next = pickNext(candidates, kept, { fixed, units: left.units, weights: series.weights });
    if (next === null) return found;
    const steps = [...kept, next];
    const columns = [...fixed, ...steps.map(({ column }) => column)];
    const { estimates } = regressTogether(left.units, columns, series.weights);
    const falls = estimates.slice(fixed.length);
    if (!falls.every(({ value, standardError }) => value < -clearly * standardError)) return found;
    kept = steps;
    found = {
      slope: shrinkSlope(regressTogether(left.units, columns.toSpliced(2, 1), series.weights).estimates[0]),
      steps: kept.map(({ at }, k) => ({
        at,
        fall: falls[k]?.value ?? 0,
        standardError: falls[k]?.standardError ?? 0,
      })),
    };
  }
  return found;
}

/** The candidate that explains most of what the others leave, downwards; null where none does. */
function pickNext(
  candidates: readonly Candidate[],
  kept: readonly Candidate[],
  {
    fixed,
    units,
    weights,
  }: {
    readonly fixed: readonly Float64Array[];
    readonly units: Float64Array;
    readonly weights: Float64Array;
  },
): Candidate | null {
  const others = [...fixed, ...kept.map(({ column }) => column)];
  const subtractFit = makeFitSubtraction(others, weights);
  const residuals = subtractFit(units);
  let [best, least] = [null as Candidate | null, 0];
  for (const candidate of candidates) {
    if (kept.includes(candidate)) continue;
    const own = subtractFit(candidate.column);
    let [product, square] = [0, 1e-9];
    for (let t = 0; t < own.length; t += 1) {
      const value = own[t] ?? 0;
      product += (weights[t] ?? 0) * value * (residuals[t] ?? 0);
      square += (weights[t] ?? 0) * value * value;
    }
    const score = product / Math.sqrt(square);
    if (score < least) [best, least] = [candidate, score];
  }
  return best;
}

function shrinkSlope(slope: Estimate | undefined): Estimate {
  const { mean, deviation } = usualSlope;
  if (slope === undefined || !Number.isFinite(slope.standardError))
    return { value: mean, standardError: deviation };
  const precision = 1 / slope.standardError ** 2 + 1 / deviation ** 2;
  const value = (slope.value / slope.standardError ** 2 + mean / deviation ** 2) / precision;
  return { value, standardError: 1 / Math.sqrt(precision) };
}

/** Logs of the round prices with enough periods on either side, relative to the current price. */
function listCandidates(logPrices: Float64Array, currentPrice: number): readonly number[] {
  const sorted = logPrices.slice().sort();
  if (sorted.length < 2 * fewestRows) return [];
  const lowest = currentPrice * Math.exp(sorted[fewestRows - 1] ?? 0);
  const highest = currentPrice * Math.exp(sorted[sorted.length - fewestRows] ?? 0);
  const unit = findUnit(highest - lowest);
  const first = Math.floor(lowest / unit) + 1;
  const count = Math.min(mostCandidates, Math.max(0, Math.floor(highest / unit) - first + 1));
  return Array.from({ length: count }, (_, k) => Math.log(((first + k) * unit) / currentPrice));
}

/** The smallest of 1, 2 and 5 times a power of ten that cuts a range into few enough parts, but not below a tenth of the main unit. */
function findUnit(range: number): number {
  for (let power = 0.1; ; power *= 10)
    for (const digit of [1, 2, 5]) if (range / (power * digit) <= mostCandidates) return power * digit;
}
