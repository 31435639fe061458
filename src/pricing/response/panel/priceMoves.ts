/** What a path of prices says beside the price itself. */

/** A price this much below the last period's, on the logarithmic scale, is a cut that buyers notice. */
const noticedCut = 0.03;
/** A price this much below the highest of the last periods is a reduced one. */
const reduced = 0.05;
/** Periods over which a price is remembered as the usual one. */
const remembered = 8;

/** By period, 1 = yes, 0 = no; all lists of equal length. */
export interface PriceMoves {
  /** First period of a noticeably lower price: demand is highest then, before cupboards are full. */
  readonly cuts: Float64Array;
  /** The price is reduced, so that a promotion has something to tell. */
  readonly reductions: Float64Array;
}

/**
 * Reads the moves of a price from period to period.
 *
 * @param logPrices NaN = unknown
 * @param logRegularPrices without promotions; NaN = unknown: the highest price of the eight periods before stands for it
 */
export function readPriceMoves(logPrices: Float64Array, logRegularPrices?: Float64Array): PriceMoves {
  const cuts = new Float64Array(logPrices.length);
  const reductions = new Float64Array(logPrices.length);
  for (const [t, price] of logPrices.entries()) {
    if (price < (logPrices[t - 1] ?? Number.NaN) - noticedCut) cuts[t] = 1;
    const stated = logRegularPrices?.[t] ?? Number.NaN;
    const regular = Number.isNaN(stated) ? findHighest(logPrices, t) : stated;
    if (price < regular - reduced) reductions[t] = 1;
  }
  return { cuts, reductions };
}

function findHighest(logPrices: Float64Array, t: number): number {
  let highest = Number.NaN;
  for (let s = Math.max(0, t - remembered); s < t; s += 1) {
    const price = logPrices[s] ?? Number.NaN;
    if (!(highest >= price) && !Number.isNaN(price)) highest = price;
  }
  return highest;
}
