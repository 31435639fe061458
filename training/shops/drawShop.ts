import { drawGamma, drawNormal, drawPoisson, type Random } from '../../src/maths/random.ts';
import type { PriceItem, PriceObservation } from '../../src/pricing/priceItem.ts';
import { type DemandFamily, drawFamily } from './demandFamily.ts';
import { type Driver, drawAutoregressive, drawBend, drawSeason, drawTrend, drawWalk } from './driver.ts';
import { drawPolicy } from './pricePolicy.ts';

/** A shop's calendar. */
export type ShopFrequency = 'DAILY' | 'WEEKLY' | 'MONTHLY';

/** A drawn item with what no one in the shop knows. */
export interface DrawnItem {
  readonly item: PriceItem;
  readonly family: string;
  /** Factor on demand while it is promoted, price apart; NaN where it never is. */
  readonly promotionLift: number;
  /** Expected units a period over the horizon at the current price, without stock limits. */
  readonly futureUnits: number;
  /** Expected demand over the horizon at a price ÷ that at the current price. */
  ratioAt(price: number): number;
}

/** Items that were sold in the same periods. */
export interface DrawnShop {
  readonly frequency: ShopFrequency;
  readonly horizon: number;
  readonly items: readonly DrawnItem[];
}

/** A category of a shop. */
interface Shop {
  readonly days: readonly number[];
  readonly length: number;
  readonly horizon: number;
  readonly season: Driver;
  readonly shock: Driver;
  readonly elasticity: number;
  readonly spread: number;
  readonly noise: number;
  readonly group: string;
  readonly confounding: number;
  readonly shockStrength: number;
  readonly rivals: number;
  readonly hasSentiment: boolean;
  readonly causes: Readonly<Record<'season' | 'shock' | 'trend' | 'rival' | 'sentiment', Cause>>;
}

/** Through which bends a driver moves demand and, times `push`, the logarithm of prices. */
interface Cause {
  readonly demand: (x: number) => number;
  readonly price: (x: number) => number;
  readonly push: number;
}

/** Mean days of a period, and the least and most periods of a history and a horizon. */
const calendars = {
  DAILY: { days: 1, history: [60, 560], horizon: [14, 56] },
  WEEKLY: { days: 7, history: [30, 160], horizon: [4, 12] },
  MONTHLY: { days: 30.4375, history: [20, 60], horizon: [1, 6] },
} as const;

/**
 * Draws a shop for training: 1 to 40 items of one category, or of a few, whose demand and prices are moved by season, trend, a
 * shock that they share, rivals' prices and sentiment, through bends, each with some chance of moving both.
 */
export function drawShop(random: Random): DrawnShop {
  const kind = random.uniform();
  const frequency: ShopFrequency = kind < 0.7 ? 'WEEKLY' : kind < 0.93 ? 'DAILY' : 'MONTHLY';
  const calendar = calendars[frequency];
  const between = ([low, high]: readonly [number, number]) =>
    low + Math.floor((high - low + 1) * random.uniform());
  const length = random.uniform() < 0.1 ? between([4, 30]) : between(calendar.history);
  const horizon = between(calendar.horizon);
  const start = 17_000 + Math.floor(3_000 * random.uniform());
  const days = Array.from({ length: length + horizon }, (_, t) => start + Math.round(t * calendar.days));
  const categories = random.uniform() < 0.7 ? 1 : 2 + Math.floor(4 * random.uniform());
  const centre = Math.log(2.3) + 0.3 * drawNormal(random);
  const items = Array.from({ length: categories }, (_, index) => {
    const count =
      random.uniform() < 0.25 ? 1 : 2 + Math.floor((39 / Math.sqrt(categories)) * random.uniform() ** 1.5);
    const elasticity = -Math.exp(centre + 0.25 * drawNormal(random));
    const shop = drawCategory(random, {
      days,
      length,
      horizon,
      elasticity,
      count,
      group: `category:${index}`,
    });
    return Array.from({ length: count }, (_, i) => drawItem(random, shop, i));
  });
  return { frequency, horizon, items: items.flat() };
}

