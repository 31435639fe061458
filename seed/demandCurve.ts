import { drawNegativeBinomial, drawPoisson, type Random } from '../src/maths/random.ts';
import { dayCount, weekdayOf, weekOfYear } from './calendar.ts';
import type { PriceCalendar } from './priceCalendar.ts';

/** How a variant sells; every rate in units per day. */
export type DemandCurve = {
  readonly kind: 'FAST' | 'STEADY' | 'SLOW' | 'INTERMITTENT';
  /** Mean over a year without promotions; of an intermittent item the share of days with a sale. */
  readonly rate: number;
  /** Growth of the rate in a year, e.g. 0.1. */
  readonly trend: number;
  readonly peakWeek: number;
  readonly amplitude: number;
  /** Price elasticity, below 0. */
  readonly elasticity: number;
  /** First and last day offered. */
  readonly launchDay: number;
  readonly endDay: number;
};

/** Sales of one variant in one warehouse on one day. */
export type SalesDay = {
  readonly day: number;
  readonly units: number;
  readonly returns: number;
  readonly inStock: boolean;
};

/** Orders by day of the week, Monday first: the web shop's Sunday evening and its quiet Saturday. */
export const weekdayFactors = [1.1, 1, 0.97, 0.95, 0.9, 0.78, 1.3] as const;

const dispersion = { FAST: 8, STEADY: 4, SLOW: 2, INTERMITTENT: 1 } as const;
const returnRate = 0.025;

/** Expected units on a day; for an intermittent item the probability of a sale. */
export function expectedDemand(curve: DemandCurve, prices: PriceCalendar, day: number): number {
  const years = (day - dayCount / 2) / 365;
  const season =
    Math.exp(curve.amplitude * Math.cos((2 * Math.PI * (weekOfYear(day) - curve.peakWeek)) / 52.18)) /
    (1 + curve.amplitude ** 2 / 4);
  const ratio = (prices.paid[day] ?? 1) / (prices.list[day] ?? 1);
  const promotion = prices.promoted[day] === 1 ? 1.15 : 1;
  const weekday = weekdayFactors[weekdayOf(day)] ?? 1;
  return curve.rate * (1 + curve.trend * years) * season * weekday * ratio ** curve.elasticity * promotion;
}

/**
 * Draws two years of sales: negative binomial around the expected demand, lumps on rare days for an intermittent
 * item, nothing while the shelf is empty. Yields the days with a sale, a return, a stock-out or a promotion.
 */
export function drawSales(random: Random, curve: DemandCurve, prices: PriceCalendar): SalesDay[] {
  const empty = drawStockOuts(random, curve);
  const days: SalesDay[] = [];
  for (let day = curve.launchDay; day <= curve.endDay; day += 1) {
    const demand = drawDemand(random, curve, expectedDemand(curve, prices, day));
    const isEmpty = empty[day] === 1;
    const isFirstEmpty = isEmpty && empty[day - 1] !== 1;
    const units = isEmpty ? Math.floor(isFirstEmpty ? demand / 3 : 0) : demand;
    const returns = units === 0 ? 0 : Math.min(units, drawPoisson(random, units * returnRate));
    if (units > 0 || isEmpty || prices.promoted[day] === 1)
      days.push({ day, units, returns, inStock: !isEmpty });
  }
  return days;
}

function drawDemand(random: Random, { kind }: DemandCurve, expected: number): number {
  if (kind !== 'INTERMITTENT') return drawNegativeBinomial(random, expected, dispersion[kind]);
  return random.uniform() < expected ? 1 + drawPoisson(random, 1.6) : 0;
}

/** Marks the days with an empty shelf: about one episode of 3–10 days in two years for what sells regularly. */
function drawStockOuts(random: Random, { kind, launchDay, endDay }: DemandCurve): Uint8Array {
  const empty = new Uint8Array(dayCount);
  const episodes = kind === 'INTERMITTENT' ? 0 : drawPoisson(random, (1.2 * (endDay - launchDay)) / dayCount);
  for (let episode = 0; episode < episodes; episode += 1) {
    const start = launchDay + Math.floor(random.uniform() * (endDay - launchDay - 40));
    const length = 3 + Math.floor(random.uniform() * 8);
    for (let day = Math.max(start, launchDay); day < Math.min(start + length, endDay); day += 1)
      empty[day] = 1;
  }
  return empty;
}
