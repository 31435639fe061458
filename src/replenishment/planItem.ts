/** The order of one item now, chosen over simulated paths of its stock. */

import { sampleQuantile } from '../maths/quantiles.ts';
import {
  type DemandPaths,
  type DemandQuantiles,
  drawLeadTimes,
  sampleDemandPaths,
  sumOverLeadTimes,
  type UniformPaths,
} from './demandPaths.ts';
import { coveringSample, type UnitCosts } from './newsvendor.ts';
import { findCheapestOrder } from './orderPolicy.ts';
import { type OrderTerms, roundToTerms } from './orderQuantity.ts';
import { findServiceOrder } from './serviceOrder.ts';
import { projectStock, runStock, type StockOutcome, type StockRun } from './stockRun.ts';

/**
 * The two costs; the share of the units that must be met; or the probability of no stock-out until the order after
 * this one arrives.
 */
export type PlanTarget =
  | ({ readonly kind: 'cost' } & UnitCosts)
  | { readonly kind: 'fillRate' | 'cycleService'; readonly level: number };

/** What holds for all items of a plan. */
export interface PlanRule {
  /** Periods between two orders, ≥ 1. */
  readonly reviewPeriods: number;
  /** Mean periods until an order arrives, ≥ 0; 0 = before the next period's sales. */
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
  /** Demand per period from the next on; horizon ≥ the paths' periods. */
  readonly forecast: DemandQuantiles;
  /** Correlation of neighbouring periods' demand around the forecast, in [0, 1); absent = 0.25. */
  readonly correlation?: number;
  /** Standard deviation of the lead time in periods, ≥ 0; absent = 0. */
  readonly leadTimeDeviationPeriods?: number;
  /** Periods that a unit can be sold in, whole and ≥ 1; absent = it keeps. */
  readonly shelfLifePeriods?: number;
  /** What a unit costs, > 0: what a unit written off loses, and what counts against a budget; absent = 0. */
  readonly unitCost?: number;
}

/** What an order rests on, in units. */
export interface OrderBasis {
  /** The inventory position that this order aims at, before minimum, packs and budget; ≥ 0. */
  readonly orderUpTo: number;
  /** Order-up-to level less expected demand over the protection interval. */
  readonly safetyStock: number;
  /** Quantiles at the rule's levels of the demand until the order after this one can arrive. */
  readonly protectionDemand: Float64Array;
  /** Its mean. */
  readonly expectedDemand: number;
  /** Expected units on the shelf when this order arrives, without it. */
  readonly projectedOnHand: number;
  /** On hand and incoming together. */
  readonly inventoryPosition: number;
  /** What to order before minimum, packs and budget; ≥ 0. */
  readonly requiredQuantity: number;
}

/** What to order, what it rests on and what it leads to, in units. */
export interface ItemPlan extends OrderBasis {
  readonly orderQuantity: number;
  /** What the order costs; null where the unit's cost is not known. */
  readonly orderCost: number | null;
  /** What this order leads to in the periods that it is the last to reach. */
  readonly outcome: ServedOutcome;
}

/** Means over the paths, in units, of the periods that an order is the last to reach. */
export interface ServedOutcome extends StockOutcome {
  /** Units met / units asked for, in [0, 1]; 1 where none are asked for. */
  readonly fillRate: number;
}

/** The best order of an item, and what it or another one would lead to, which is only simulated when asked for. */
export interface PlannedItem {
  readonly basis: OrderBasis;
  /** The best order, ≥ 0. */
  readonly order: number;
  /** The plan with this order. */
  withOrder(order: number): ItemPlan;
  /** Expected cost of an order; units of lost sale where the target is a service level. */
  costOf(order: number): number;
}

/** Seed of the sampled lead times: the same in every plan, so that it can be computed again. */
export const leadTimeSeed = 20_261_031;
const shortestLookahead = 4;
const longestPaths = 64;
/** Deviations of the lead time that paths leave room for. */
const coveredDeviations = 3;

/** Periods of a rule until the order after this one can arrive, on average. */
export function protectionPeriods(rule: Pick<PlanRule, 'reviewPeriods' | 'leadTimePeriods'>): number {
  return rule.leadTimePeriods + rule.reviewPeriods;
}

/** Periods that late orders of an item add to its protection interval. */
export function lateness({
  leadTimeDeviationPeriods = 0,
}: Pick<PlanItem, 'leadTimeDeviationPeriods'>): number {
  return Math.ceil(coveredDeviations * leadTimeDeviationPeriods);
}

/**
 * Periods that an item's paths should have: until the order after this one has arrived for certain, then later reviews
 * in which what this order left is still sold; at most 64 where the first part does not need more.
 */
