/** Replays a held-back stretch of history under an ordering policy: what it would have cost. */

/** Recorded demand of several items on one time axis. */
export interface RecordedDemand {
  readonly items: readonly { readonly id: string; readonly groups: readonly string[] }[];
  readonly periods: number;
  /** `[items × periods]` row-major, units per period, ≥ 0. */
  readonly demand: Float64Array;
  /** `[items × periods]`: 0 = sales were limited by stock, so the value is a lower bound of demand. */
  readonly inStock: Uint8Array;
  /** Position in the season of every period and of at least `lead time + 2` after the last; a week's number in its year. */
  readonly seasonPositions: Int32Array;
}

/** What a policy may know when it orders, before the sales of period `now`. */
export interface PolicyMoment {
  readonly now: number;
  /** What the shop has seen; its columns from `now` on are empty. */
  readonly seen: RecordedDemand;
  /** `[items]`, units on the shelf. */
  readonly onHand: Float64Array;
  /** `[items]` of `[lead time]`, units by arrival: the first before the sales of `now`. */
  readonly incoming: readonly Float64Array[];
  readonly rule: WalkRule;
}

/** Orders in units, `[items]`. */
export interface OrderPolicy {
  readonly name: string;
  order(moment: PolicyMoment): Promise<Float64Array> | Float64Array;
}

/** The rules of a replay; one order an item and period, lost sales. */
export interface WalkRule {
  /** First period. */
  readonly origin: number;
  /** Periods replayed, and the number of them with an order at their beginning. */
  readonly periods: number;
  readonly orders: number;
  /** An order before period t arrives before the sales of t + lead. */
  readonly leadTimePeriods: number;
  /** Periods at the beginning that no policy can influence and that are not scored. */
  readonly unscored: number;
  /** Per unit left at the end of a period. */
  readonly holdingCost: number;
  /** Per unit of lost sale. */
  readonly shortageCost: number;
  /**
   * What the shop sees during the replay: `own` = its own sales, marked as limited by stock where they were;
   * `recorded` = the recorded sales, as if another shop had sold on.
   */
  readonly sight: 'own' | 'recorded';
}

/** Stock at the beginning. */
export interface StockState {
  readonly onHand: Float64Array;
  readonly incoming: readonly Float64Array[];
}

/** Outcome of the scored periods. */
export interface WalkOutcome {
  readonly cost: number;
  readonly holding: number;
  readonly shortage: number;
  /** Units sold / units asked for, in [0, 1]; 1 where none were asked for. */
  readonly fillRate: number;
  /** Units of lost sales. */
  readonly lostUnits: number;
  /** Units at the end of a period, mean over periods, all items together. */
  readonly averageStock: number;
  /** Stock after the last period. */
  readonly end: StockState;
}

/**
 * Replays one policy. A recorded period that was limited by stock asks for no more than was sold then, for every
 * policy alike: what was wanted beyond is unknown.
 */
export async function walkForward(
  recorded: RecordedDemand,
  start: StockState,
  rule: WalkRule,
  policy: OrderPolicy,
): Promise<WalkOutcome> {
  const { origin, periods, leadTimePeriods } = rule;
  const seen = cutRecords(recorded, origin);
  const onHand = start.onHand.slice();
  const incoming = start.incoming.map((units) =>
    Float64Array.from({ length: leadTimePeriods }, (_, k) => units[k] ?? 0),
  );
  const sums = { held: 0, lost: 0, asked: 0 };
  for (let k = 0; k < periods; k += 1) {
    const now = origin + k;
    const orders =
      k < rule.orders
        ? await policy.order({ now, seen, onHand, incoming, rule })
        : new Float64Array(onHand.length);
    const isScored = k >= rule.unscored;
    for (const [i, pipeline] of incoming.entries()) {
      const arrived = leadTimePeriods === 0 ? (orders[i] ?? 0) : (pipeline[0] ?? 0);
      pipeline.copyWithin(0, 1);
      if (leadTimePeriods > 0) pipeline[leadTimePeriods - 1] = orders[i] ?? 0;
      const asked = recorded.demand[i * recorded.periods + now] ?? 0;
      const stock = (onHand[i] ?? 0) + arrived;
      const left = Math.max(0, stock - asked);
      onHand[i] = left;
      record(recorded, seen, { cell: i * recorded.periods + now, stock, sight: rule.sight });
      if (!isScored) continue;
      sums.held += left;
      sums.asked += asked;
      sums.lost += Math.max(0, asked - stock);
    }
  }
  const holding = rule.holdingCost * sums.held;
  const shortage = rule.shortageCost * sums.lost;
  return {
    cost: holding + shortage,
    holding,
    shortage,
    fillRate: sums.asked > 0 ? 1 - sums.lost / sums.asked : 1,
    lostUnits: sums.lost,
    averageStock: sums.held / Math.max(1, periods - rule.unscored),
    end: { onHand, incoming },
  };
}

/** What has been seen of item `index` before `now`, oldest first. */
export function seenHistory(
  { seen, now }: Pick<PolicyMoment, 'seen' | 'now'>,
  index: number,
): { readonly values: Float64Array; readonly inStock: readonly boolean[] } {
  const from = index * seen.periods;
  return {
    values: seen.demand.subarray(from, from + now),
    inStock: Array.from(seen.inStock.subarray(from, from + now), (flag) => flag === 1),
  };
}

/** A copy that ends before `now`. */
function cutRecords(recorded: RecordedDemand, now: number): RecordedDemand {
  const { items, periods } = recorded;
  const demand = new Float64Array(recorded.demand.length);
  const inStock = new Uint8Array(recorded.inStock.length);
  for (let i = 0; i < items.length; i += 1) {
    const [from, to] = [i * periods, i * periods + now];
    demand.set(recorded.demand.subarray(from, to), from);
    inStock.set(recorded.inStock.subarray(from, to), from);
  }
  return { ...recorded, demand, inStock };
}

function record(
  recorded: RecordedDemand,
  seen: RecordedDemand,
  {
    cell,
    stock,
    sight,
  }: { readonly cell: number; readonly stock: number; readonly sight: WalkRule['sight'] },
): void {
  const asked = recorded.demand[cell] ?? 0;
  const isLimited = sight === 'own' && asked > stock;
  seen.demand[cell] = isLimited ? stock : asked;
  seen.inStock[cell] = isLimited ? 0 : (recorded.inStock[cell] ?? 0);
}
