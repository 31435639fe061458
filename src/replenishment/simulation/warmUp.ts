import { seasonalMeanPolicy } from './referencePolicies.ts';
import { type RecordedDemand, type StockState, type WalkRule, walkForward } from './walkForward.ts';

/** Periods of warming up before a replay. */
export const warmUpPeriods = 8;

/** Stock before a replay: the organisers' rule from empty shelves, filled at once, for eight periods. */
export async function warmUp(recorded: RecordedDemand, rule: WalkRule): Promise<StockState> {
  const before: WalkRule = {
    ...rule,
    origin: rule.origin - warmUpPeriods,
    periods: warmUpPeriods,
    orders: warmUpPeriods,
    unscored: 0,
    sight: 'recorded',
  };
  const empty = {
    onHand: new Float64Array(recorded.items.length),
    incoming: recorded.items.map(() => new Float64Array(rule.leadTimePeriods)),
  };
  const moment = { now: before.origin, seen: recorded, ...empty, rule: before };
  const first = await seasonalMeanPolicy.order(moment);
  return (await walkForward(recorded, { ...empty, onHand: first }, before, seasonalMeanPolicy)).end;
}
