import type { PaidDemand } from '../../../sales/service.ts';
import type { WeeklySignal } from '../../../signals/service.ts';
import type { PriceObservation } from '../../priceItem.ts';
import { findBounds, type HistoryFrequency } from './periods.ts';
import { type Steps, sampleSteps } from './steps.ts';
import { sampleSignals } from './weeklySignals.ts';

/** What is known of a variant beside its sales. */
export type Circumstances = {
  /** Prices that held. */
  readonly prices: Steps;
  readonly listPrices: Steps;
  /** What each competitor asked. */
  readonly competitors: readonly Steps[];
  /** What was written about it by week, oldest first. */
  readonly signals: readonly WeeklySignal[];
};

/** Days for which what a competitor asked is taken to hold. */
export const competitorPriceDays = 28;

/**
 * Joins the sales of a variant to what was known, a period each. A period's price is what was paid a unit; where nothing was
 * sold, the mean of the prices that held on its days. Its regular price is the mean of its days', from the sales where they tell
 * it, else from the price history. It was promoted when at least half of its days were: sales said so, or the price that
 * held was below the regular one. It was in stock when all its days were. Competitors' prices are the last ones seen by its end,
 * at most 28 days old.
 */
export function toObservations(
  demand: PaidDemand,
  known: Circumstances,
  frequency: HistoryFrequency,
): PriceObservation[] {
  const { firstDay, units, revenue, inStock } = demand;
  const bounds = findBounds(firstDay, units.length, frequency);
  const lastDays = bounds.slice(1).map((end) => firstDay + end - 1);
  const daily = readDailyPrices(demand, known);
  const competitors = known.competitors.map((steps) => sampleSteps(steps, lastDays, competitorPriceDays));
  const signals = sampleSignals(known.signals, lastDays);
  return lastDays.map((_, period): PriceObservation => {
    const [start, end] = [bounds[period] ?? 0, bounds[period + 1] ?? 0];
    const sold = sum(units, start, end);
    const paid = sum(revenue, start, end);
    return {
      day: firstDay + start,
      units: sold,
      price: sold > 0 && paid > 0 ? paid / sold : meanKnown(daily.held, start, end),
      regularPrice: meanKnown(daily.regular, start, end),
      promoted: 2 * sum(daily.promoted, start, end) >= end - start,
      competitorPrices: competitors.map((prices) => prices[period] ?? Number.NaN),
      inStock: !inStock.slice(start, end).includes(false),
      sentiment: signals.sentiment[period] ?? Number.NaN,
      complaintRate: signals.complaintRate[period] ?? Number.NaN,
    };
  });
}

function readDailyPrices(demand: PaidDemand, { prices, listPrices }: Circumstances) {
  const days = Array.from(demand.units, (_, offset) => demand.firstDay + offset);
  const held = sampleSteps(prices, days);
  const heldList = sampleSteps(listPrices, days);
  const regular = demand.regularPrice.map((price, day) =>
    Number.isNaN(price) ? (heldList[day] ?? Number.NaN) : price,
  );
  const promoted = demand.units.map((_, day) =>
    demand.promoted[day] === true || (held[day] ?? 0) < (heldList[day] ?? 0) ? 1 : 0,
  );
  return { held, regular, promoted };
}

function sum(values: Float64Array, start: number, end: number): number {
  let total = 0;
  for (let at = start; at < end; at += 1) total += values[at] ?? 0;
  return total;
}

/** Mean of the values that are known; NaN where none is. */
function meanKnown(values: Float64Array, start: number, end: number): number {
  let [total, count] = [0, 0];
  for (let at = start; at < end; at += 1) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    total += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : total / count;
}
