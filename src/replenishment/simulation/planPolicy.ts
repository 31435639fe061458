import type { ReplenishmentPlanInput } from '../../generated/graphql.ts';
import type { ItemPlan } from '../planItem.ts';
import { type OrderPolicy, type PolicyMoment, seenHistory } from './walkForward.ts';

/** What the plan is asked beside stock and history. */
export type PlanTargetInput = Pick<ReplenishmentPlanInput, 'holdingCost' | 'shortageCost' | 'serviceLevel'>;

/**
 * The platform's own policy: the orders of `replenishmentPlan`.
 *
 * @param planItems what answers that query (`ReplenishmentService.planItems`)
 */
export function makePlanPolicy(
  planItems: (input: ReplenishmentPlanInput) => Promise<readonly ItemPlan[]>,
  target: PlanTargetInput,
  frequency: ReplenishmentPlanInput['frequency'],
): OrderPolicy {
  return {
    name: 'replenishmentPlan',
    async order(moment) {
      const { leadTimePeriods } = moment.rule;
      const items = moment.seen.items.map((_, index) => toItem(moment, index));
      const plans = await planItems({ frequency, reviewPeriods: 1, leadTimePeriods, ...target, items });
      return Float64Array.from(plans, ({ orderQuantity }) => orderQuantity);
    },
  };
}

function toItem(moment: PolicyMoment, index: number): ReplenishmentPlanInput['items'][number] {
  const { values, inStock } = seenHistory(moment, index);
  const { id, groups } = moment.seen.items[index] ?? { id: String(index), groups: [] };
  return {
    id,
    history: [...values],
    inStock: [...inStock],
    onHand: moment.onHand[index] ?? 0,
    incoming: [...(moment.incoming[index] ?? [])],
    groups: [...groups],
  };
}
