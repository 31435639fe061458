/** One simulated item as it moves through time: what its past prices and sales left behind, and its next period. */

import {
  drawNegativeBinomial,
  drawNormal,
  drawPoisson,
  makeRandom,
  seedFromText,
} from '../../src/maths/random.ts';
import type { PriceObservation } from '../../src/pricing/priceItem.ts';
import { FIRST_DAY, PAST_WEEKS } from './categoryWorld.ts';
import { type Circumstances, expectUnits } from './demandFamilies.ts';
import type { ItemWorld } from './itemWorld.ts';

/** What the past left behind. */
export interface ShopState {
  /** The next period. */
  readonly period: number;
  /** Log prices ÷ usual price of the last three weeks, latest first; 0 before the first sale. */
  readonly lastLogPrices: readonly [number, number, number];
  /** Smoothed past log price ÷ usual price. */
  readonly reference: number;
  /** Smoothed log of units ÷ the units usual in such a period. */
  readonly demandMemory: number;
}

/** Weight of the latest week in what the shop remembers of demand. */
const DEMAND_WEIGHT = 0.4;
const FEWEST_UNITS = 0.5;

/** The state before an item's first period. */
export function startShopState(world: ItemWorld): ShopState {
  return {
    period: world.firstPeriod,
    lastLogPrices: [0, 0, 0],
    reference: 0,
    demandMemory: 0,
  };
}

/** Logs of the rivals' prices ÷ the own usual price in the next period. */
export function findRivals(world: ItemWorld, { period, lastLogPrices }: ShopState): number[] {
  const week = Math.floor(period / world.periodsPerWeek);
  const { rivalsFollow, rivalsDelayWeeks } = world.parameters;
  const followed = rivalsFollow * (lastLogPrices[rivalsDelayWeeks - 1] ?? 0);
  return world.rivals.map((rival) => (rival[week] ?? 0) + followed);
}

/** The circumstances of the next period at a price. */
export function findCircumstances(
  world: ItemWorld,
  state: ShopState,
  { price, isPromoted }: { readonly price: number; readonly isPromoted: boolean },
): Circumstances {
  return {
    period: state.period,
    logPrice: Math.log(price / world.parameters.price),
    isPromoted,
    reference: state.reference,
    rivals: findRivals(world, state),
  };
}

/** The state after a period, `units` being what was sold (expected units where nobody looks at them). */
export function advanceState(
  world: ItemWorld,
  state: ShopState,
  { logPrice, units }: { readonly logPrice: number; readonly units: number },
): ShopState {
  const period = state.period + 1;
  const surprise = Math.log(Math.max(units, FEWEST_UNITS) / Math.max(world.parameters.level, FEWEST_UNITS));
  // A week's memory is its last day's: prices change by weeks, demand is remembered from one of them.
  if (period % world.periodsPerWeek !== 0) return { ...state, period };
  return {
    period,
    lastLogPrices: [logPrice, state.lastLogPrices[0], state.lastLogPrices[1]],
    reference:
      world.parameters.referenceMemory * state.reference + (1 - world.parameters.referenceMemory) * logPrice,
    demandMemory: (1 - DEMAND_WEIGHT) * state.demandMemory + DEMAND_WEIGHT * surprise,
  };
}

/** The regular price that the shop itself would set in the next period, in whole cents. */
export function setOwnPrice(world: ItemWorld, state: ShopState): number {
  const week = Math.floor(state.period / world.periodsPerWeek);
  const { parameters } = world;
  const rivals = findRivals(world, state);
  const log =
    (world.pricing[week] ?? 0) +
    parameters.confounding * parameters.reactCompetitors * (sum(rivals) / rivals.length) +
    parameters.reactDemand * state.demandMemory +
    (world.priceNoise[week] ?? 0);
  return Math.max(0.01, Math.round(100 * parameters.price * Math.exp(log)) / 100);
}

/**
 * What is sold in the next period at a regular price, seen as a shop sees it. The same period always has the same luck;
 * from the present on nothing runs out.
 */
export function sellOnePeriod(
  world: ItemWorld,
  state: ShopState,
  { regularPrice, promotion }: { readonly regularPrice: number; readonly promotion: number },
): { readonly observation: PriceObservation; readonly next: ShopState } {
  const { parameters } = world;
  const week = Math.floor(state.period / world.periodsPerWeek);
  const random = makeRandom(seedFromText(`sales/${world.id}/${state.period}`, world.seed));
  const price = Math.max(0.01, Math.round(100 * regularPrice * (1 - promotion)) / 100);
  const at = findCircumstances(world, state, { price, isPromoted: promotion > 0 });
  const [seesMood, cover] = [random.uniform() >= parameters.missingSentiment, drawNormal(random)];
  const seen = at.rivals.map((rival) =>
    random.uniform() < parameters.missingCompetitors ? Number.NaN : toPrice(world, rival),
  );
  const expected = expectUnits(world, at);
  const demand =
    parameters.noise === 0
      ? drawPoisson(random, expected)
      : drawNegativeBinomial(random, expected, 1 / parameters.noise ** 2);
  const stock = week < PAST_WEEKS ? findStock(world, cover) : Number.POSITIVE_INFINITY;
  const units = Math.min(demand, stock);
  const observation = {
    day: FIRST_DAY + (state.period * 7) / world.periodsPerWeek,
    units,
    price,
    regularPrice,
    promoted: promotion > 0,
    competitorPrices: seen,
    inStock: demand <= stock,
    sentiment: seesMood ? (world.sentiment[week] ?? 0) : Number.NaN,
    complaintRate: Number.NaN,
  };
  return { observation, next: advanceState(world, state, { logPrice: at.logPrice, units }) };
}

/** A rival's price, in whole cents. */
export function toPrice(world: ItemWorld, rival: number): number {
  return Math.max(0.01, Math.round(100 * world.parameters.price * Math.exp(rival)) / 100);
}

/** Units at hand in a period of the past, from a normal number. */
function findStock({ parameters }: ItemWorld, luck: number): number {
  return Math.max(
    1,
    Math.round(parameters.level * Math.exp(parameters.stockCover + parameters.stockNoise * luck)),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
