import { drawNormal, type Random } from '../../src/maths/random.ts';

/** The price of one period. */
export interface PricedPeriod {
  readonly price: number;
  readonly regularPrice: number;
  readonly promoted: boolean;
}

/** How a shop sets the price of an item, period by period. */
export interface PricePolicy {
  /** Whether the shop records regular prices, and promotions. */
  readonly showsRegular: boolean;
  readonly showsPromotion: boolean;
  /** The next price: `push` is what drivers add to its logarithm, `surprise` the log of the last sales against usual. */
  next(push: number, surprise: number): PricedPeriod;
}

/**
 * Draws a policy: a regular price that is changed now and then, promotions, small moves, an answer to the last sales, and
 * rounding; a few never move the price.
 */
export function drawPolicy(
  random: Random,
  { usual, periodDays }: { readonly usual: number; readonly periodDays: number },
): PricePolicy {
  const isFixed = random.uniform() < 0.04;
  const changes = isFixed ? 0 : (periodDays / 365) * 4 * random.uniform();
  const promotions = isFixed || random.uniform() < 0.3 ? 0 : (periodDays / 365) * 12 * random.uniform();
  const jitter = isFixed || random.uniform() < 0.4 ? 0 : 0.15 * random.uniform() ** 2;
  const keep = random.uniform() < 0.5 ? 0 : 0.95 * random.uniform();
  const direction = random.uniform() < 0.8 ? 1 : -1;
  const answer = isFixed || random.uniform() < 0.7 ? 0 : direction * 0.15 * Math.abs(drawNormal(random));
  const discounts = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4].slice(0, 1 + Math.floor(6 * random.uniform()));
  const rounding = random.uniform() < 0.3 ? 0 : random.uniform() < 0.5 ? 0.01 : usual > 5 ? 0.5 : 0.05;
  const isHeld = random.uniform() < 0.3;
  let [regular, left, discount, wobble, held] = [usual, 0, 0, 0, 0];
  return {
    showsRegular: random.uniform() < 0.5,
    showsPromotion: random.uniform() < 0.75,
    next(push, surprise) {
      if (random.uniform() < changes) regular = usual * Math.exp(0.12 * drawNormal(random));
      if (left > 0) left -= 1;
      else if (random.uniform() < promotions) {
        left = Math.max(0, Math.round((7 + 14 * random.uniform()) / periodDays) - 1);
        discount = discounts[Math.floor(random.uniform() * discounts.length)] ?? 0.2;
      } else discount = 0;
      wobble = keep * wobble + Math.sqrt(1 - keep ** 2) * jitter * drawNormal(random);
      const move = isFixed ? 0 : Math.max(-0.7, Math.min(0.7, push + answer * surprise + wobble));
      // Some shops look at a price only now and then.
      if (!isHeld || random.uniform() < 0.25) held = move;
      const exact = regular * Math.exp(held) * (1 - discount);
      const price = rounding === 0 ? exact : Math.max(rounding, Math.round(exact / rounding) * rounding);
      return { price, regularPrice: Math.max(price, regular * Math.exp(held)), promoted: discount > 0 };
    },
  };
}
