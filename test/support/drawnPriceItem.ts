import { drawNormal, makeRandom } from '../../src/maths/random.ts';
import type { PriceItem, PriceObservation } from '../../src/pricing/priceItem.ts';
import { makePriceItem, observation } from './priceCases.ts';

/** How an item's demand and prices are drawn; what is absent does nothing. */
export type DrawnTerms = {
  readonly seed: number;
  readonly weeks?: number;
  readonly elasticity: number;
  /** Deviation of free moves of the log price. */
  readonly priceMoves?: number;
  /** Deviation of log demand that nothing explains. */
  readonly noise?: number;
  /** How much season and sentiment move both log demand and, by a third of it, log price. */
  readonly confounding?: number;
  /** Log of the factor of promotions, which come in one week of six at 15 % off. */
  readonly promotionLift?: number;
  /** Cross-price elasticity of one rival whose price moves freely. */
  readonly rivalElasticity?: number;
};

/** An item whose weekly log demand is 5 + elasticity · log (price ÷ 10) + what else the terms say. */
export function drawPriceItem(
  terms: DrawnTerms,
  changes: Partial<Pick<PriceItem, 'id' | 'groups'>> = {},
): PriceItem {
  const { weeks = 120, priceMoves = 0.08, noise = 0.1, confounding = 0 } = terms;
  const random = makeRandom(terms.seed);
  let mood = 0;
  const history = Array.from({ length: weeks }, (_, week): PriceObservation => {
    mood = 0.8 * mood + 0.6 * drawNormal(random);
    const sentiment = Math.tanh(0.5 * mood);
    const cause = Math.sin((2 * Math.PI * week) / 52.18) + sentiment ** 2 + sentiment;
    const promoted = terms.promotionLift !== undefined && random.uniform() < 1 / 6;
    const log = priceMoves * drawNormal(random) + (confounding * cause) / 3 + (promoted ? Math.log(0.85) : 0);
    const rival = terms.rivalElasticity === undefined ? [] : [9 * Math.exp(0.1 * drawNormal(random))];
    const demand =
      5 +
      terms.elasticity * log +
      confounding * cause +
      (promoted ? (terms.promotionLift ?? 0) : 0) +
      (terms.rivalElasticity ?? 0) * Math.log((rival[0] ?? 9) / 9) +
      noise * drawNormal(random);
    return {
      ...observation,
      day: 20_000 + 7 * week,
      price: 10 * Math.exp(log),
      units: Math.round(Math.exp(demand)),
      promoted,
      sentiment,
      competitorPrices: rival,
    };
  });
  return makePriceItem({ ...changes, history });
}
