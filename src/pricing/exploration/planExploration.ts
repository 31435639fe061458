import { setImmediate } from 'node:timers/promises';
import type { PriceObjective } from '../priceItem.ts';
import type { PriceAdvice } from '../service.ts';
import type { ExplorationRow } from './explorationRepository.ts';
import { type ExplorationRules, explorePrices } from './explorePrices.ts';
import { toExplorable } from './toExplorable.ts';

/** Draws the prices of recommended items, in order, as they are logged: with every price that had a chance, and the current one. */
export async function planExploration(
  advice: readonly PriceAdvice[],
  objective: PriceObjective,
  rules: ExplorationRules,
): Promise<Omit<ExplorationRow, 'runId'>[]> {
  const items = advice.map((one) => ({ id: one.id, candidates: toExplorable(one, objective) }));
  const drawn = await explorePrices(items, rules, () => setImmediate());
  return items.flatMap(({ id, candidates }, index) => {
    const [choice, source] = [drawn[index], advice[index]];
    if (choice === undefined || source === undefined) return [];
    const { currentIndex, recommendedIndex, prices, expected } = candidates;
    const { propensities, chosenIndex, isExplored } = choice;
    const kept = [...prices.keys()].filter((g) => (propensities[g] ?? 0) > 0 || g === currentIndex);
    const pick = (values: Float64Array) => kept.map((g) => values[g] ?? 0);
    return {
      itemId: id,
      unitCost: source.candidates.unitCost,
      ...{ prices: pick(prices), propensities: pick(propensities), expectedResults: pick(expected) },
      chosenIndex: kept.indexOf(chosenIndex),
      recommendedIndex: kept.indexOf(recommendedIndex),
      currentIndex: kept.indexOf(currentIndex),
      isExplored,
    };
  });
}
