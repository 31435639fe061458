import {
  type OrderPolicy,
  type RecordedDemand,
  type WalkOutcome,
  type WalkRule,
  walkForward,
} from './walkForward.ts';
import { warmUp } from './warmUp.ts';

/** What is compared. */
export interface Comparison {
  readonly recorded: RecordedDemand;
  readonly rule: WalkRule;
  /** Policies as they are. */
  readonly policies: readonly OrderPolicy[];
  /** Policies that take a service level in (0, 1), for the curve of stock against fill rate. */
  readonly curves: readonly { readonly name: string; policyAt(level: number): OrderPolicy }[];
  /** Service levels of the curves, ascending. */
  readonly levels: readonly number[];
}

/** A policy and what it led to. */
export interface PolicyResult {
  readonly name: string;
  readonly outcome: WalkOutcome;
}

/** A policy's outcomes at the service levels asked of it. */
export interface StockCurve {
  readonly name: string;
  readonly points: readonly { readonly level: number; readonly outcome: WalkOutcome }[];
}

/** All replays of one history. */
export interface ComparisonResult {
  readonly policies: readonly PolicyResult[];
  readonly curves: readonly StockCurve[];
}

/**
 * Replays the last periods of a history under every policy, all from the stock that the organisers' rule leaves;
 * tells `onReplay` after each replay how many of how many are done.
 */
export async function comparePolicies(
  { recorded, rule, policies, curves, levels }: Comparison,
  onReplay: (done: number, total: number) => void,
): Promise<ComparisonResult> {
  const start = await warmUp(recorded, rule);
  const total = policies.length + curves.length * levels.length;
  let done = 0;
  const replay = async (policy: OrderPolicy): Promise<WalkOutcome> => {
    const outcome = await walkForward(recorded, start, rule, policy);
    done += 1;
    onReplay(done, total);
    return outcome;
  };
  const results: PolicyResult[] = [];
  for (const policy of policies) results.push({ name: policy.name, outcome: await replay(policy) });
  const drawn: StockCurve[] = [];
  for (const { name, policyAt } of curves) {
    const points: StockCurve['points'][number][] = [];
    for (const level of levels) points.push({ level, outcome: await replay(policyAt(level)) });
    drawn.push({ name, points });
  }
  return { policies: results, curves: drawn };
}

/** Mean stock at a fill rate, on the straight line between the curve's neighbouring points; null where it is not reached. */
export function stockAtFillRate({ points }: StockCurve, fillRate: number): number | null {
  const sorted = points.map(({ outcome }) => outcome).sort((a, b) => a.fillRate - b.fillRate);
  for (const [k, high] of sorted.entries()) {
    const low = sorted[k - 1];
    if (high.fillRate < fillRate) continue;
    if (high.fillRate === fillRate) return high.averageStock;
    if (low === undefined) return null;
    const share = (fillRate - low.fillRate) / (high.fillRate - low.fillRate);
    return low.averageStock + share * (high.averageStock - low.averageStock);
  }
  return null;
}
