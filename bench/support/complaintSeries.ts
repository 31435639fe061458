import type { RateWeek } from '../../src/complaints/rateAlert.ts';
import { drawNegativeBinomial, drawPoisson, type Random } from '../../src/maths/random.ts';

/** A simulated series of weekly complaints. */
export type ComplaintSeries = {
  /** Mean complaints a week before the jump. */
  readonly mean: number;
  /** Variance by mean of a week, ≥ 1: 1 = Poisson. */
  readonly dispersion: number;
  readonly weeks: number;
  /** From which week on the rate is how many times as high. */
  readonly jump?: { readonly at: number; readonly factor: number };
};

const fewestUnits = 50;
const mostUnits = 200;

/** Draws weekly complaints against units sold between 50 and 200 a week: negative binomial counts. */
export function drawComplaints(
  random: Random,
  { mean, dispersion, weeks, jump }: ComplaintSeries,
): RateWeek[] {
  return Array.from({ length: weeks }, (_, week) => {
    const exposure = Math.round(fewestUnits + (mostUnits - fewestUnits) * random.uniform());
    const factor = jump !== undefined && week >= jump.at ? jump.factor : 1;
    const expected = (mean * exposure * factor) / ((fewestUnits + mostUnits) / 2);
    const complaints =
      dispersion > 1
        ? drawNegativeBinomial(random, expected, expected / (dispersion - 1))
        : drawPoisson(random, expected);
    return { complaints, exposure };
  });
}
