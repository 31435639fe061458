import {
  DEFAULT_CORRELATION,
  DEFAULT_PATHS,
  type DemandQuantiles,
  type UniformPaths,
} from './demandPaths.ts';
import { planOrderQuantity } from './orderQuantity.ts';
import { findOrder, leadTimeSeed as seed } from './planItem.ts';

/** One variant at the moment of ordering; quantities in units, times in days. */
export type ReorderItem = {
  /** Demand per day from tomorrow on. */
  readonly forecast: DemandQuantiles;
  readonly onHand: number;
  readonly incoming: number;
  /** Units on hand that cannot be sold: committed, reserved or damaged. */
  readonly unavailable: number;
  readonly leadTimeDaysMean: number;
  readonly leadTimeDaysDeviation: number;
  /** ≥ 1 */
  readonly minimumOrderQuantity: number;
  /** ≥ 1 */
  readonly packSize: number;
  /** Whether no supplier offers it, so that lead time, minimum and packs are assumed. */
  readonly areTermsAssumed: boolean;
  /** Share of the forecast that rests on similar variants, 0 to 1. */
  readonly similarVariantsWeight: number;
};

/** The policy: periodic review every `reviewDays`, probability of no stock-out until the next order arrives. */
export type ReorderRule = { readonly serviceLevel: number; readonly reviewDays: number };

/** An order with every part of its calculation. */
export type ReorderParts = {
  readonly quantity: number;
  readonly reorderPoint: number;
  readonly orderUpTo: number;
  readonly safetyStock: number;
  readonly demandDuringLeadTime: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p95: number;
  };
  readonly leadTimeDays: number;
  readonly serviceLevel: number;
  readonly formula: string;
  readonly inputs: Readonly<Record<string, number | boolean>>;
};

/** Longest protection interval that is simulated, in days. */
export const longestProtectionDays = 400;
/** Levels of the demand that a proposal shows. */
const shownLevels = [0.5, 0.9, 0.95] as const;
/** A forecast that ends earlier goes on with its last four weeks. */
const repeatedDays = 28;

/** Days that the demand paths of an item must reach: lead time with three deviations, and the review. */
export function protectionDays(item: ReorderItem, rule: ReorderRule): number {
  const leadTime = Math.round(item.leadTimeDaysMean + 3 * item.leadTimeDaysDeviation);
  return Math.min(longestProtectionDays, Math.max(1, leadTime + rule.reviewDays));
}

/**
 * Reorder point, order-up-to level, safety stock and order quantity of one variant, from sampled demand over the
 * random lead time plus the review period (joint paths, not a sum of quantiles). The sources are with each part.
 *
 * @param uniform paths of at least `protectionDays(item, rule)` days
 */
export function calculateReorder(item: ReorderItem, rule: ReorderRule, uniform: UniformPaths): ReorderParts {
  const { basis } = findOrder(
    {
      onHand: item.onHand - item.unavailable,
      incoming: [item.incoming],
      isWhole: true,
      forecast: extendForecast(item.forecast, uniform.periods),
      leadTimeDeviationPeriods: item.leadTimeDaysDeviation,
    },
    {
      reviewPeriods: rule.reviewDays,
      leadTimePeriods: item.leadTimeDaysMean,
      target: { kind: 'cycleService', level: rule.serviceLevel },
      levels: shownLevels,
    },
    uniform,
  );
  const { orderUpTo, safetyStock, expectedDemand } = basis;
  const levels = { reorderPoint: orderUpTo, orderUpTo, safetyStock, expectedDemand };
  const order = planOrderQuantity({ ...item, ...levels, onOrder: item.incoming, reserved: item.unavailable });
  const [p50 = 0, p90 = 0, p95 = 0] = basis.protectionDemand;
  return {
    quantity: order.quantity,
    reorderPoint: levels.reorderPoint,
    orderUpTo: levels.orderUpTo,
    safetyStock: levels.safetyStock,
    demandDuringLeadTime: {
      mean: expectedDemand,
      p50,
      p90,
      p95,
    },
    leadTimeDays: item.leadTimeDaysMean,
    serviceLevel: rule.serviceLevel,
    formula: describe(item, levels, order),
    inputs: {
      onHand: item.onHand,
      incoming: item.incoming,
      unavailable: item.unavailable,
      leadTimeDaysMean: item.leadTimeDaysMean,
      leadTimeDaysDeviation: item.leadTimeDaysDeviation,
      minimumOrderQuantity: item.minimumOrderQuantity,
      packSize: item.packSize,
      areTermsAssumed: item.areTermsAssumed,
      similarVariantsWeight: item.similarVariantsWeight,
      ...rule,
      ...order,
      demandPaths: DEFAULT_PATHS,
      demandCorrelation: DEFAULT_CORRELATION,
      seed,
    },
  };
}

/** Lengthens a forecast to `periods` days by repeating its last four weeks, weekday on weekday. */
export function extendForecast(forecast: DemandQuantiles, periods: number): DemandQuantiles {
  const { horizon, levels, quantiles } = forecast;
  if (horizon >= periods) return forecast;
  const width = levels.length;
  const cycle = Math.min(horizon, repeatedDays);
  const longer = new Float64Array(periods * width);
  longer.set(quantiles.subarray(0, horizon * width));
  for (let day = horizon; day < periods; day += 1)
    longer.copyWithin(day * width, (day - cycle) * width, (day - cycle + 1) * width);
  return { horizon: periods, levels, quantiles: longer };
}

function describe(
  item: ReorderItem,
  levels: {
    readonly reorderPoint: number;
    readonly orderUpTo: number;
    readonly safetyStock: number;
    readonly expectedDemand: number;
  },
  order: ReturnType<typeof planOrderQuantity>,
): string {
  const position = `inventory position ${show(order.inventoryPosition)} = on hand ${show(item.onHand)} + incoming ${show(item.incoming)} − unavailable ${show(item.unavailable)}`;
  const point = `reorder point ${show(levels.reorderPoint)} = expected demand ${show(levels.expectedDemand)} + safety stock ${show(levels.safetyStock)}`;
  const terms = item.areTermsAssumed
    ? ` No supplier offers it: a lead time of ${show(item.leadTimeDaysMean)} days, no minimum and no packs are assumed.`
    : '';
  const similar =
    item.similarVariantsWeight > 0
      ? ` ${show(100 * item.similarVariantsWeight)} % of the forecast rests on similar variants.`
      : '';
  const notes = `${terms}${similar}`;
  if (order.required === 0) return `0, because the ${position} is not below the ${point}.${notes}`;
  return (
    `${show(order.quantity)} = order-up-to level ${show(levels.orderUpTo)} − position ${show(order.inventoryPosition)}` +
    ` + ${show(order.addedForMinimum)} for the minimum of ${show(item.minimumOrderQuantity)}` +
    ` + ${show(order.addedForPack)} to fill packs of ${show(item.packSize)}; ${position}; ${point}.${notes}`
  );
}

function show(units: number): string {
  return String(Math.round(units * 100) / 100);
}
