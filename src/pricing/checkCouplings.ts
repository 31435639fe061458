import { badInputField as refuse } from '../errors.ts';
import type { PriceCouplingInput, PriceOptimizeInput } from '../generated/graphql.ts';
import type { PriceCoupling } from './optimiser/priceCoupling.ts';

/** A coupling with what messages call it. */
export interface NamedCoupling extends PriceCoupling {
  readonly name: string;
}

type Items = PriceOptimizeInput['items'];

const maximumCouplings = 50;
const largestChangeRate = 10;
const longestOrder = 100;

/** Checks the couplings of a checked input and finds their items. Throws BAD_USER_INPUT naming field, rule and what was got. */
export function readCouplings({ couplings, items }: PriceOptimizeInput): NamedCoupling[] {
  const given = couplings ?? [];
  if (given.length > maximumCouplings)
    throw refuse('couplings', `at most ${maximumCouplings} couplings`, given.length);
  return given.map((coupling, index) => {
    const path = `couplings.${index}`;
    checkBounds(coupling, path);
    const priceOrder = findOrder(coupling, { path, items });
    const { group, minimumAverageChangeRate, maximumAverageChangeRate, minimumMarginRate } = coupling;
    const hasBounds = [minimumAverageChangeRate, maximumAverageChangeRate, minimumMarginRate].some(isGiven);
    const members = hasBounds || isGiven(coupling.maximumChanges) ? findMembers(group, { path, items }) : [];
    if (members.length + priceOrder.length === 0) throw refuse(path, 'given at least one bound', 'none');
    for (const member of [...members, ...priceOrder])
      if (items[member]?.markdown != null)
        throw refuse(path, 'over items without a markdown', `items.${member} with one`);
    return {
      name: group ?? (members.length > 0 ? 'all items' : `the items ${coupling.priceOrder?.join(', ')}`),
      items: members,
      minimumAverageChangeRate: minimumAverageChangeRate ?? Number.NaN,
      maximumAverageChangeRate: maximumAverageChangeRate ?? Number.NaN,
      minimumMarginRate: minimumMarginRate ?? Number.NaN,
      maximumChanges: coupling.maximumChanges ?? Number.NaN,
      priceOrder,
    };
  });
}

function checkBounds(coupling: PriceCouplingInput, path: string): void {
  const { minimumAverageChangeRate, maximumAverageChangeRate, minimumMarginRate, maximumChanges } = coupling;
  for (const [name, rate] of Object.entries({ minimumAverageChangeRate, maximumAverageChangeRate }))
    if (rate != null && !(rate >= -1 && rate <= largestChangeRate))
      throw refuse(`${path}.${name}`, `−1 to ${largestChangeRate}`, rate);
  if (minimumAverageChangeRate != null && minimumAverageChangeRate > (maximumAverageChangeRate ?? Infinity))
    throw refuse(
      `${path}.minimumAverageChangeRate`,
      `at most maximumAverageChangeRate (${maximumAverageChangeRate})`,
      minimumAverageChangeRate,
    );
  if (minimumMarginRate != null && !(minimumMarginRate >= -1 && minimumMarginRate < 1))
    throw refuse(`${path}.minimumMarginRate`, '−1 to below 1', minimumMarginRate);
  if (maximumChanges != null && maximumChanges < 0)
    throw refuse(`${path}.maximumChanges`, 'at least 0', maximumChanges);
}

function findMembers(
  group: string | null | undefined,
  { path, items }: { readonly path: string; readonly items: Items },
): number[] {
  const members = [...items.keys()].filter(
    (index) => group == null || items[index]?.groups?.includes(group) === true,
  );
  if (members.length === 0) throw refuse(`${path}.group`, 'a group of one of the items', String(group));
  return members;
}

function findOrder(
  { priceOrder }: PriceCouplingInput,
  { path, items }: { readonly path: string; readonly items: Items },
): number[] {
  if (priceOrder == null) return [];
  if (priceOrder.length < 2 || priceOrder.length > longestOrder)
    throw refuse(`${path}.priceOrder`, `2 to ${longestOrder} ids`, priceOrder.length);
  return priceOrder.map((id, place) => {
    const found = [...items.keys()].filter((index) => items[index]?.id === id);
    const [index] = found;
    if (index === undefined || found.length > 1)
      throw refuse(`${path}.priceOrder.${place}`, 'the id of exactly one item', id);
    if (priceOrder.indexOf(id) !== place)
      throw refuse(`${path}.priceOrder.${place}`, 'an id that is not before it', id);
    return index;
  });
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
