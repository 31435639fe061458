/** The order of one item now, chosen over simulated paths of its stock. */

import { sampleQuantile } from '../maths/quantiles.ts';
import {
  type DemandPaths,
  type DemandQuantiles,
  sampleDemandPaths,
  sumPaths,
  type UniformPaths,
} from './demandPaths.ts';
import { coveringSample, criticalRatio, type UnitCosts } from './newsvendor.ts';
import { findBestOrder } from './orderPolicy.ts';
import { type OrderTerms, roundToTerms } from './orderQuantity.ts';
import { countReviews, type StockRun } from './stockRun.ts';

/** Either the two costs, or the share of the units that must be met. */
export type PlanTarget =
  | ({ readonly kind: 'cost' } & UnitCosts)
  | { readonly kind: 'fillRate'; readonly level: number };

/** What holds for all items of a plan. */
export interface PlanRule {
  /** Periods between two orders, ≥ 1. */
  readonly reviewPeriods: number;
  /** Periods until an order arrives, ≥ 0; 0 = before the next period's sales. */
  readonly leadTimePeriods: number;
  readonly target: PlanTarget;
  /** Levels of `protectionDemand`, ascending. */
  readonly levels: readonly number[];
}

/** One item at the moment of ordering. */
export interface PlanItem extends OrderTerms {
  readonly onHand: number;
  /** Units already ordered by arrival: `[0]` arrives before the next period's sales. */
  readonly incoming: readonly number[];
  /** Whether units are whole: then demand paths and orders are. */
  readonly isWhole: boolean;
  /** Demand per period from the next on; horizon ≥ lead time + review. */
  readonly forecast: DemandQuantiles;
  /** Correlation of neighbouring periods' demand around the forecast, in [0, 1); absent = 0.25. */
  readonly correlation?: number;
}

/** What to order and what it rests on, in units. */
export interface ItemPlan {
  readonly orderQuantity: number;
  /** The inventory position that this order aims at: position + best order before terms, where less
   * than none may be best; ≥ 0. */
  readonly orderUpTo: number;
  /** Order-up-to level less expected demand over the protection interval. */
  readonly safetyStock: number;
  /** Quantiles at the rule's levels of the demand until the order after this one can arrive. */
  readonly protectionDemand: Float64Array;
  /** Expected units on the shelf when this order arrives, without it. */
  readonly projectedOnHand: number;
}

/** Periods a path must have for a rule: until the order after this one can arrive. */
export function protectionPeriods(rule: Pick<PlanRule, 'reviewPeriods' | 'leadTimePeriods'>): number {
  return rule.leadTimePeriods + rule.reviewPeriods;
}

/**
 * Periods that an item's paths should have: beyond `protectionPeriods` come later reviews in which what this order left
 * is still sold; at most 64.
 */
export function pathPeriods(rule: Pick<PlanRule, 'reviewPeriods' | 'leadTimePeriods'>): number {
  const lookahead = Math.max(shortestLookahead, 2 * rule.reviewPeriods);
  return Math.max(protectionPeriods(rule), Math.min(longestPaths, protectionPeriods(rule) + lookahead));
}

/**
 * Plans one item over simulated paths of its stock, with arrivals and lost sales:
 *
 * - cost: the cheapest order when later ones follow the best order-up-to policy (`findBestOrder`); where the paths end
 *   with the periods that this order serves alone, the q that minimises E[Σ h·(stock left)⁺ + p·(sales lost)] over
 *   them: for one period the quantile p/(p+h) of (demand − stock on arrival);
 * - fillRate: the smallest q with E[units met] / E[units asked] ≥ level over the periods that it serves alone.
 *
 * Buffering the whole lead time's demand at p/(p+h) instead would hold far more, since lost sales are not
 * owed.
 * Source: the lost-sales argument of W. T. Huh et al., Operations Research 57 (2009), pp. 1103–1118, and P.
 * H. Zipkin, "Old and New Methods for Lost-Sales Inventory Systems", Operations Research 56 (2008), pp.
 * 1256–1263.
 *
 * @param uniform paths of at least `protectionPeriods(rule)` periods, shared by all items; longer ones look ahead
 */
export function planItem(item: PlanItem, rule: PlanRule, uniform: UniformPaths): ItemPlan {
  const periods = protectionPeriods(rule);
  const demand = sampleDemandPaths(uniform, item.forecast, item.isWhole);
  const arrivals = Float64Array.from({ length: demand.periods }, (_, t) => item.incoming[t] ?? 0);
  const served: ServedPeriods = {
    demand,
    arrivals,
    from: rule.leadTimePeriods,
    to: periods,
    stock: projectStock(demand, item.onHand, arrivals, rule.leadTimePeriods),
  };
  const { order, orderUpTo } =
    rule.target.kind === 'cost' &&
    countReviews({ demand, reviewPeriods: rule.reviewPeriods }, rule.leadTimePeriods) > 1
      ? findBestOrder(toStockRun(item, rule, demand), rule.leadTimePeriods, { ...rule.target, expiryCost: 0 })
      : orderForServed(item, served, rule.target);
  const protection = sumPaths(demand, 0, periods).sort();
  return {
    orderQuantity: order,
    orderUpTo,
    safetyStock: orderUpTo - mean(protection),
    protectionDemand: Float64Array.from(rule.levels, (level) => sampleQuantile(protection, level)),
    projectedOnHand: mean(served.stock),
  };
}

const shortestLookahead = 4;
const longestPaths = 64;

