/** The choice of all items of a request. */

import type { PriceObjective } from '../priceItem.ts';
import { choosePrice, listBindingConstraints, type PriceCase, weighPrices } from './choosePrice.ts';
import type { ConstraintName } from './priceBounds.ts';
import { listPriceDrivers, type PriceDriver } from './priceDrivers.ts';
import { type PriceValues, valuePrices } from './priceValues.ts';

/** The price that an item gets, with what its candidates bring and why it was chosen. */
export interface PriceDecision extends Pick<PriceValues, 'units' | 'unitsLow' | 'unitsHigh'> {
  /** Index among the candidates. */
  readonly chosenIndex: number;
  readonly bindingConstraints: readonly ConstraintName[];
  readonly drivers: readonly PriceDriver[];
}

/** Chooses the prices of items, in order. */
export function choosePrices(items: readonly PriceCase[], objective: PriceObjective): PriceDecision[] {
  return items.map((item) => {
    const values = valuePrices(item);
    const options = weighPrices(item, values, objective);
    const chosen = choosePrice(item, options);
    const { units, unitsLow, unitsHigh } = values;
    return {
      chosenIndex: chosen,
      units,
      unitsLow,
      unitsHigh,
      bindingConstraints: listBindingConstraints(item, options, { chosen, objective }),
      drivers: listPriceDrivers(item, { values, options }, { chosen, objective }),
    };
  });
}
