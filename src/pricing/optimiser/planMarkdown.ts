/** How the price of an ageing or excess stock falls until the day by which it is to be gone. */

import { normalScores } from '../../maths/normal.ts';
import { type DemandLevel, RESPONSE_LEVELS } from '../demandResponse.ts';
import { levelShares } from './priceValues.ts';

/** What is to be sold. */
export interface MarkdownTerms {
  /** Units now, ≥ 0. */
  readonly stock: number;
  /** Periods left, 1 to 64. */
  readonly periods: number;
  /** What a unit is worth that is left then, ≥ 0. */
  readonly salvageValue: number;
  /** Periods that the demand level is of. */
  readonly levelPeriods: number;
}

/** Prices that may be asked, K of them, ascending, with expected demand over that at the current price. */
export interface MarkdownPrices {
  readonly prices: readonly number[];
  readonly ratios: readonly number[];
}

/** One period of a markdown. */
export interface MarkdownStep {
  /** Index among the prices. */
  readonly priceIndex: number;
  /** Expected units at its beginning, and sold in it. */
  readonly stock: number;
  readonly units: number;
}

/** A falling path of prices; the steps are those along the expected stock. */
export interface MarkdownPlan {
  readonly steps: readonly MarkdownStep[];
  /** Expected revenue and salvage when the price follows the stock as it turns out. */
  readonly result: number;
}

/** Points of stock at which the value of a period is known; between them it is interpolated. */
const stockPoints = 64;
/** Most that the demand of one period scatters, as a share of its mean. */
const mostScatter = 1.5;

interface Demand {
  /** `[K]` expected demand of one period. */
  readonly means: Float64Array;
  /** `[RESPONSE_LEVELS]` factors on it, of mean 1 under `levelShares`. */
  readonly factors: Float64Array;
}

/**
 * The path that is expected to bring most revenue and salvage, each price at most the one before it.
 *
 * Backward dynamic programming over periods, stock and the last price: with n periods left and stock s,
 * V_n(s, k) = max over j ≤ k of E[p_j · min(D_j, s) + V_{n−1}(s − min(D_j, s), j)], V_0(s, k) = salvage · s (G. Gallego and G. van
 * Ryzin, "Optimal Dynamic Pricing of Inventories with Stochastic Demand over Finite Horizons", Management Science 40 (1994),
 * pp. 999–1020, in discrete time). Demand of a period is the level's mean, evenly spread, times the expected ratio, and
 * scatters log-normally and independently of other periods, so that its sum over the level's periods scatters as the level.
 */
export function planMarkdown(
  { prices, ratios }: MarkdownPrices,
  terms: MarkdownTerms,
  level: DemandLevel,
): MarkdownPlan {
  const { stock, periods, salvageValue } = terms;
  const demand = makeDemand(ratios, terms, level);
  const count = prices.length;
  let later: Float64Array = new Float64Array(count * stockPoints).map(
    (_, at) => (salvageValue * stock * (at % stockPoints)) / (stockPoints - 1),
  );
  const policies: Uint8Array[] = [];
  for (let period = 0; period < periods; period += 1) {
    const { value, policy } = stepBack(prices, { stock, demand, later });
    later = value;
    policies.unshift(policy);
  }
  return {
    steps: followPath(policies, { count, stock, demand }),
    result: later[count * stockPoints - 1] ?? 0,
  };
}

/** What one price brings that is held until the end. */
export function holdPrice(
  { prices, ratios }: MarkdownPrices,
  terms: MarkdownTerms,
  level: DemandLevel,
): number {
  return planMarkdown({ prices: prices.slice(0, 1), ratios: ratios.slice(0, 1) }, terms, level).result;
}

function makeDemand(
  ratios: readonly number[],
  { levelPeriods }: MarkdownTerms,
  { units, unitQuantiles }: DemandLevel,
): Demand {
  const scores = normalScores(RESPONSE_LEVELS);
  const last = RESPONSE_LEVELS.length - 1;
  const width = ((unitQuantiles[last] ?? 0) - (unitQuantiles[0] ?? 0)) / (2 * (scores[last] ?? 1));
  const scatter = units > 0 ? Math.min(mostScatter, (width / units) * Math.sqrt(levelPeriods)) : 0;
  const deviation = Math.sqrt(Math.log(1 + scatter ** 2));
  const factors = scores.map((score) => Math.exp(deviation * score));
  const mean = factors.reduce((sum, factor, k) => sum + factor * (levelShares[k] ?? 0), 0);
  return {
    means: Float64Array.from(ratios, (ratio) => (ratio * units) / levelPeriods),
    factors: factors.map((factor) => factor / mean),
  };
}

/** Values and best prices with one more period left, `[K × stockPoints]` by last price and stock. */
function stepBack(
  prices: readonly number[],
  at: { readonly stock: number; readonly demand: Demand; readonly later: Float64Array },
): { readonly value: Float64Array; readonly policy: Uint8Array } {
  const value = new Float64Array(prices.length * stockPoints);
  const policy = new Uint8Array(prices.length * stockPoints);
  for (let point = 0; point < stockPoints; point += 1) {
    const held = (at.stock * point) / (stockPoints - 1);
    let [best, bestIndex] = [Number.NEGATIVE_INFINITY, 0];
    for (const [k, price] of prices.entries()) {
      const reached = expectValue(k, price, { ...at, held });
      // Of equal prices the higher: a price that was lowered in vain cannot be raised again.
      if (reached >= best) [best, bestIndex] = [reached, k];
      value[k * stockPoints + point] = best;
      policy[k * stockPoints + point] = bestIndex;
    }
  }
  return { value, policy };
}

function expectValue(
  k: number,
  price: number,
  at: {
    readonly stock: number;
    readonly held: number;
    readonly demand: Demand;
    readonly later: Float64Array;
  },
): number {
  const { stock, held, demand, later } = at;
  let sum = 0;
  for (let node = 0; node < demand.factors.length; node += 1) {
    const sold = Math.min(held, (demand.means[k] ?? 0) * (demand.factors[node] ?? 0));
    const position = stock > 0 ? ((held - sold) / stock) * (stockPoints - 1) : 0;
    const below = Math.min(stockPoints - 2, Math.floor(position));
    const start = k * stockPoints + below;
    const left = later[start] ?? 0;
    const kept = left + (position - below) * ((later[start + 1] ?? left) - left);
    sum += (levelShares[node] ?? 0) * (price * sold + kept);
  }
  return sum;
}

function followPath(
  policies: readonly Uint8Array[],
  { count, stock, demand }: { readonly count: number; readonly stock: number; readonly demand: Demand },
): MarkdownStep[] {
  let [held, last] = [stock, count - 1];
  return policies.map((policy) => {
    const point = stock > 0 ? Math.round((held / stock) * (stockPoints - 1)) : 0;
    const priceIndex = policy[last * stockPoints + point] ?? last;
    const units = demand.factors.reduce(
      (sum, factor, node) =>
        sum + (levelShares[node] ?? 0) * Math.min(held, (demand.means[priceIndex] ?? 0) * factor),
      0,
    );
    const step = { priceIndex, stock: held, units };
    [held, last] = [held - units, priceIndex];
    return step;
  });
}
