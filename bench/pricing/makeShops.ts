/** The simulated shops, one a family. */

import type { Frequency } from '../../src/generated/graphql.ts';
import { makeCategoryWorld } from './categoryWorld.ts';
import { makeItemWorld } from './itemWorld.ts';
import type { DemandFamily, ShopPlan } from './shopFile.ts';
import { type SimulatedItem, simulateItem } from './simulateItem.ts';

/** Items of one family that are priced together. */
export interface SimulatedShop {
  readonly family: DemandFamily;
  readonly frequency: Frequency;
  /** Periods for which a price is to hold. */
  readonly horizon: number;
  readonly items: readonly SimulatedItem[];
}

/** Draws and simulates a plan's shop. */
export function makeShop(plan: ShopPlan): SimulatedShop {
  const categories = Array.from({ length: Math.ceil(plan.items / plan.itemsPerCategory) }, (_, index) =>
    makeCategoryWorld(plan, index),
  );
  const items = categories.flatMap((category, at) =>
    Array.from({ length: Math.min(plan.itemsPerCategory, plan.items - at * plan.itemsPerCategory) }, (_, i) =>
      simulateItem(plan, makeItemWorld(plan, category, at * plan.itemsPerCategory + i)),
    ),
  );
  return { family: plan.family, frequency: plan.frequency, horizon: plan.horizon, items };
}
