/** Re-pricing round after round: every round's sales at the chosen prices are what the next one is estimated from. */

import { FUTURE_WEEKS } from './categoryWorld.ts';
import type { SimulatedShop } from './makeShops.ts';
import { type ShopAnswer, scoreShop } from './scoreShop.ts';
import { expectProfit, findOraclePrice, holdPrice, type SimulatedItem } from './simulateItem.ts';

/** Chooses the prices of a shop as it stands; `round` counts from 0. */
export interface ShopPricer {
  readonly method: string;
  answer(shop: SimulatedShop, round: number): Promise<ShopAnswer>;
}

/** One pricer in one shop over all rounds. */
export interface LoopScore {
  readonly method: string;
  /** Expected profit of all items and rounds ÷ that of the price that would have been best each time from there. */
  readonly profitShare: number;
  /** The same ÷ that of the shop whose prices of the first day hold throughout. */
  readonly overHolding: number;
  /** Share of items whose profit over all rounds is more than 1 % below what holding the first day's price brings. */
  readonly shareOfLosers: number;
  /** Mean absolute error of the elasticities in the first and the last round; NaN where there are none. */
  readonly firstError: number;
  readonly lastError: number;
}

/** Most rounds for which the world of a shop is drawn. */
export function findMostRounds({ horizon, frequency }: SimulatedShop): number {
  const horizonWeeks = frequency === 'DAILY' ? horizon / 7 : horizon;
  return Math.floor(FUTURE_WEEKS / horizonWeeks) - 1;
}

/**
 * Prices a shop `rounds` times, each price holding for a horizon. Limits of stock and corridors are left out: they were
 * drawn for the first day and could contradict each other later.
 */
export async function runClosedLoop(
  shop: SimulatedShop,
  pricer: ShopPricer,
  rounds: number,
): Promise<LoopScore> {
  let now: SimulatedShop = { ...shop, items: shop.items.map(loosen) };
  let held = now.items;
  const gained = new Float64Array(held.length);
  const keptUp = new Float64Array(held.length);
  let best = 0;
  const errors: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const answer = await pricer.answer(now, round);
    errors.push(scoreShop(now, [answer]).methods[0]?.elasticityError ?? Number.NaN);
    const prices = now.items.map(({ item }, i) => answer.prices[i] ?? item.currentPrice);
    for (const [i, one] of now.items.entries()) {
      gained[i] = (gained[i] ?? 0) + expectProfit(one, prices[i] ?? Number.NaN);
      best += expectProfit(one, findOraclePrice(one));
    }
    for (const [i, one] of held.entries())
      keptUp[i] = (keptUp[i] ?? 0) + expectProfit(one, one.item.currentPrice);
    now = {
      ...now,
      items: now.items.map((one, i) => {
        const sold = holdPrice(one, prices[i] ?? Number.NaN, shop.horizon);
        const currentPrice = answer.basePrices?.[i] ?? sold.item.currentPrice;
        return { ...sold, item: { ...sold.item, currentPrice } };
      }),
    };
    held = held.map((one) => holdPrice(one, one.item.currentPrice, shop.horizon));
  }
  const total = sum(gained);
  const losers = gained.filter((profit, i) => profit < 0.99 * (keptUp[i] ?? 0)).length;
  return {
    method: pricer.method,
    profitShare: total / best,
    overHolding: total / sum(keptUp),
    shareOfLosers: losers / gained.length,
    firstError: errors[0] ?? Number.NaN,
    lastError: errors.at(-1) ?? Number.NaN,
  };
}

/** The scores of several pricers as a Markdown table. */
export function formatLoops(
  loops: readonly { readonly family: string; readonly scores: readonly LoopScore[] }[],
): string {
  const rows = loops.flatMap(({ family, scores }) =>
    scores.map((one) => {
      const error = (value: number) => (Number.isNaN(value) ? '—' : value.toFixed(3));
      const shares = [one.profitShare, one.overHolding].map((share) => share.toFixed(3));
      const losers = `${(100 * one.shareOfLosers).toFixed(1)} %`;
      const cells = [family, one.method, ...shares, losers, error(one.firstError), error(one.lastError)];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  return [
    '| family | method | profit ÷ oracle | ÷ holding the price | > 1 % below holding | MAE first round | MAE last |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...rows,
    '',
  ].join('\n');
}

function loosen(simulated: SimulatedItem): SimulatedItem {
  const constraints = {
    ...simulated.item.constraints,
    competitorCorridor: null,
    stockLimit: Number.NaN,
  };
  return { ...simulated, item: { ...simulated.item, constraints } };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
