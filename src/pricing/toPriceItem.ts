import { toDayNumber } from '../forecasting/dayNumber.ts';
import type { PriceConstraintsInput, PriceItemInput, PriceObservationInput } from '../generated/graphql.ts';
import type { PriceConstraints, PriceItem, PriceObservation } from './priceItem.ts';

/** Makes the item of a checked input: periods oldest first, and as many competitors in every one of them. */
export function toPriceItem(item: PriceItemInput): PriceItem {
  const { id, unitCost, currentPrice, constraints, groups } = item;
  const count = Math.max(
    item.competitorPrices?.length ?? 0,
    ...item.history.map(({ competitorPrices }) => competitorPrices?.length ?? 0),
  );
  return {
    id,
    unitCost,
    currentPrice,
    history: item.history.map((one) => toObservation(one, count)).sort((a, b) => a.day - b.day),
    competitorPrices: (item.competitorPrices ?? []).map(orUnknown),
    constraints: toConstraints(constraints ?? {}),
    groups: groups ?? [],
  };
}

function toObservation(observation: PriceObservationInput, competitors: number): PriceObservation {
  const { date, units, price, regularPrice, promoted, inStock, sentiment, complaintRate } = observation;
  return {
    day: toDayNumber(date),
    units,
    price,
    regularPrice: orUnknown(regularPrice),
    promoted: promoted ?? false,
    competitorPrices: Array.from({ length: competitors }, (_, index) =>
      orUnknown(observation.competitorPrices?.[index]),
    ),
    inStock: inStock ?? true,
    sentiment: orUnknown(sentiment),
    complaintRate: orUnknown(complaintRate),
  };
}

function toConstraints(given: PriceConstraintsInput): PriceConstraints {
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
