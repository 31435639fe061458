/** Panels whose truth is known. */

import { drawNormal, makeRandom } from '../../../src/maths/random.ts';
import type { PanelSeries } from '../../../src/pricing/response/panel/panelSeries.ts';

/** A simulated panel: covariates are the log price, a promotion, and noise that demand does not mind. */
export interface SimulatedPanel {
  readonly series: readonly PanelSeries[];
  /** By item: slope on the log price, of its group and with its own deviation. */
  readonly groupSlopes: readonly number[];
  readonly itemSlopes: readonly number[];
  /** Log units of each item in the periods after the history, with their covariates. */
  readonly future: readonly { readonly logUnits: Float64Array; readonly covariates: Float64Array }[];
}

/** Size of a panel. */
export interface PanelShape {
  readonly groups: number;
  readonly items: number;
  readonly periods: number;
  readonly seed: number;
  /** Deviation of the shock that all items of a group share in a period. */
  readonly shock?: number;
}

const width = 3;
const futurePeriods = 20;
const lift = 0.5;

/**
 * Groups whose slopes are N(−2.5, 0.6²), items around them N(0, 0.3²). Prices of a group move together, lower when it is
 * promoted; items deviate a little. Each group has a shock in each period that all its items share.
 */
export function simulatePanel({ groups, items, periods, seed, shock = 0.3 }: PanelShape): SimulatedPanel {
  const random = makeRandom(seed);
  const [series, future]: [PanelSeries[], SimulatedPanel['future'][number][]] = [[], []];
  const [groupSlopes, itemSlopes]: [number[], number[]] = [[], []];
  const all = periods + futurePeriods;
  for (let g = 0; g < groups; g += 1) {
    const slope = -2.5 + 0.6 * drawNormal(random);
    const promoted = Array.from({ length: all }, () => (random.uniform() < 0.2 ? 1 : 0));
    const prices = promoted.map((one) => 0.1 * drawNormal(random) - 0.2 * one);
    const shocks = promoted.map(() => shock * drawNormal(random));
    for (let i = 0; i < items; i += 1) {
      const own = slope + (items > 1 ? 0.3 * drawNormal(random) : 0);
      const level = 4 + drawNormal(random);
      const covariates = new Float64Array(all * width);
      const logUnits = new Float64Array(all);
      for (let t = 0; t < all; t += 1) {
        const price = (prices[t] ?? 0) + (items > 1 ? 0.05 * drawNormal(random) : 0);
        covariates.set([1 + price, promoted[t] ?? 0, drawNormal(random)], t * width);
        logUnits[t] =
          level + own * price + lift * (promoted[t] ?? 0) + (shocks[t] ?? 0) + 0.25 * drawNormal(random);
      }
      series.push({
        group: `group:${g}`,
        days: Array.from({ length: periods }, (_, t) => 7 * t),
        logUnits: logUnits.slice(0, periods),
        weights: new Float64Array(periods).fill(1),
        covariates: covariates.slice(0, periods * width),
      });
      future.push({ logUnits: logUnits.slice(periods), covariates: covariates.slice(periods * width) });
      groupSlopes.push(slope);
      itemSlopes.push(own);
    }
  }
  return { series, groupSlopes, itemSlopes, future };
}

/** Covariates of `simulatePanel`. */
export const SIMULATED_WIDTH = width;
/** Log units of its promotions. */
export const SIMULATED_LIFT = lift;
