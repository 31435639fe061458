/** Seeded daily series of three kinds of demand, for measuring speed. */

import type { SeriesHistory } from '../../src/forecasting/member.ts';
import {
  drawGamma,
  drawNegativeBinomial,
  drawNormal,
  makeRandom,
  type Random,
} from '../../src/maths/random.ts';

/** Days of each series: the reference length of all speed figures. */
export const SPEED_DAYS = 200;
/** Days ahead: the reference horizon. */
export const SPEED_HORIZON = 28;

/**
 * `count` series of 200 days, by thirds smooth (level, trend, week, normal noise), erratic (negative binomial with a
 * week) and intermittent (demand on every third to twentieth day). The same seed gives the same series.
 */
export function makeSpeedSeries(count: number, seed = 11): readonly SeriesHistory[] {
  const random = makeRandom(seed);
  const makers = [makeSmooth, makeErratic, makeIntermittent] as const;
  return Array.from({ length: count }, (_, i) => {
    const draw = (makers[i % makers.length] ?? makeSmooth)(random);
    return { values: Float64Array.from({ length: SPEED_DAYS }, (__, day) => draw(day)), seasonLength: 7 };
  });
}

function makeSmooth(random: Random): (day: number) => number {
  const [level, slope] = [20 + 200 * random.uniform(), 0.2 * (random.uniform() - 0.3)];
  const week = Float64Array.from({ length: 7 }, () => 1 + 0.3 * drawNormal(random));
  const noise = 0.15 * level;
  return (day) =>
    Math.max(
      0,
      Math.round((level + slope * day) * Math.max(0.1, week[day % 7] ?? 1) + noise * drawNormal(random)),
    );
}

function makeErratic(random: Random): (day: number) => number {
  const mean = 4 + drawGamma(random, 2, 4);
  const week = Float64Array.from({ length: 7 }, () => 0.7 + 0.6 * random.uniform());
  return (day) => drawNegativeBinomial(random, mean * (week[day % 7] ?? 1), 3);
}

function makeIntermittent(random: Random): (day: number) => number {
  const chance = 0.05 + 0.28 * random.uniform();
  const size = drawGamma(random, 2, 1.5);
  return () => (random.uniform() < chance ? 1 + drawNegativeBinomial(random, size, 2) : 0);
}
