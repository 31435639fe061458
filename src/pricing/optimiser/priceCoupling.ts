/** Constraints that tie the prices of several items together. */

/** What must hold for some of a request's items together; NaN or no entry where there is no bound. */
export interface PriceCoupling {
  /** Indexes of the items that the bounds are of, ascending. */
  readonly items: readonly number[];
  /** Bounds of the plain mean over its items of price ÷ current price − 1. */
  readonly minimumAverageChangeRate: number;
  readonly maximumAverageChangeRate: number;
  /** Lowest Σ expected margin ÷ Σ expected revenue. */
  readonly minimumMarginRate: number;
  /** Most items whose price may change. */
  readonly maximumChanges: number;
  /** Indexes of items none of which may cost more than the one after it. */
  readonly priceOrder: readonly number[];
}

/** What an item brings to a choice of all: one entry for each price that it may get. */
export interface CoupledOptions {
  /** Indexes of the item among the request's. */
  readonly item: number;
  readonly currentPrice: number;
  readonly unitCost: number;
  readonly prices: readonly number[];
  /** Expected units, and what they are worth in the choice. */
  readonly units: readonly number[];
  readonly worth: readonly number[];
}

/** A row Σ coefficient × x over the columns, between two bounds. */
export interface CouplingRow {
  readonly columns: readonly number[];
  readonly coefficients: readonly number[];
  readonly low: number;
  readonly high: number;
}

/**
 * The rows of a mixed-integer program whose column for each price of each item is 1 where the item gets it: one price an item, then
 * what the couplings ask, each scaled to coefficients of about 1.
 */
export function listCouplingRows(
  items: readonly CoupledOptions[],
  couplings: readonly PriceCoupling[],
): CouplingRow[] {
  const starts = new Map<number, number>();
  let columns = 0;
  for (const { item, prices } of items) {
    starts.set(item, columns);
    columns += prices.length;
  }
  const byIndex = new Map(items.map((options) => [options.item, options]));
  const makeRow = (
    among: readonly number[],
    coefficientOf: (options: CoupledOptions, entry: number) => number,
    [low, high]: readonly [number, number],
  ): CouplingRow => {
    const parts = among.flatMap((index) => {
      const options = byIndex.get(index);
      const start = starts.get(index) ?? 0;
      return (options?.prices ?? []).map((_, entry) => ({
        column: start + entry,
        coefficient: options === undefined ? 0 : coefficientOf(options, entry),
      }));
    });
    const kept = parts.filter(({ coefficient }) => coefficient !== 0);
    return {
      columns: kept.map(({ column }) => column),
      coefficients: kept.map(({ coefficient }) => coefficient),
      low,
      high,
    };
  };
  return [
    ...items.map(({ item }) => makeRow([item], () => 1, [1, 1])),
    ...couplings.flatMap((coupling) => listRowsOf(coupling, makeRow, byIndex)),
  ];
}

type MakeRow = (
  among: readonly number[],
  coefficientOf: (options: CoupledOptions, entry: number) => number,
  bounds: readonly [number, number],
) => CouplingRow;

function listRowsOf(
  coupling: PriceCoupling,
  makeRow: MakeRow,
  byIndex: ReadonlyMap<number, CoupledOptions>,
): CouplingRow[] {
  const { items, minimumAverageChangeRate: least, maximumAverageChangeRate: most } = coupling;
  const { minimumMarginRate, maximumChanges, priceOrder } = coupling;
  const rows: CouplingRow[] = [];
  const change = ({ prices, currentPrice }: CoupledOptions, entry: number) =>
    (prices[entry] ?? 0) / currentPrice - 1;
  if (!Number.isNaN(least) || !Number.isNaN(most))
    rows.push(
      makeRow(items, change, [
        Number.isNaN(least) ? -Infinity : least * items.length,
        Number.isNaN(most) ? Infinity : most * items.length,
      ]),
    );
  if (!Number.isNaN(maximumChanges))
    rows.push(makeRow(items, (...at) => (change(...at) === 0 ? 0 : 1), [-Infinity, maximumChanges]));
  if (!Number.isNaN(minimumMarginRate)) {
    const revenueOf = ({ prices, units }: CoupledOptions, entry: number) =>
      (prices[entry] ?? 0) * (units[entry] ?? 0);
    const largest = Math.max(
      ...items.flatMap((index) => {
        const options = byIndex.get(index);
        return options?.prices.map((_, entry) => revenueOf(options, entry)) ?? [];
      }),
    );
    const scale = largest > 0 ? largest : 1;
    const excess = (options: CoupledOptions, entry: number) => {
      const margin = ((options.prices[entry] ?? 0) - options.unitCost) * (options.units[entry] ?? 0);
      return (margin - minimumMarginRate * revenueOf(options, entry)) / scale;
    };
    rows.push(makeRow(items, excess, [0, Infinity]));
  }
  for (const [index, upper] of priceOrder.entries()) {
    const lower = priceOrder[index - 1];
    const scale = byIndex.get(upper)?.currentPrice ?? 1;
    if (lower === undefined) continue;
    const signed = ({ item, prices }: CoupledOptions, entry: number) =>
      ((item === upper ? 1 : -1) * (prices[entry] ?? 0)) / scale;
    rows.push(makeRow([lower, upper], signed, [0, Infinity]));
  }
  return rows;
}
