import { badInputField as refuse } from '../errors.ts';
import type { ReplenishmentItemInput, ReplenishmentPlanInput } from '../generated/graphql.ts';
import type { PlanTarget } from './planItem.ts';

const maximumItems = 1_000;
const maximumValues = 2_000;
const maximumPeriods = 64;
const maximumUnits = 1e12;

/** Checks the input of `replenishmentPlan`; yields its target. Throws BAD_USER_INPUT naming field, rule and what was got. */
export function checkPlanInput(input: ReplenishmentPlanInput): PlanTarget {
  const { reviewPeriods, leadTimePeriods, items } = input;
  if (reviewPeriods < 1 || reviewPeriods > maximumPeriods)
    throw refuse('reviewPeriods', `1 to ${maximumPeriods} periods`, reviewPeriods);
  if (leadTimePeriods < 0 || leadTimePeriods + reviewPeriods > maximumPeriods)
    throw refuse('leadTimePeriods', `0 to ${maximumPeriods} periods with the review`, leadTimePeriods);
  if (items.length < 1 || items.length > maximumItems)
    throw refuse('items', `1 to ${maximumItems} items`, items.length);
  for (const [index, item] of items.entries()) {
    checkItem(item, `items.${index}`);
    checkTiming(item, input, `items.${index}`);
  }
  checkBudget(input);
  return readTarget(input);
}

function readTarget({ holdingCost, shortageCost, serviceLevel }: ReplenishmentPlanInput): PlanTarget {
  if (serviceLevel != null) {
    if (holdingCost != null || shortageCost != null)
      throw refuse('serviceLevel', 'given instead of holdingCost and shortageCost', 'both');
    if (!(serviceLevel > 0 && serviceLevel < 1))
      throw refuse('serviceLevel', 'above 0 and below 1', serviceLevel);
    return { kind: 'fillRate', level: serviceLevel };
  }
  if (holdingCost == null || shortageCost == null)
    throw refuse('serviceLevel', 'given, or both holdingCost and shortageCost', 'neither');
  for (const [name, cost] of Object.entries({ holdingCost, shortageCost }))
    if (!(cost > 0 && cost <= maximumUnits)) throw refuse(name, `above 0 and at most ${maximumUnits}`, cost);
  return { kind: 'cost', holdingCost, shortageCost };
}

function checkTiming(
  { leadTimeDeviationPeriods, shelfLifePeriods }: ReplenishmentItemInput,
  { reviewPeriods, leadTimePeriods }: ReplenishmentPlanInput,
  path: string,
): void {
  const deviation = leadTimeDeviationPeriods ?? 0;
  const most = Math.floor((maximumPeriods - leadTimePeriods - reviewPeriods) / 3);
  if (!(deviation >= 0 && deviation <= most))
    throw refuse(
      `${path}.leadTimeDeviationPeriods`,
      `0 to ${most}, a third of what lead time and review leave of ${maximumPeriods} periods`,
      deviation,
    );
  if (shelfLifePeriods != null && shelfLifePeriods < 1)
    throw refuse(`${path}.shelfLifePeriods`, 'at least 1 period', shelfLifePeriods);
}

function checkBudget({ budget, items }: ReplenishmentPlanInput): void {
  for (const [index, { unitCost }] of items.entries()) {
    if (unitCost != null && !(unitCost > 0 && unitCost <= maximumUnits))
      throw refuse(`items.${index}.unitCost`, `above 0 and at most ${maximumUnits}`, unitCost);
    if (budget != null && unitCost == null)
      throw refuse(`items.${index}.unitCost`, 'given where there is a budget', 'none');
  }
  if (budget != null && !(budget >= 0)) throw refuse('budget', 'at least 0', budget);
}

function checkItem(item: ReplenishmentItemInput, path: string): void {
  const { history, inStock, incoming, minimumOrderQuantity, packSize, onHand } = item;
  if (history.length < 1 || history.length > maximumValues)
    throw refuse(`${path}.history`, `1 to ${maximumValues} values`, history.length);
  if (history.every((value) => value == null))
    throw refuse(`${path}.history`, 'a list with at least one value that is not null', 'none');
  for (const [index, value] of history.entries())
    if (value != null && !(value >= 0 && value <= maximumUnits))
      throw refuse(`${path}.history.${index}`, `0 to ${maximumUnits}`, value);
  if (inStock != null && inStock.length !== history.length)
    throw refuse(`${path}.inStock`, `${history.length} entries, one a value`, inStock.length);
  if (!(onHand >= 0 && onHand <= maximumUnits))
    throw refuse(`${path}.onHand`, `0 to ${maximumUnits}`, onHand);
  if (incoming.length > maximumPeriods)
    throw refuse(`${path}.incoming`, `at most ${maximumPeriods} periods`, incoming.length);
  for (const [index, units] of incoming.entries())
    if (!(units >= 0 && units <= maximumUnits))
      throw refuse(`${path}.incoming.${index}`, `0 to ${maximumUnits}`, units);
  if (minimumOrderQuantity != null && !(minimumOrderQuantity >= 0 && minimumOrderQuantity <= maximumUnits))
    throw refuse(`${path}.minimumOrderQuantity`, `0 to ${maximumUnits}`, minimumOrderQuantity);
  if (packSize != null && !(packSize > 0 && packSize <= maximumUnits))
    throw refuse(`${path}.packSize`, `above 0 and at most ${maximumUnits}`, packSize);
}
