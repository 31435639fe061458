/** One simulated item with its past, today's call and the truth about every price. */

import { normalLoss } from '../../src/maths/normal.ts';
import { makeRandom, seedFromText } from '../../src/maths/random.ts';
import type { PriceItem, PriceObservation } from '../../src/pricing/priceItem.ts';
import { PAST_WEEKS } from './categoryWorld.ts';
import { expectUnits, findElasticity, findUsualElasticity } from './demandFamilies.ts';
import { drawConstraints, drawEndings, snapToEnding } from './drawConstraints.ts';
import { listFeasiblePrices } from './feasiblePrices.ts';
import type { ItemWorld } from './itemWorld.ts';
import type { ShopPlan } from './shopFile.ts';
import {
  advanceState,
  findCircumstances,
  findRivals,
  type ShopState,
  sellOnePeriod,
  setOwnPrice,
  startShopState,
  toPrice,
} from './shopState.ts';

/** An item at one moment. */
export interface SimulatedItem {
  readonly world: ItemWorld;
  readonly state: ShopState;
  readonly horizon: number;
  /** What a caller knows of it. */
  readonly item: PriceItem;
}

/** Simulates an item up to the present of its plan. */
export function simulateItem(plan: ShopPlan, world: ItemWorld): SimulatedItem {
  const random = makeRandom(seedFromText(`call/${world.id}`, plan.seed));
  const endings = drawEndings(random, plan.shares);
  const { history, state } = simulatePast(world);
  const currentPrice = snapToEnding(setOwnPrice(world, state), endings);
  const competitorPrices = findRivals(world, state).map((rival) => toPrice(world, rival));
  const usual = findUsualElasticity(world);
  const margin = Math.exp(world.parameters.costOffOptimum) * (1 + 1 / Math.min(usual, -1.15));
  const ceilingCost = 0.9 * Math.min(currentPrice, world.parameters.price);
  const unitCost = Math.round(100 * Math.min(margin * world.parameters.price, ceilingCost)) / 100;
  const horizonUnits = expectHorizonUnits({ world, state, horizon: plan.horizon }, currentPrice);
  const constraints = drawConstraints(random, plan.shares, {
    ...{ currentPrice, unitCost, competitorPrices, horizonUnits, endings },
    maximumStepRate: world.parameters.maximumStepRate,
  });
  const groups = plan.isGrouped ? [`category:${world.category}`] : [];
  const item = { id: world.id, history, unitCost, currentPrice, competitorPrices, constraints, groups };
  return { world, state, horizon: plan.horizon, item };
}

/** Units expected over the horizon if `price` holds throughout, without promotion and without a limit of stock. */
export function expectHorizonUnits(
  { world, state, horizon }: Pick<SimulatedItem, 'world' | 'state' | 'horizon'>,
  price: number,
): number {
  let units = 0;
  let now = state;
  for (let step = 0; step < horizon; step += 1) {
    const at = findCircumstances(world, now, { price, isPromoted: false });
    const expected = expectUnits(world, at);
    units += expected;
    now = advanceState(world, now, { logPrice: at.logPrice, units: expected });
  }
  return units;
}

/**
 * Expected (price − unit cost) × units sold over the horizon. Under a stock limit S sales are E[min(D, S)] = μ − σ·L((S − μ)/σ)
 * of demand taken as normal with mean μ and variance μ + noise²·Σμ_t², of which the second part is taken as evenly spread.
 */
export function expectProfit(simulated: SimulatedItem, price: number): number {
  const units = expectHorizonUnits(simulated, price);
  const { stockLimit } = simulated.item.constraints;
  return (
    (price - simulated.item.unitCost) * (Number.isNaN(stockLimit) ? units : limitUnits(simulated, units))
  );
}

/** The elasticity at the current price in the next period, rivals' prices held; NaN where the family has none. */
export function findTrueElasticity({ world, state, item }: SimulatedItem): number {
  return findElasticity(
    world,
    findCircumstances(world, state, { price: item.currentPrice, isPromoted: false }),
  );
}

/** The feasible price with the highest expected profit, by trying each of them. */
export function findOraclePrice(simulated: SimulatedItem): number {
  let [best, most] = [Number.NaN, Number.NEGATIVE_INFINITY];
  for (const price of listFeasiblePrices(simulated.item)) {
    const profit = expectProfit(simulated, price);
    if (profit > most) [best, most] = [price, profit];
  }
  return best;
}

/** The same item after `periods` more at `price`; its history has them, and the price is the current one. */
export function holdPrice(simulated: SimulatedItem, price: number, periods: number): SimulatedItem {
  const { world, item } = simulated;
  const history = [...item.history];
  let { state } = simulated;
  for (let step = 0; step < periods; step += 1) {
    const { observation, next } = sellOnePeriod(world, state, { regularPrice: price, promotion: 0 });
    history.push(observation);
    state = next;
  }
  const competitorPrices = findRivals(world, state).map((rival) => toPrice(world, rival));
  return { ...simulated, state, item: { ...item, history, currentPrice: price, competitorPrices } };
}

function simulatePast(world: ItemWorld): { readonly history: PriceObservation[]; readonly state: ShopState } {
  const history: PriceObservation[] = [];
  let state = startShopState(world);
  let regularPrice = 0;
  while (state.period < PAST_WEEKS * world.periodsPerWeek) {
    if (state.period % world.periodsPerWeek === 0) regularPrice = setOwnPrice(world, state);
    const promotion = world.promotions[Math.floor(state.period / world.periodsPerWeek)] ?? 0;
    const { observation, next } = sellOnePeriod(world, state, { regularPrice, promotion });
    history.push(observation);
    state = next;
  }
  return { history, state };
}

function limitUnits({ world, horizon, item }: SimulatedItem, mean: number): number {
  const { stockLimit } = item.constraints;
  const deviation = Math.sqrt(mean + (world.parameters.noise * mean) ** 2 / horizon);
  return deviation === 0
    ? Math.min(mean, stockLimit)
    : mean - deviation * normalLoss((stockLimit - mean) / deviation);
}
