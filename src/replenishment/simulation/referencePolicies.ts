/** Policies that an order is compared with. */

import type { ForecastingService } from '../../forecasting/service.ts';
import { normalQuantile } from '../../maths/normal.ts';
import { sampleQuantile } from '../../maths/quantiles.ts';
import { criticalRatio } from '../newsvendor.ts';
import { type OrderPolicy, type PolicyMoment, type RecordedDemand, seenHistory } from './walkForward.ts';

const levelPeriods = 13;
const coveredPeriods = 4;
const sampledPeriods = 52;

/**
 * The VN2 organisers' rule: demand divided by a seasonal index (the mean over all items by position in the season),
 * mean of the last thirteen periods times the index, order up to the next four periods; periods without stock are left
 * out. Rounded to whole units.
 */
export const seasonalMeanPolicy: OrderPolicy = {
  name: 'seasonal index × 13-week mean, up to 4 weeks',
  order(moment) {
    const { now, seen } = moment;
    const index = seasonalIndex(seen, now);
    const factor = (t: number) => index.get(seen.seasonPositions[t] ?? -1) ?? 1;
    let ahead = 0;
    for (let t = now; t < now + coveredPeriods; t += 1) ahead += factor(t);
    return orderUpTo(moment, (i) => {
      let [sum, count] = [0, 0];
      for (let t = Math.max(0, now - levelPeriods); t < now; t += 1) {
        const cell = i * seen.periods + t;
        if (seen.inStock[cell] !== 1) continue;
        sum += (seen.demand[cell] ?? 0) / factor(t);
        count += 1;
      }
      return count === 0 ? 0 : (sum / count) * ahead;
    });
  },
};

/**
 * Normal-theory safety stock on simple exponential smoothing: up to (L + R)·level + z·σ·√(L + R), z the normal quantile
 * of `service`, of p/(p+h) where that is absent.
 *
 * Source: E. A. Silver, D. F. Pyke and D. J. Thomas, Inventory and Production Management in Supply Chains (4th ed.,
 * 2017), §6.9 and §4.6.
 */
export function makeNormalPolicy(smooth: ForecastingService['smoothDemand'], service?: number): OrderPolicy {
  return {
    name: 'normal-theory safety stock on SES',
    order(moment) {
      const z = normalQuantile(service ?? criticalRatio(moment.rule));
      const periods = moment.rule.leadTimePeriods + 1;
      return orderUpTo(moment, (i) => {
        const { level, sigma } = smooth(seenHistory(moment, i));
        return Math.max(0, periods * level + z * sigma * Math.sqrt(periods));
      });
    },
  };
}

/**
 * Up to the empirical quantile, at `service` or p/(p+h), of demand over L + R consecutive periods of the last
 * fifty-two; stretches with a period without stock are left out.
 */
export function makeEmpiricalPolicy(service?: number): OrderPolicy {
  return {
    name: 'empirical quantile of 52 weeks',
    order(moment) {
      const { now, seen, rule } = moment;
      const length = rule.leadTimePeriods + 1;
      return orderUpTo(moment, (i) => {
        const sums: number[] = [];
        for (let from = Math.max(0, now - sampledPeriods); from + length <= now; from += 1) {
          const cell = i * seen.periods + from;
          if (seen.inStock.subarray(cell, cell + length).every((flag) => flag === 1))
            sums.push(seen.demand.subarray(cell, cell + length).reduce((sum, units) => sum + units, 0));
        }
        if (sums.length === 0) return 0;
        return sampleQuantile(Float64Array.from(sums).sort(), service ?? criticalRatio(rule));
      });
    },
  };
}

/** Knows the future: every period gets exactly what is asked for, but for what the start leaves. A bound, no policy. */
export function makeClairvoyantPolicy(recorded: RecordedDemand): OrderPolicy {
  return {
    name: 'clairvoyant (bound)',
    order({ now, onHand, incoming, rule }) {
      const asked = (i: number, t: number) => recorded.demand[i * recorded.periods + t] ?? 0;
      return onHand.map((units, i) => {
        let stock = units;
        for (let k = 0; k < rule.leadTimePeriods; k += 1)
          stock = Math.max(0, stock + (incoming[i]?.[k] ?? 0) - asked(i, now + k));
        return Math.max(0, asked(i, now + rule.leadTimePeriods) - stock);
      });
    },
  };
}

/** Whole units from the inventory position up to a level. */
function orderUpTo({ onHand, incoming }: PolicyMoment, levelOf: (index: number) => number): Float64Array {
  return onHand.map((units, i) => {
    const position = units + (incoming[i] ?? new Float64Array()).reduce((sum, more) => sum + more, 0);
    return Math.max(0, Math.round(levelOf(i) - position));
  });
}

/** Mean demand by position in the season over the mean of these means. */
function seasonalIndex(
  { items, periods, demand, inStock, seasonPositions }: RecordedDemand,
  now: number,
): ReadonlyMap<number, number> {
  const byPosition = new Map<number, number[]>();
  for (let t = 0; t < now; t += 1) {
    let [sum, count] = [0, 0];
    for (let i = 0; i < items.length; i += 1) {
      if (inStock[i * periods + t] !== 1) continue;
      sum += demand[i * periods + t] ?? 0;
      count += 1;
    }
    const position = seasonPositions[t] ?? -1;
    if (count > 0) byPosition.set(position, [...(byPosition.get(position) ?? []), sum / count]);
  }
  const means = new Map([...byPosition].map(([position, list]) => [position, mean(list)]));
  const all = mean([...means.values()]);
  return new Map([...means].map(([position, value]) => [position, all > 0 ? value / all : 1]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
