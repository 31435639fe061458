import { unitGain } from '../optimiser/priceValues.ts';
import type { PriceObjective } from '../priceItem.ts';
import type { PriceAdvice } from '../service.ts';
import type { ExplorableItem } from './exploringShares.ts';

/**
 * What exploration draws an item's price from: the candidates of its recommendation. A stock that is to be gone by a day is not
 * explored with: its first price is one of a plan.
 */
export function toExplorable(
  { response, candidates, markdown }: Pick<PriceAdvice, 'response' | 'candidates' | 'markdown'>,
  objective: PriceObjective,
): ExplorableItem {
  const { grid, decision, unitCost, stockLimit, level } = candidates;
  const unitGains = grid.prices.map((price) => unitGain(price, unitCost, objective));
  return {
    prices: grid.prices,
    unitGains,
    expected: unitGains.map((gain, g) => gain * (decision.units[g] ?? 0)),
    isAllowed: Uint8Array.from(grid.broken, (bits, g) =>
      bits === 0 && (markdown === null || g === decision.chosenIndex) ? 1 : 0,
    ),
    currentIndex: grid.currentIndex,
    recommendedIndex: decision.chosenIndex,
    ratioQuantiles: response.ratioQuantiles,
    levelQuantiles: level.unitQuantiles,
    stockLimit,
  };
}
