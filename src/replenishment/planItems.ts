import type { UniformPaths } from './demandPaths.ts';
import { orderAtMost, orderStep } from './orderQuantity.ts';
import { findOrder, type ItemPlan, type PlanItem, type PlannedItem, type PlanRule } from './planItem.ts';

/** Finds the shared paths of an item. */
export type PathsOf = (item: PlanItem) => UniformPaths;

/**
 * Plans all items, within `budget` where there is one.
 *
 * When the orders cost more than the budget, it is spent where it saves most: every order is cut into steps, the steps
 * are joined so that the saving per money falls from step to step (the lower convex hull of cost against quantity), and
 * steps are bought by falling saving per money while they can be paid; the last one in part. That is the optimum of
 * the Lagrangian relaxation; what is left unspent is less than one step. With a service level the saving is the units
 * of lost sale.
 * Source: marginal analysis, B. L. Fox, "Discrete Optimization via Marginal Analysis", Management Science 13 (1966),
 * pp. 210–216.
 *
 * @param budget in the currency of the unit costs, which all items then have; null = no limit
 */
export function planItems(
  items: readonly PlanItem[],
  given: { readonly rule: PlanRule; readonly budget: number | null },
  pathsOf: PathsOf,
): readonly ItemPlan[] {
  const { rule, budget } = given;
  const planned = items.map((item) => findOrder(item, rule, pathsOf(item)));
  const asked = planned.reduce((sum, { order }, i) => sum + order * (items[i]?.unitCost ?? 0), 0);
  const orders =
    budget === null || asked <= budget
      ? planned.map(({ order }) => order)
      : spendBudget(items, planned, budget);
  return planned.map(({ withOrder }, i) => withOrder(orders[i] ?? 0));
}

const stepsPerOrder = 16;

interface Step {
  readonly item: number;
  readonly from: number;
  readonly to: number;
  /** Cost saved per money spent. */
  readonly rate: number;
}

function spendBudget(
  items: readonly PlanItem[],
  planned: readonly PlannedItem[],
  budget: number,
): Float64Array {
  const steps = planned.flatMap((one, index) => {
    const item = items[index];
    return item === undefined ? [] : listSteps(one, item, index);
  });
  steps.sort((a, b) => b.rate - a.rate);
  const orders = new Float64Array(planned.length);
  let left = budget;
  for (const { item: index, from, to } of steps) {
    const item = items[index];
    // A step whose predecessor was not paid in full is passed over: its saving rests on it.
    if (item === undefined || orders[index] !== from) continue;
    const price = item.unitCost ?? 0;
    const paid = (to - from) * price <= left ? to : orderAtMost(from + left / price, item);
    if (!(paid > from)) continue;
    orders[index] = paid;
    left -= (paid - from) * price;
  }
  return orders;
}

/** Steps of an order with falling saving per money. */
function listSteps({ order, costOf }: PlannedItem, item: PlanItem, index: number): Step[] {
  const price = item.unitCost ?? 0;
  const hull: { quantity: number; cost: number }[] = [];
  for (const quantity of listQuantities(order, item)) {
    const point = { quantity, cost: costOf(quantity) };
    while (hull.length > 1 && isAbove(hull, point)) hull.pop();
    hull.push(point);
  }
  return hull.slice(1).flatMap(({ quantity, cost }, k) => {
    const before = hull[k] ?? { quantity: 0, cost: 0 };
    const rate = (before.cost - cost) / ((quantity - before.quantity) * price);
    return rate > 0 ? [{ item: index, from: before.quantity, to: quantity, rate }] : [];
  });
}

/** Whether the hull's last point lies on or above the line from the one before it to `next`. */
function isAbove(
  hull: readonly { readonly quantity: number; readonly cost: number }[],
  next: { readonly quantity: number; readonly cost: number },
): boolean {
  const [before, last] = hull.slice(-2);
  if (before === undefined || last === undefined) return false;
  const slope = (next.cost - before.cost) / (next.quantity - before.quantity);
  return last.cost >= before.cost + slope * (last.quantity - before.quantity);
}

/** Allowed quantities from 0 to the order, at most sixteen steps. */
function listQuantities(order: number, item: PlanItem): readonly number[] {
  const quantities = new Set([0]);
  const unit = Math.max(orderStep(item), order / stepsPerOrder);
  for (let k = 1; unit > 0 && k * unit < order; k += 1) quantities.add(orderAtMost(k * unit, item));
  return [...quantities.add(order)];
}