function drawCategory(
  random: Random,
  terms: Pick<Shop, 'days' | 'length' | 'horizon' | 'elasticity' | 'group'> & { readonly count: number },
): Shop {
  const { count, ...calendar } = terms;
  const confounding = random.uniform() < 0.25 ? 0 : 0.04 + 0.3 * random.uniform();
  const cause = () => drawCause(random, confounding);
  // A shock that all share can only be told from the other items' sales.
  const shockStrength = count < 8 || random.uniform() < 0.5 ? 0 : 0.4 * random.uniform();
  const shock = drawAutoregressive(random, calendar.days.length);
  return {
    ...calendar,
    season: drawSeason(random, calendar.days),
    shock: shockStrength === 0 ? shock.fill(0) : shock,
    spread: 0.1 + 0.4 * random.uniform(),
    noise: 0.05 + 0.45 * random.uniform() ** 1.5,
    confounding,
    shockStrength,
    rivals: random.uniform() < 0.5 ? 0 : 1 + Math.floor(3 * random.uniform()),
    hasSentiment: random.uniform() < 0.4,
    causes: { season: cause(), shock: cause(), trend: cause(), rival: cause(), sentiment: cause() },
  };
}

/** What moves demand mostly moves prices the same way: shops ask more when they sell well. */
function drawCause(random: Random, confounding: number): Cause {
  const bend = drawBend(random);
  const answer = random.uniform() < 0.75 ? bend : drawBend(random);
  const sign = random.uniform() < 0.85 ? 1 : -1;
  const push = random.uniform() < 0.3 ? 0 : sign * confounding * Math.abs(drawNormal(random));
  return { demand: bend, price: answer, push };
}

function drawItem(random: Random, shop: Shop, index: number): DrawnItem {
  const usual = Math.exp(Math.log(20) + 0.8 * drawNormal(random));
  const elasticity = Math.min(-0.2, shop.elasticity * Math.exp(shop.spread * drawNormal(random)));
  const family = drawFamily(random, elasticity, usual);
  const drivers = drawDrivers(random, shop);
  const scale = Math.exp(Math.log(60) + 1.6 * drawNormal(random));
  const sales = sell(random, { shop, family, drivers, usual, scale });
  const history = sales.observations;
  const last = history.at(-1)?.price ?? usual;
  const prices = history.map(({ price }) => price);
  const other = Math.min(...prices) + random.uniform() * (Math.max(...prices) - Math.min(...prices));
  const currentPrice = random.uniform() < 0.75 ? last : other;
  const unitCost = currentPrice * (0.3 + 0.55 * random.uniform());
  const base = family.demand(currentPrice);
  const item: PriceItem = {
    id: `${index}`,
    history,
    unitCost,
    currentPrice,
    competitorPrices: [],
    constraints: noConstraints,
    groups: [shop.group],
  };
  return {
    item,
    family: family.name,
    promotionLift: history.some(({ promoted }) => promoted) ? Math.exp(drivers.lift) : Number.NaN,
    futureUnits: scale * base * sales.futureFactor,
    ratioAt: (price) => family.demand(price) / base,
  };
}

/** Bounds of nothing. */
export const noConstraints: PriceItem['constraints'] = {
  floor: Number.NaN,
  ceiling: Number.NaN,
  minimumMarginRate: Number.NaN,
  maximumStepRate: Number.NaN,
  endings: [],
  competitorCorridor: null,
  stockLimit: Number.NaN,
  minimumAdvertisedPrice: Number.NaN,
};

interface Drivers {
  /** What moves the logarithm of demand, price and promotion apart. */
  readonly demand: Float64Array;
  /** What moves the logarithm of the price, beside the policy's own moves. */
  readonly price: Float64Array;
  readonly rivals: readonly Float64Array[];
  readonly sentiment: Float64Array | null;
  readonly lift: number;
}

