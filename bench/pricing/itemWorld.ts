/** One simulated item: the parameters of its demand and of its shop's pricing, and everything that happens whatever its price. */

import { drawNormal, makeRandom, type Random, seedFromText } from '../../src/maths/random.ts';
import { type CategoryWorld, drawAutoregression, FUTURE_WEEKS, PAST_WEEKS } from './categoryWorld.ts';
import {
  type DemandFamily,
  drawFrom,
  PARAMETER_NAMES,
  type ParameterName,
  type ShopPlan,
} from './shopFile.ts';

const WEEKS = PAST_WEEKS + FUTURE_WEEKS;

/** What was drawn for one item, each number evenly from its range. */
export type ItemParameters = Readonly<Record<ParameterName, number>>;

/** Series that do not depend on the price; by week `[PAST_WEEKS + FUTURE_WEEKS]`, by period where named so. */
export interface ItemWorld {
  readonly family: DemandFamily;
  readonly id: string;
  readonly category: string;
  readonly seed: number;
  readonly periodsPerWeek: number;
  /** First period of its sales. */
  readonly firstPeriod: number;
  readonly parameters: ItemParameters;
  /** Constant elasticity of the families that have one. */
  readonly elasticity: number;
  /** Log of what moves demand besides prices and promotion: season, shock, trend, sentiment, own shock. */
  readonly demand: Float64Array;
  /** Log price ÷ usual price that the shop would set, without rivals, past demand, noise and promotion. */
  readonly pricing: Float64Array;
  readonly priceNoise: Float64Array;
  /** Depth of the promotion, 0 = none. */
  readonly promotions: Float64Array;
  /** −1 to 1. */
  readonly sentiment: Float64Array;
  /** `[competitors × weeks]` log price ÷ the own usual price, without what follows the own price. */
  readonly rivals: readonly Float64Array[];
  /** Log of each day's share × 7; one 0 for weekly items. */
  readonly weekdays: readonly number[];
  /** Prices at which demand drops, as logs of price ÷ usual price. */
  readonly thresholds: readonly number[];
}

/** Draws the item at `index` of a plan. */
export function makeItemWorld(plan: ShopPlan, category: CategoryWorld, index: number): ItemWorld {
  const id = `${plan.family}-${index}`;
  const random = makeRandom(seedFromText(`item/${id}`, plan.seed));
  const parameters = drawParameters(random, plan);
  const elasticity = clamp(category.elasticity + parameters.elasticitySpread, -4.5, -1.1);
  const periodsPerWeek = plan.frequency === 'DAILY' ? 7 : 1;
  const sentiment = drawSentiment(random);
  const ownShock = drawAutoregression(random, WEEKS, parameters.ownShockPersistence);
  const shared = drawShared(random, parameters, { category, sentiment });
  return {
    family: plan.family,
    id,
    category: category.name,
    seed: plan.seed,
    periodsPerWeek,
    firstPeriod: (PAST_WEEKS - parameters.weeks) * periodsPerWeek,
    parameters,
    elasticity,
    demand: shared.demand.map((log, week) => log + parameters.ownShock * (ownShock[week] ?? 0)),
    pricing: shared.pricing,
    priceNoise: drawAutoregression(random, WEEKS, parameters.pricePersistence).map(
      (noise) => parameters.priceNoise * noise,
    ),
    promotions: drawPromotions(random, parameters),
    sentiment,
    rivals: drawRivals(random, parameters, category),
    weekdays: plan.frequency === 'DAILY' ? drawWeekdays(random) : [0],
    thresholds: drawThresholds(random, parameters.price),
  };
}

function drawParameters(random: Random, plan: ShopPlan): ItemParameters {
  const drawn = Object.fromEntries(
    PARAMETER_NAMES.map((name) => [name, drawFrom(random, plan.ranges[name])]),
  );
  const values = drawn as Record<ParameterName, number>; // every name was just drawn
  return {
    ...values,
    weeks: Math.round(values.weeks),
    competitors: Math.round(values.competitors),
    rivalsDelayWeeks: Math.round(values.rivalsDelayWeeks),
    price: Math.round(100 * values.price) / 100,
  };
}

/**
 * What moves demand and price alike. Neither is linear in what can be observed: the shock works by an exponential and
 * more in season, the trend is a step with soft edges, sentiment saturates, and the season is no single wave.
 */
function drawShared(
  random: Random,
  parameters: ItemParameters,
  { category, sentiment }: { readonly category: CategoryWorld; readonly sentiment: Float64Array },
): { readonly demand: Float64Array; readonly pricing: Float64Array } {
  const [middle, width] = [PAST_WEEKS * (0.4 + 0.5 * random.uniform()), 4 + 12 * random.uniform()];
  const { confounding } = parameters;
  const demand = new Float64Array(WEEKS);
  const pricing = new Float64Array(WEEKS);
  for (let week = 0; week < WEEKS; week += 1) {
    const [season, hidden] = [category.season[week] ?? 0, category.shock[week] ?? 0];
    const shock = (Math.exp(0.6 * hidden) - Math.exp(0.18)) / 0.79; // mean 0, deviation 1
    const trend = parameters.trendHeight * (1 / (1 + Math.exp((middle - week) / width)) - 0.5);
    const mood = Math.tanh(3 * (sentiment[week] ?? 0));
    demand[week] =
      parameters.seasonLoading * season +
      parameters.shockLoading * shock +
      parameters.shockInSeason * season * hidden +
      parameters.sentimentEffect * mood +
      trend;
    pricing[week] =
      confounding *
      (parameters.reactSeason * season +
        parameters.reactShock * (shock + season * hidden) +
        parameters.reactTrend * trend +
        parameters.reactSentiment * mood);
  }
  return { demand, pricing };
}

function drawSentiment(random: Random): Float64Array {
  const mean = 0.1 + 0.3 * random.uniform();
  return drawAutoregression(random, WEEKS, 0.85).map((mood) => clamp(mean + 0.3 * mood, -1, 1));
}

/** Promotions last one or two weeks. */
function drawPromotions(random: Random, { promotionRate, promotionDepth }: ItemParameters): Float64Array {
  const promotions = new Float64Array(WEEKS);
  for (let week = 0; week < PAST_WEEKS - 1; week += 1) {
    const [starts, lasts] = [random.uniform() < promotionRate / 1.5, 1 + Math.round(random.uniform())];
    if (starts) promotions.fill(promotionDepth, week, Math.min(week + lasts, PAST_WEEKS - 1));
  }
  return promotions;
}

function drawRivals(random: Random, parameters: ItemParameters, category: CategoryWorld): Float64Array[] {
  return Array.from({ length: parameters.competitors }, () => {
    const level = -0.1 + 0.2 * random.uniform();
    const noise = drawAutoregression(random, WEEKS, 0.8);
    return noise.map(
      (own, week) =>
        level +
        parameters.competitorNoise * own +
        parameters.competitorsFollowShock * (category.shock[week] ?? 0),
    );
  });
}

function drawWeekdays(random: Random): number[] {
  const logs = Array.from({ length: 7 }, () => 0.25 * drawNormal(random));
  const mean = logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length;
  return logs.map((log) => log - Math.log(mean));
}

/** Two round prices near the usual one: multiples of 1, above 20 of 2.5. */
function drawThresholds(random: Random, price: number): number[] {
  const step = price > 20 ? 2.5 : price > 8 ? 1 : 0.5;
  const first = step * Math.round((price * (0.95 + 0.1 * random.uniform())) / step);
  return [first, first + step].map((threshold) => Math.log(threshold / price));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