export function pathPeriods(
  rule: Pick<PlanRule, 'reviewPeriods' | 'leadTimePeriods'>,
  item: Pick<PlanItem, 'leadTimeDeviationPeriods'> = {},
): number {
  const needed = protectionPeriods(rule) + lateness(item);
  const lookahead = Math.max(shortestLookahead, 2 * rule.reviewPeriods);
  return Math.max(needed, Math.min(longestPaths, needed + lookahead));
}

/**
 * Plans one item over simulated paths of its stock, with random lead times, arrivals, lost sales and write-offs:
 *
 * - cost: the cheapest order when later ones follow the best order-up-to policy (`findCheapestOrder`);
 * - fillRate: the smallest order that meets the share of the units asked for in the periods that it is the last to
 *   reach (`findServiceOrder`);
 * - cycleService: up to the quantile of the demand over lead time and review.
 *
 * With costs or a fill rate, buffering the whole lead time's demand instead would hold far more, since lost sales are
 * not owed.
 * Source: the lost-sales argument of W. T. Huh et al., Operations Research 57 (2009), pp. 1103–1118, and P.
 * H. Zipkin, "Old and New Methods for Lost-Sales Inventory Systems", Operations Research 56 (2008), pp.
 * 1256–1263.
 *
 * @param uniform paths of `pathPeriods(rule, item)` periods, shared by all items; without periods beyond the
 *   protection interval nothing is looked ahead
 */
export function planItem(item: PlanItem, rule: PlanRule, uniform: UniformPaths): ItemPlan {
  const { order, withOrder } = findOrder(item, rule, uniform);
  return withOrder(order);
}

/** As `planItem`, before what the order leads to is simulated. */
export function findOrder(item: PlanItem, rule: PlanRule, uniform: UniformPaths): PlannedItem {
  const run = makeRun(item, rule, sampleDemandPaths(uniform, item.forecast, item.isWhole));
  const protection = sumOverLeadTimes(run.demand, run.leadTimes, rule.reviewPeriods).sort();
  const position = item.onHand + item.incoming.reduce((sum, units) => sum + units, 0);
  const { order, orderUpTo, costOf } = chooseOrder(item, rule.target, { run, protection, position });
  const expectedDemand = mean(protection);
  const basis: OrderBasis = {
    orderUpTo,
    safetyStock: orderUpTo - expectedDemand,
    protectionDemand: Float64Array.from(rule.levels, (level) => sampleQuantile(protection, level)),
    expectedDemand,
    projectedOnHand: mean(projectStock(run)),
    inventoryPosition: position,
    requiredQuantity: Math.max(0, orderUpTo - position),
  };
  const withOrder = (quantity: number): ItemPlan => ({
    ...basis,
    orderQuantity: quantity,
    orderCost: item.unitCost === undefined ? null : quantity * item.unitCost,
    outcome: serve(run, quantity),
  });
  return { basis, order, withOrder, costOf };
}

function makeRun(item: PlanItem, rule: PlanRule, demand: DemandPaths): StockRun {
  const {
    onHand,
    incoming,
    leadTimeDeviationPeriods = 0,
    shelfLifePeriods = Number.POSITIVE_INFINITY,
  } = item;
  const leadTime = { mean: rule.leadTimePeriods, deviation: leadTimeDeviationPeriods };
  const latest = Math.max(0, demand.periods - rule.reviewPeriods);
  const leadTimes = drawLeadTimes(leadTime, demand.paths, leadTimeSeed).map((periods) =>
    Math.min(latest, periods),
  );
  return {
    demand,
    onHand,
    incoming,
    reviewPeriods: rule.reviewPeriods,
    leadTimes,
    shelfLifePeriods,
    terms: item,
  };
}

function chooseOrder(
  item: PlanItem,
  target: PlanTarget,
  given: { readonly run: StockRun; readonly protection: Float64Array; readonly position: number },
): { readonly order: number; readonly orderUpTo: number; costOf(order: number): number } {
  const { run, protection, position } = given;
  if (target.kind === 'cost') return findCheapestOrder(run, { ...target, expiryCost: item.unitCost ?? 0 });
  const costOf = (order: number) => serve(run, order).lost;
  if (target.kind === 'fillRate') {
    const best = findServiceOrder(run, target.level);
    const units = item.isWhole ? Math.ceil(best - 1e-6) : best;
    return { order: roundToTerms(units, item), orderUpTo: Math.max(0, position + best), costOf };
  }
  const orderUpTo = coveringSample(protection, target.level);
  return { order: roundToTerms(orderUpTo - position, item), orderUpTo, costOf };
}

/** The periods that an order is the last to reach, under that order. */
function serve(run: StockRun, orderNow: number): ServedOutcome {
  const outcome = runStock(
    { ...run, measuredPeriods: run.reviewPeriods },
    { orderNow, orderUpTo: new Float64Array(1) },
  );
  return { ...outcome, fillRate: outcome.asked > 0 ? 1 - outcome.lost / outcome.asked : 1 };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
