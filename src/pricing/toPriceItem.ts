import { toDayNumber } from '../forecasting/dayNumber.ts';
import type { PriceConstraintsInput, PriceItemInput, PriceObservationInput } from '../generated/graphql.ts';
import type { PriceConstraints, PriceItem, PriceObservation } from './priceItem.ts';

/** The day number of a date 'YYYY-MM-DD'. */
export type DayOf = (date: string) => number;

/** Makes a `DayOf` that reads each date once: the items of a request mostly have the same ones. */
export function makeDayReader(): DayOf {
  const known = new Map<string, number>();
  return (date) => {
    const day = known.get(date) ?? toDayNumber(date);
    known.set(date, day);
    return day;
  };
}

/** Makes the item of a checked input: periods oldest first, and as many competitors in every one of them. */
export function toPriceItem(item: PriceItemInput, dayOf: DayOf): PriceItem {
  const { id, unitCost, currentPrice, constraints, groups, markdown } = item;
  const count = Math.max(
    item.competitorPrices?.length ?? 0,
    ...item.history.map(({ competitorPrices }) => competitorPrices?.length ?? 0),
  );
  return {
    id,
    unitCost,
    currentPrice,
    history: item.history.map((one) => toObservation(one, count, dayOf)).sort((a, b) => a.day - b.day),
    competitorPrices: (item.competitorPrices ?? []).map(orUnknown),
    constraints: toConstraints(constraints ?? {}),
    groups: groups ?? [],
    ...(markdown != null && {
      markdown: {
        stock: markdown.stock,
        endDay: dayOf(markdown.endDate),
        salvageValue: markdown.salvageValue ?? 0,
      },
    }),
  };
}

/** Makes one period of a checked history, with as many competitors as the item has. */
export function toObservation(
  observation: PriceObservationInput,
  competitors: number,
  dayOf: DayOf,
): PriceObservation {
  const { date, units, price, regularPrice, promoted, inStock, sentiment, complaintRate } = observation;
  return {
    day: dayOf(date),
    units,
    price,
    regularPrice: orUnknown(regularPrice),
    promoted: promoted ?? false,
    competitorPrices:
      observation.competitorPrices?.length === competitors
        ? observation.competitorPrices.map(orUnknown)
        : new Array<number>(competitors).fill(Number.NaN),
    inStock: inStock ?? true,
    sentiment: orUnknown(sentiment),
    complaintRate: orUnknown(complaintRate),
  };
}

/** Makes the constraints of a checked input; NaN where there is none. */
export function toConstraints(given: PriceConstraintsInput): PriceConstraints {
  const [low, high] = given.competitorCorridor ?? [];
  return {
    floor: orUnknown(given.floor),
    ceiling: orUnknown(given.ceiling),
    minimumMarginRate: orUnknown(given.minimumMarginRate),
    maximumStepRate: orUnknown(given.maximumStepRate),
    endings: given.endings ?? [],
    competitorCorridor: low === undefined || high === undefined ? null : [low, high],
    stockLimit: orUnknown(given.stockLimit),
    minimumAdvertisedPrice: orUnknown(given.minimumAdvertisedPrice),
  };
}

function orUnknown(value: number | null | undefined): number {
  return value ?? Number.NaN;
}
