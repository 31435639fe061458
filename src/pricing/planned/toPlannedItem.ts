import type { PlannedItemInput } from '../../generated/graphql.ts';
import { type DayOf, toConstraints, toObservation } from '../toPriceItem.ts';
import type { PlannedItem } from './planDemand.ts';

/** Makes an item with its plan from a checked input; what only choosing a price needs is left open. */
export function toPlannedItem({ id, history, groups, plan }: PlannedItemInput, dayOf: DayOf): PlannedItem {
  const count = Math.max(0, ...history.map(({ competitorPrices }) => competitorPrices?.length ?? 0));
  const observations = history.map((one) => toObservation(one, count, dayOf)).sort((a, b) => a.day - b.day);
  return {
    item: {
      id,
      history: observations,
      groups: groups ?? [],
      unitCost: 0,
      currentPrice: observations.at(-1)?.price ?? 1,
      competitorPrices: [],
      constraints: toConstraints({}),
    },
    plan: plan.map((planned) => toObservation({ ...planned, units: 0 }, count, dayOf)),
  };
}
