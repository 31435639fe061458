/** What the items of one simulated category share: its calendar, its season and a hidden shock to demand. */

import { drawNormal, makeRandom, type Random, seedFromText } from '../../src/maths/random.ts';
import { drawFrom, type ParameterRanges, type ShopPlan } from './shopFile.ts';

/** Weeks before the shop's present for which shops can have sales. */
export const PAST_WEEKS = 160;
/** Weeks after it for which the world is drawn: horizons and rounds of re-pricing. */
export const FUTURE_WEEKS = 120;
const WEEKS = PAST_WEEKS + FUTURE_WEEKS;
const WEEKS_A_YEAR = 365.25 / 7;
/** The first week's Monday, 2022-08-08, in days since 1970-01-01; the present is then 2025-09-01. */
export const FIRST_DAY = 19_212;
/** Where the bump before Christmas is highest, in days since 1970-01-01: 2022-12-12. */
const HOLIDAY_DAY = 19_338;
const HOLIDAY_DEVIATION_WEEKS = 1.5;

/** `[PAST_WEEKS + FUTURE_WEEKS]` each, by week. */
export interface CategoryWorld {
  readonly name: string;
  /** Log of the season's factor on demand. */
  readonly season: Float64Array;
  /** An autoregressive number of mean 0 and deviation 1 that no call can see but in the sales of the category. */
  readonly shock: Float64Array;
  /** Mean elasticity of the category's items. */
  readonly elasticity: number;
}

/** Draws the category at `index` of a plan. */
export function makeCategoryWorld(plan: ShopPlan, index: number): CategoryWorld {
  const name = `${plan.family}-${index}`;
  const random = makeRandom(seedFromText(`category/${name}`, plan.seed));
  const { ranges } = plan;
  return {
    name,
    elasticity: drawFrom(random, ranges.categoryElasticity),
    season: drawSeason(random, ranges),
    shock: drawAutoregression(random, WEEKS, drawFrom(random, ranges.shockPersistence)),
  };
}

/** `[length]`, mean 0 and deviation 1 with correlation `persistence` from one number to the next. */
export function drawAutoregression(random: Random, length: number, persistence: number): Float64Array {
  const values = new Float64Array(length);
  let value = drawNormal(random);
  for (let t = 0; t < length; t += 1) {
    values[t] = value;
    value = persistence * value + Math.sqrt(1 - persistence ** 2) * drawNormal(random);
  }
  return values;
}

/** Two waves a year and a bump before Christmas: more than one wave can say. */
function drawSeason(random: Random, ranges: ParameterRanges): Float64Array {
  const [swing, holiday] = [drawFrom(random, ranges.seasonSwing), drawFrom(random, ranges.holidayLift)];
  const [phase, secondPhase, second] = [random.uniform(), random.uniform(), 0.1 + 0.4 * random.uniform()];
  return Float64Array.from({ length: WEEKS }, (_, week) => {
    const year = week / WEEKS_A_YEAR;
    const wave = Math.sin(2 * Math.PI * (year + phase));
    const secondWave = second * Math.sin(4 * Math.PI * (year + secondPhase));
    const away = week - (HOLIDAY_DAY - FIRST_DAY) / 7;
    const toHoliday = away - WEEKS_A_YEAR * Math.round(away / WEEKS_A_YEAR);
    return (
      swing * (wave + secondWave) + holiday * Math.exp(-0.5 * (toHoliday / HOLIDAY_DEVIATION_WEEKS) ** 2)
    );
  });
}
