import type { SeriesHistory } from '../../src/forecasting/member.ts';
import { drawPoisson, makeRandom } from '../../src/maths/random.ts';

/** A made-up history whose truth is known. */
export interface PromotedSeriesTruth {
  /** Periods of history, ≥ 1. */
  readonly length: number;
  readonly horizon: number;
  /** d log demand / d log price. */
  readonly elasticity: number;
  /** Log of a promotion's factor beyond its price. */
  readonly lift: number;
  readonly seed: number;
  /** Price ratio in the horizon; 1 = regular. */
  readonly nextRatio: number;
}

/** Poisson demand around 40 a period, at 0.7 of the price and under promotion every eighth period. */
export function makePromotedSeries(truth: PromotedSeriesTruth): SeriesHistory {
  const { length, horizon, elasticity, lift, seed, nextRatio } = truth;
  const random = makeRandom(seed);
  const isOn = (t: number) => (t < length ? t % 8 === 3 : nextRatio !== 1);
  const ratio = Float64Array.from({ length: length + horizon }, (_, t) =>
    t < length ? (isOn(t) ? 0.7 : 1) : nextRatio,
  );
  const promotion = ratio.map((_, t) => (isOn(t) ? 1 : 0));
  const values = Float64Array.from({ length }, (_, t) =>
    drawPoisson(random, 40 * (ratio[t] ?? 1) ** elasticity * Math.exp(lift * (promotion[t] ?? 0))),
  );
  const covariates = [
    { name: 'price_ratio', values: ratio },
    ...(lift === 0 ? [] : [{ name: 'promotion', values: promotion }]),
  ];
  return { values, seasonLength: 1, covariates };
}
