import { fromDayNumber, toDayNumber } from './calendarDay.ts';

/** Demand as the store yields it; lists are comma-separated texts, days count from `firstDay`. */
export type PackedDemand = {
  /** Row id of the variant or product. */
  readonly key: number;
  readonly firstDay: string;
  readonly lastDay: string;
  /** One entry a day and warehouse with a row; the next two lists have the same length. */
  readonly days: string | null;
  readonly units: string | null;
  /** 10,000 × paid price ÷ regular price. */
  readonly priceRatios: string | null;
  readonly emptyDays: string | null;
  readonly promotedDays: string | null;
};

/** Daily demand over all warehouses, from the first sale to the last reported day; every list has one entry a day. */
export type DemandSeries = {
  /** Day of the first value, 'YYYY-MM-DD'; '' where nothing was ever sold and every list is empty. */
  readonly start: string;
  /** Units sold, returns not deducted; 0 on days without a sale. */
  readonly values: Float64Array;
  /** False where a warehouse reported a stock-out: sales were limited by stock. */
  readonly inStock: readonly boolean[];
  /** True where the sale ran under a promotion in any warehouse. */
  readonly promoted: readonly boolean[];
  /** Paid price ÷ regular price, weighted by units; 1 where nothing was sold or no price is known. */
  readonly priceRatio: Float64Array;
};

/** Demand of one variant. */
export type DemandHistory = DemandSeries & { readonly variantId: number };
/** Demand of one product: its variants' together. */
export type ProductDemandHistory = DemandSeries & { readonly productId: number };

const ratioScale = 10_000;

/**
 * Adds up packed demand into one series that runs from the earliest first day to the latest last day, the last
 * `limitDays` of it at most.
 */
export function toDemandSeries(parts: readonly PackedDemand[], limitDays: number): DemandSeries {
  if (parts.length === 0)
    return {
      start: '',
      values: new Float64Array(),
      inStock: [],
      promoted: [],
      priceRatio: new Float64Array(),
    };
  const last = Math.max(...parts.map(({ lastDay }) => toDayNumber(lastDay)));
  const earliest = Math.min(...parts.map(({ firstDay }) => toDayNumber(firstDay)));
  const start = Math.max(earliest, last - limitDays + 1);
  const length = last - start + 1;
  const sums = {
    units: new Float64Array(length),
    ratios: new Float64Array(length),
    weights: new Float64Array(length),
  };
  const inStock = new Array<boolean>(length).fill(true);
  const promoted = new Array<boolean>(length).fill(false);
  for (const part of parts) {
    const offset = toDayNumber(part.firstDay) - start;
    addSales(sums, part, offset);
    mark(inStock, part.emptyDays, offset, false);
    mark(promoted, part.promotedDays, offset, true);
  }
  return {
    start: fromDayNumber(start),
    values: sums.units,
    inStock,
    promoted,
    priceRatio: sums.ratios.map((sum, day) => {
      const weight = sums.weights[day] ?? 0;
      return weight === 0 ? 1 : sum / (weight * ratioScale);
    }),
  };
}

/** Adds one part's units and prices; a day without units counts its price as one unit's. */
function addSales(
  sums: { readonly units: Float64Array; readonly ratios: Float64Array; readonly weights: Float64Array },
  part: PackedDemand,
  offset: number,
): void {
  const days = splitNumbers(part.days);
  const units = splitNumbers(part.units);
  const ratios = splitNumbers(part.priceRatios);
  for (let index = 0; index < days.length; index += 1) {
    const day = offset + (days[index] ?? 0);
    if (day < 0) continue; // before the limit, which counts from the latest day of all parts
    const sold = units[index] ?? 0;
    const weight = Math.max(sold, 1);
    sums.units[day] = (sums.units[day] ?? 0) + sold;
    sums.weights[day] = (sums.weights[day] ?? 0) + weight;
    sums.ratios[day] = (sums.ratios[day] ?? 0) + weight * (ratios[index] ?? ratioScale);
  }
}

function mark(flags: boolean[], days: string | null, offset: number, value: boolean): void {
  for (const day of splitNumbers(days)) if (offset + day >= 0) flags[offset + day] = value;
}

function splitNumbers(list: string | null): number[] {
  return list === null || list === '' ? [] : list.split(',').map(Number);
}