function toStockRun(item: PlanItem, rule: PlanRule, demand: DemandPaths): StockRun {
  const { onHand, incoming } = item;
  return {
    demand,
    onHand,
    incoming,
    reviewPeriods: rule.reviewPeriods,
    leadTimes: new Float64Array(demand.paths).fill(rule.leadTimePeriods),
    shelfLifePeriods: Number.POSITIVE_INFINITY,
    terms: item,
  };
}

/** The order for the periods that it is the last to reach. */
function orderForServed(
  item: PlanItem,
  served: ServedPeriods,
  target: PlanTarget,
): { readonly order: number; readonly orderUpTo: number } {
  const best = target.kind === 'cost' ? minimiseCost(served, target) : reachFillRate(served, target.level);
  const position = item.onHand + item.incoming.reduce((sum, units) => sum + units, 0);
  return { order: chooseAllowed(best, item, served, target), orderUpTo: Math.max(0, position + best) };
}

/** The periods that this order is the last to reach, and each path's stock when it arrives. */
interface ServedPeriods {
  readonly demand: DemandPaths;
  /** `[periods]`, units of earlier orders. */
  readonly arrivals: Float64Array;
  readonly from: number;
  readonly to: number;
  /**
   * `[paths]`, units on the shelf just before this order's arrival, earlier orders of that moment included.
   */
  readonly stock: Float64Array;
}

const SEARCH_STEPS = 50;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Runs every path with lost sales up to the arrival of this order. */
function projectStock(
  demand: DemandPaths,
  onHand: number,
  arrivals: Float64Array,
  until: number,
): Float64Array {
  return Float64Array.from({ length: demand.paths }, (_, path) => {
    let stock = onHand;
    for (let t = 0; t < until; t += 1) {
      stock = Math.max(0, stock + (arrivals[t] ?? 0) - (demand.values[path * demand.periods + t] ?? 0));
    }
    return stock + (arrivals[until] ?? 0);
  });
}

/** The unconstrained order, negative when less stock would have been better. */
function minimiseCost(served: ServedPeriods, costs: UnitCosts): number {
  const { from, to, demand, stock } = served;
  if (to === from + 1) {
    const needs = stock.map((units, path) => (demand.values[path * demand.periods + from] ?? 0) - units);
    return coveringSample(needs.sort(), criticalRatio(costs));
  }
  let [low, high] = searchRange(served);
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (expectedCost(served, left, costs) <= expectedCost(served, right, costs)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

function reachFillRate(served: ServedPeriods, level: number): number {
  let [low, high] = searchRange(served);
  if (expectedFill(served, low) >= level) return low;
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (expectedFill(served, middle) >= level) high = middle;
    else low = middle;
  }
  return high;
}

/** From "all stock too much" to "every path fully served". */
function searchRange({ demand, from, to, stock }: ServedPeriods): [low: number, high: number] {
  const asked = sumPaths(demand, from, to);
  const most = asked.reduce((max, units) => Math.max(max, units), 0);
  return [-stock.reduce((max, units) => Math.max(max, units), 0), most];
}

/**
 * The allowed order nearest to the best one. Terms force a jump up; ordering that, or a pack less, or nothing
 * is decided by cost; a fill-rate target always takes the jump up.
 */
function chooseAllowed(best: number, item: PlanItem, served: ServedPeriods, target: PlanTarget): number {
  const units = item.isWhole ? roundWhole(best, target) : best;
  const up = roundToTerms(units, item);
  if (target.kind === 'fillRate' || up === 0) return up;
  const down = up - (item.packSize ?? 0);
  const candidates = [0, up];
  if (down > 0 && down >= (item.minimumOrderQuantity ?? 0)) candidates.push(down);
  let [chosen, cheapest] = [up, expectedCost(served, up, target)];
  for (const candidate of candidates) {
    const cost = expectedCost(served, candidate, target);
    if (cost < cheapest) [chosen, cheapest] = [candidate, cost];
  }
  return chosen;
}

/** A whole number of units: the smallest that still reaches a fill rate, the nearest for cost. */
function roundWhole(units: number, target: PlanTarget): number {
  return target.kind === 'fillRate' ? Math.ceil(units - 1e-6) : Math.round(units);
}

/** Expected holding and shortage cost of the served periods when `order` units arrive with the stock. */
function expectedCost(served: ServedPeriods, order: number, costs: UnitCosts): number {
  let total = 0;
  for (let path = 0; path < served.demand.paths; path += 1) {
    runPath(served, path, order, (left) => {
      total += left >= 0 ? costs.holdingCost * left : -costs.shortageCost * left;
    });
  }
  return total / served.demand.paths;
}

/** Share of the units asked for in the served periods that are met, in [0, 1]; 1 when none are asked for. */
function expectedFill(served: ServedPeriods, order: number): number {
  let lost = 0;
  for (let path = 0; path < served.demand.paths; path += 1) {
    runPath(served, path, order, (left) => {
      if (left < 0) lost -= left;
    });
  }
  const asked = sumPaths(served.demand, served.from, served.to).reduce((sum, units) => sum + units, 0);
  return asked > 0 ? 1 - lost / asked : 1;
}

/** Calls `visit` per served period with the stock left (≥ 0) or the sales lost (< 0). */
function runPath(served: ServedPeriods, path: number, order: number, visit: (left: number) => void): void {
  const { demand, arrivals, from, to, stock } = served;
  let units = Math.max(0, (stock[path] ?? 0) + order);
  for (let t = from; t < to; t += 1) {
    if (t > from) units += arrivals[t] ?? 0;
    units -= demand.values[path * demand.periods + t] ?? 0;
    visit(units);
    if (units < 0) units = 0;
  }
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
