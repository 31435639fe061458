import type { PriceItem } from '../priceItem.ts';
import { gatherEvidence, takeControlsOut } from '../response/itemEvidence.ts';
import { fromLogDemand } from '../response/logDemand.ts';
import { fitItemPanel, type PlannedPeriod } from '../response/panel/itemPanel.ts';

/** An item with the prices that are planned for it. */
export interface PlannedItem {
  readonly item: PriceItem;
  readonly plan: readonly PlannedPeriod[];
}

/** What planned prices are expected to sell in one period. */
export interface PlannedDemand {
  /** Expected units, ≥ 0. */
  readonly units: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Normal score of the ends of a 95 % interval. */
const score = 1.959964;
/**
 * Demand of items under planned prices, period by period: the hierarchical panel of all items (`panel/panelDemand.ts`) gives
 * expected log units; the interval is that of what it leaves unexplained of the item. Items of a group inform each other.
 */
export function planDemand(planned: readonly PlannedItem[]): readonly (readonly PlannedDemand[])[] {
  const panel = fitItemPanel(planned.map(({ item }) => item));
  const logs = panel.predict(planned.map(({ plan }) => plan));
  return planned.map(({ item }, index) => {
    // An item without a group is its group's mean, which leaves nothing of it.
    const own = panel.responses[index]?.residualDeviation ?? 0;
    const deviation = own > 0 ? own : gatherEvidence(takeControlsOut(item)).deviation;
    return [...(logs[index] ?? [])].map((log) => ({
      units: fromLogDemand(log + deviation ** 2 / 2),
      low: fromLogDemand(log - score * deviation),
      high: fromLogDemand(log + score * deviation),
    }));
  });
}
