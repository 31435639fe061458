/** Simulates an item's stock over demand paths, with lost sales, under orders that raise the position to a level. */

import type { DemandPaths } from './demandPaths.ts';
import { nearestOrder, type OrderTerms } from './orderQuantity.ts';

/** What a simulation starts from and what holds in it. */
export interface StockRun {
  readonly demand: DemandPaths;
  /** Units on the shelf; they count as just arrived. */
  readonly onHand: number;
  /** `[t]`, units of earlier orders that arrive before the sales of period t. */
  readonly incoming: readonly number[];
  readonly reviewPeriods: number;
  /** `[paths]`, periods from order to arrival. */
  readonly leadTimes: Float64Array;
  /** Periods that a unit can be sold in, ≥ 1; Infinity = it keeps. */
  readonly shelfLifePeriods: number;
  readonly terms: OrderTerms;
  /** Periods from this order's arrival on that are measured; absent = all. */
  readonly measuredPeriods?: number;
}

/** Orders: now, and at each later review up to a level. */
export interface OrderRule {
  readonly orderNow: number;
  /** `[reviews]`, inventory position to order up to at review k, the first being now; later reviews do not order. */
  readonly orderUpTo: Float64Array;
}

/** Means over the paths of the measured periods, in units. */
export interface StockOutcome {
  /** Unit-periods held at the ends of periods. */
  readonly held: number;
  /** Units of lost sales. */
  readonly lost: number;
  /** Units asked for. */
  readonly asked: number;
  /** Units written off. */
  readonly expired: number;
}

/** Reviews whose order can still arrive within the paths and be sold for a review's periods; the first is now. */
export function countReviews({
  demand,
  reviewPeriods,
  leadTimes,
}: Pick<StockRun, 'demand' | 'reviewPeriods' | 'leadTimes'>): number {
  const latest = leadTimes.reduce((most, periods) => Math.max(most, periods), 0);
  return Math.max(1, Math.floor((demand.periods - latest) / reviewPeriods));
}

/** `[paths]`, units on the shelf when an order placed now arrives, without it; arrivals of that moment included. */
export function projectStock(run: StockRun): Float64Array {
  const { demand, leadTimes } = run;
  return Float64Array.from({ length: demand.paths }, (_, path) => {
    const lead = leadTimes[path] ?? 0;
    const shelf = makeShelf(run, demand.periods);
    let stock = run.onHand;
    for (let t = 0; t < lead; t += 1) {
      const arrived = run.incoming[t] ?? 0;
      const asked = demand.values[path * demand.periods + t] ?? 0;
      const sold = Math.min(asked, stock + arrived);
      stock += arrived - sold;
      if (shelf !== null) stock -= ageShelf(shelf, arrived, sold);
    }
    return stock + (run.incoming[lead] ?? 0);
  });
}

/** Runs every path; units leave the shelf oldest first. */
export function runStock(run: StockRun, rule: OrderRule): StockOutcome {
  const { demand, leadTimes } = run;
  const sums = { held: 0, lost: 0, asked: 0, expired: 0 };
  const arrivals = new Float64Array(demand.periods);
  for (let path = 0; path < demand.paths; path += 1) {
    for (let t = 0; t < demand.periods; t += 1) arrivals[t] = run.incoming[t] ?? 0;
    runPath(run, rule, { path, arrivals, lead: leadTimes[path] ?? 0, sums });
  }
  const share = 1 / demand.paths;
  return {
    held: sums.held * share,
    lost: sums.lost * share,
    asked: sums.asked * share,
    expired: sums.expired * share,
  };
}

interface PathRun {
  readonly path: number;
  /** `[periods]`, filled by orders as they are placed. */
  readonly arrivals: Float64Array;
  readonly lead: number;
  readonly sums: { held: number; lost: number; asked: number; expired: number };
}

function runPath(run: StockRun, rule: OrderRule, { path, arrivals, lead, sums }: PathRun): void {
  const { demand, reviewPeriods } = run;
  const { periods } = demand;
  const shelf = makeShelf(run, periods);
  const measuredUntil = lead + (run.measuredPeriods ?? periods);
  let stock = run.onHand;
  let onOrder = run.incoming.reduce((sum, units) => sum + units, 0);
  for (let t = 0; t < Math.min(periods, measuredUntil); t += 1) {
    const review = t / reviewPeriods;
    if (Number.isInteger(review) && t + lead < periods && review < rule.orderUpTo.length) {
      const order =
        t === 0 ? rule.orderNow : nearestOrder((rule.orderUpTo[review] ?? 0) - stock - onOrder, run.terms);
      arrivals[t + lead] = (arrivals[t + lead] ?? 0) + order;
      onOrder += order;
    }
    const arrived = arrivals[t] ?? 0;
    onOrder -= arrived;
    const asked = demand.values[path * periods + t] ?? 0;
    const left = Math.max(0, stock + arrived) - asked;
    stock = Math.max(0, left);
    const expired = shelf === null ? 0 : ageShelf(shelf, arrived, Math.min(asked, asked + left));
    stock -= expired;
    if (t < lead) continue;
    sums.held += stock;
    sums.asked += asked;
    sums.expired += expired;
    if (left < 0) sums.lost -= left;
  }
}

/** Units by the periods they can still be sold in, the last entry being the freshest; null where all keep. */
function makeShelf({ shelfLifePeriods, onHand }: StockRun, periods: number): Float64Array | null {
  if (shelfLifePeriods >= periods) return null;
  const shelf = new Float64Array(shelfLifePeriods);
  shelf[shelfLifePeriods - 1] = onHand;
  return shelf;
}

/** Adds arrivals, takes sales from the oldest, ages by a period; yields what is written off. */
function ageShelf(shelf: Float64Array, arrived: number, sold: number): number {
  const last = shelf.length - 1;
  shelf[last] = Math.max(0, (shelf[last] ?? 0) + arrived);
  let open = sold;
  for (let age = 0; age <= last && open > 0; age += 1) {
    const taken = Math.min(open, shelf[age] ?? 0);
    shelf[age] = (shelf[age] ?? 0) - taken;
    open -= taken;
  }
  const expired = shelf[0] ?? 0;
  shelf.copyWithin(0, 1);
  shelf[last] = 0;
  return expired;
}