function drawDrivers(random: Random, shop: Shop): Drivers {
  const total = shop.days.length;
  const demand = new Float64Array(total);
  const price = new Float64Array(total);
  const add = (driver: Driver, strength: number, cause: Cause | null) => {
    const own = cause !== null && random.uniform() < 0.7 ? cause : drawCause(random, shop.confounding);
    for (let t = 0; t < total; t += 1) {
      demand[t] = (demand[t] ?? 0) + strength * own.demand(driver[t] ?? 0);
      if (cause !== null) price[t] = (price[t] ?? 0) + own.push * own.price(driver[t] ?? 0);
    }
  };
  add(shop.season, 0.5 * random.uniform(), shop.causes.season);
  add(shop.shock, shop.shockStrength * (0.5 + random.uniform()), shop.causes.shock);
  add(drawTrend(random, total), 0.4 * random.uniform(), shop.causes.trend);
  // Hidden courses of its own move prices only through past sales, which the shop has seen.
  add(drawWalk(random, total), 0.4 * random.uniform() ** 2, null);
  add(drawAutoregressive(random, total), 0.3 * random.uniform() ** 2, null);
  const rivals = Array.from({ length: shop.rivals }, () => {
    const driver = drawAutoregressive(random, total);
    add(driver, 0.3 * random.uniform(), shop.causes.rival);
    const spread = 0.03 + 0.12 * random.uniform();
    return driver.map((x) => spread * x);
  });
  const mood = drawAutoregressive(random, total);
  if (shop.hasSentiment) add(mood, 0.4 * random.uniform(), shop.causes.sentiment);
  const sentiment = shop.hasSentiment ? mood.map((x) => Math.tanh(0.5 * x)) : null;
  return { demand, price, rivals, sentiment, lift: 0.5 * random.uniform() };
}

interface Selling {
  readonly shop: Shop;
  readonly family: DemandFamily;
  readonly drivers: Drivers;
  readonly usual: number;
  readonly scale: number;
}

function sell(random: Random, { shop, family, drivers, usual, scale }: Selling) {
  const { length, horizon, days } = shop;
  const policy = drawPolicy(random, { usual, periodDays: (days[1] ?? 0) - (days[0] ?? 0) });
  // Stock that covers usual demand runs out when there is more.
  const cover = random.uniform() < 0.75 ? Number.POSITIVE_INFINITY : 0.7 + 1.2 * random.uniform();
  const gaps = random.uniform() < 0.7 ? 0 : 0.15 * random.uniform();
  const observations: PriceObservation[] = [];
  let surprise = 0;
  for (let t = 0; t < length; t += 1) {
    const { price, regularPrice, promoted } = policy.next(drivers.price[t] ?? 0, surprise);
    // A lift that the shop does not record would be the price's.
    const log = (drivers.demand[t] ?? 0) + (promoted && policy.showsPromotion ? drivers.lift : 0);
    const expected = scale * Math.exp(log) * family.demand(price);
    const wanted = drawUnits(random, expected, shop.noise);
    const stock = Math.ceil(
      scale * Math.exp(0.7 * (drivers.demand[t] ?? 0)) * cover * (0.6 + 0.8 * random.uniform()),
    );
    const units = Math.min(wanted, stock);
    const seen = (value: number) => (random.uniform() < gaps ? Number.NaN : value);
    surprise = Math.log((units + 0.5) / (scale + 0.5));
    observations.push({
      day: days[t] ?? 0,
      units,
      price,
      regularPrice: policy.showsRegular ? regularPrice : Number.NaN,
      promoted: policy.showsPromotion && promoted,
      competitorPrices: drivers.rivals.map((logs) => seen(usual * Math.exp(logs[t] ?? 0))),
      inStock: wanted <= stock,
      sentiment: seen(drivers.sentiment?.[t] ?? Number.NaN),
      complaintRate: Number.NaN,
    });
  }
  let future = 0;
  for (let t = length; t < length + horizon; t += 1) future += Math.exp(drivers.demand[t] ?? 0) / horizon;
  return { observations, futureFactor: future };
}

/** A count whose mean varies with the relative deviation `noise` from period to period. */
function drawUnits(random: Random, expected: number, noise: number): number {
  const shape = 1 / noise ** 2;
  return drawPoisson(random, drawGamma(random, shape, expected / shape));
}
