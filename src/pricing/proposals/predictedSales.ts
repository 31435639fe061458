import { negativeBinomialQuantiles } from '../../maths/negativeBinomial.ts';
import { normalQuantile } from '../../maths/normal.ts';

/** Units expected over a horizon, with the ends of their 95 % interval. */
export type HorizonUnits = {
  readonly units: number;
  readonly unitsLow: number;
  readonly unitsHigh: number;
  /** Periods. */
  readonly horizon: number;
};
/** Units expected over a part of the horizon, and the bounds that sales leave only where something is amiss. */
export type PredictedSales = { readonly expectedUnits: number; readonly low: number; readonly high: number };

/**
 * Chance, on each side, that sales which come as predicted are out of bounds at one look. Sales are looked at after every
 * period, so the chance that they are ever out of bounds is several times that: with this one, counted on simulated series,
 * at most one in twenty over a horizon of up to 64 periods (`test/pricing/proposals/predictedSales.test.ts`).
 */
const tail = 0.0015;
/** Units of which no number is too many: goods that hardly sell are sold now and then. */
const neverTooMany = 2;
/** Quantiles are counted up one by one: larger means are reckoned in larger units. */
const mostCounted = 400;

/**
 * The units expected after the first periods of a horizon. The expected units grow with the periods; the width of the
 * interval grows with their square root, which is right where the doubt is about each period by itself and generous to where
 * it is about the level of all: what of it is which the interval over the horizon does not tell. The bounds are quantiles of
 * the negative binomial distribution with that mean and variance, so that few units are counted as what they are.
 */
export function predictSales(
  { units, unitsLow, unitsHigh, horizon }: HorizonUnits,
  periods: number,
): PredictedSales {
  const share = periods / horizon;
  const expectedUnits = units * share;
  if (!(expectedUnits > 0)) return { expectedUnits: 0, low: 0, high: neverTooMany };
  const deviation = (unitsHigh - unitsLow) / (2 * normalQuantile(0.975));
  const scale = Math.max(1, expectedUnits / mostCounted);
  const mean = expectedUnits / scale;
  // No count scatters less than a Poisson one.
  const excess = Math.max((deviation ** 2 * share) / scale ** 2 - mean, mean * 1e-6);
  const [low = 0, high = 0] = negativeBinomialQuantiles([tail, 1 - tail], mean, mean ** 2 / excess);
  return { expectedUnits, low: low * scale, high: Math.max(high * scale, neverTooMany) };
}
