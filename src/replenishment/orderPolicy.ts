/** The order that costs least over simulated stock, with the orders that follow it. */

import type { DemandPaths } from './demandPaths.ts';
import type { UnitCosts } from './newsvendor.ts';
import { nearestOrder, type OrderTerms, orderAtMost, orderStep } from './orderQuantity.ts';
import { countReviews, runStock, type StockRun } from './stockRun.ts';

/** Costs of a simulated order. */
export interface StockCosts extends UnitCosts {
  /** Per unit written off, ≥ 0. */
  readonly expiryCost: number;
}

/** The best order and the level behind it. */
export interface BestOrder {
  /** Allowed by the terms, ≥ 0. */
  readonly order: number;
  /** Inventory position up to which the best repeated policy would order now. */
  readonly orderUpTo: number;
  /** Expected cost of an order, later ones following the policy. */
  costOf(order: number): number;
}

/** Deviations above the expected demand of the protection interval that are tried, coarse then fine. */
const coarse = [-1, -0.5, 0, 0.5, 1, 1.5, 2.25, 3.25] as const;
const fine = [-0.25, 0.25] as const;
const mostSteps = 24;

/**
 * Chooses an order in two steps.
 * 1. Among policies "order up to expected demand over the protection interval plus θ standard deviations of it at every
 *    review", the θ with the least expected cost over the paths from now on.
 * 2. Among the allowed orders near the one of that policy, the cheapest when the later orders follow the policy.
 *
 * So what is left of an order is held until it would be sold, and a later order corrects only what it can: downwards
 * not below nothing.
 * Source: rollout of a base policy, D. P. Bertsekas, Dynamic Programming and Optimal Control 1 (4th ed., 2017), §6.4;
 * base-stock levels under lost sales by simulation: W. T. Huh et al., Operations Research 57 (2009), pp. 1103–1118.
 */
export function findCheapestOrder(run: StockRun, costs: StockCosts): BestOrder {
  const { mean, deviation } = protectionMoments(run);
  const { terms } = run;
  const position = run.onHand + run.incoming.reduce((sum, units) => sum + units, 0);
  const levelsAt = (theta: number) => mean.map((units, k) => units + theta * (deviation[k] ?? 0));
  const costWith = (order: number, orderUpTo: Float64Array) =>
    totalCost(runStock(run, { orderNow: order, orderUpTo }), costs);
  let [theta, cheapest] = [0, Number.POSITIVE_INFINITY];
  const tryTheta = (candidate: number) => {
    const levels = levelsAt(candidate);
    const cost = costWith(nearestOrder((levels[0] ?? 0) - position, terms), levels);
    if (cost < cheapest) [theta, cheapest] = [candidate, cost];
  };
  for (const candidate of coarse) tryTheta(candidate);
  const middle = theta;
  for (const step of fine) tryTheta(middle + step);
  const levels = levelsAt(theta);
  const costOf = (order: number) => costWith(order, levels);
  const start = nearestOrder((levels[0] ?? 0) - position, terms);
  const order = descend(start, { terms, costOf, step: 0.25 * (deviation[0] ?? 0), cost: cheapest });
  return {
    order,
    orderUpTo: order > 0 ? position + order : Math.max(0, Math.min(position, levels[0] ?? 0)),
    costOf,
  };
}

function totalCost(
  outcome: ReturnType<typeof runStock>,
  { holdingCost, shortageCost, expiryCost }: StockCosts,
): number {
  return holdingCost * outcome.held + shortageCost * outcome.lost + expiryCost * outcome.expired;
}

/** Moves the order to a cheaper allowed neighbour while there is one, with ever smaller steps. */
function descend(
  start: number,
  given: {
    readonly terms: OrderTerms;
    readonly costOf: (order: number) => number;
    readonly step: number;
    readonly cost: number;
  },
): number {
  const { terms, costOf } = given;
  const smallest = Math.max(orderStep(terms), given.step / 64);
  let [order, cost] = [start, given.cost];
  let step = Math.max(given.step, smallest);
  for (let tries = 0; tries < mostSteps; tries += 1) {
    const before = order;
    for (const candidate of [nearestOrder(before + step, terms), orderAtMost(before - step, terms)]) {
      const price = candidate === order ? cost : costOf(candidate);
      if (price < cost) [order, cost] = [candidate, price];
    }
    if (order !== before) continue;
    if (step <= smallest) break;
    step = Math.max(smallest, step / 2);
  }
  return order > 0 && costOf(0) <= cost ? 0 : order;
}

/** Mean and deviation over the paths of the demand between each review and the arrival of the order after it. */
function protectionMoments(run: StockRun): { readonly mean: Float64Array; readonly deviation: Float64Array } {
  const reviews = countReviews(run);
  const mean = new Float64Array(reviews);
  const deviation = new Float64Array(reviews);
  for (let k = 0; k < reviews; k += 1) {
    const from = k * run.reviewPeriods;
    const { sum, squares } = sumMoments(run.demand, run.leadTimes, { from, review: run.reviewPeriods });
    mean[k] = sum / run.demand.paths;
    deviation[k] = Math.sqrt(Math.max(0, squares / run.demand.paths - (mean[k] ?? 0) ** 2));
  }
  return { mean, deviation };
}

function sumMoments(
  demand: DemandPaths,
  leadTimes: Float64Array,
  { from, review }: { readonly from: number; readonly review: number },
): { readonly sum: number; readonly squares: number } {
  let [sum, squares] = [0, 0];
  for (let path = 0; path < demand.paths; path += 1) {
    const end = Math.min(demand.periods, from + (leadTimes[path] ?? 0) + review);
    let units = 0;
    for (let t = from; t < end; t += 1) units += demand.values[path * demand.periods + t] ?? 0;
    sum += units;
    squares += units * units;
  }
  return { sum, squares };
}
