/** The forecast of a variant that has hardly been sold, from those like it. */

import { weightedQuantiles } from '../../maths/quantiles.ts';
import { usableValues } from '../history.ts';
import { makeForecast, type QuantileForecast, type SeriesHistory } from '../member.ts';

/** The recent demand of a similar variant. */
export type SimilarDemand = {
  readonly history: SeriesHistory;
  /** Periods from the end of its history to the first one that is forecast, ≥ 0. */
  readonly gap: number;
  /** > 0 */
  readonly weight: number;
};

/** A variant with little history: its own, empty where it was never sold, and those like it. */
export type ColdSeries = { readonly own: SeriesHistory; readonly similar: readonly SimilarDemand[] };

/** What all series of a call have in common. */
export type ColdPlan = {
  readonly horizon: number;
  readonly levels: readonly number[];
  /** Periods after which demand repeats itself: 7 for days, else 1. */
  readonly phases: number;
  /** Seasons of `phases` periods that are read back from the end of each similar history. */
  readonly seasons: number;
  /** Length of a period. */
  readonly weeksPerPeriod: number;
};

/** Weeks of own sales that count as much as a similar variant's level. */
const LEVEL_SHRINKAGE_WEEKS = 2;

/**
 * The distribution of demand among the similar variants, moved to what is known of the variant's own level; null where
 * none of them has sold anything lately.
 *
 * The level of each similar variant, its mean over the last seasons, is drawn toward the variant's own mean by n/(n + 2),
 * n being its own weeks, and its recent demand scaled with it. A period's quantiles are those of all these values on the
 * same phase (weekday) by weight: what the variants differ by and what they vary by are both in them, so that a
 * variant without sales gets wide intervals.
 *
 * Source of the shrinkage: H. Bühlmann and A. Gisler, A Course in Credibility Theory (2005), §3.1 (n/(n + k)).
 */
export function forecastFromSimilar({ own, similar }: ColdSeries, plan: ColdPlan): QuantileForecast | null {
  const { horizon, levels, phases, weeksPerPeriod } = plan;
  const sold = usableValues(own).filter((units) => !Number.isNaN(units));
  const weeks = sold.length * weeksPerPeriod;
  const credibility = weeks / (weeks + LEVEL_SHRINKAGE_WEEKS);
  const sources = similar.flatMap((one) => {
    const source = readRecent(one, plan);
    const level = meanOf(source.values);
    if (!(level > 0)) return [];
    const ownLevel = credibility > 0 ? credibility * meanOf(sold) + (1 - credibility) * level : level;
    return [{ ...source, weight: one.weight, ratio: ownLevel / level }];
  });
  if (sources.length === 0) return null;
  const forecast = makeForecast(horizon, levels);
  for (let period = 0; period < horizon; period += 1) {
    if (period >= phases) {
      copyPhase(forecast, period, period - phases);
      continue;
    }
    const samples = sources.flatMap((source) => samplePhase(source, period, phases));
    samples.sort((a, b) => a.units - b.units);
    const units = Float64Array.from(samples, (sample) => sample.units);
    const weights = Float64Array.from(samples, (sample) => sample.weight);
    weightedQuantiles(units, weights, levels, { quantiles: forecast.quantiles, at: period * levels.length });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    forecast.mean[period] = samples.reduce((sum, sample) => sum + (sample.units * sample.weight) / total, 0);
  }
  return forecast;
}

/** Recent demand, `values[i]` being `values.length − i` periods before the first one that is forecast; NaN = missing. */
type Source = { readonly values: Float64Array; readonly weight: number; readonly ratio: number };

function readRecent({ history, gap }: SimilarDemand, { phases, seasons }: ColdPlan) {
  const length = phases * seasons;
  const known = usableValues(history);
  const values = new Float64Array(length).fill(Number.NaN);
  for (let back = 1; back <= length; back += 1)
    values[length - back] = known[known.length + gap - back] ?? Number.NaN;
  return { values };
}

/** The scaled values on the phase of a period; a phase without any takes the values of all phases. */
function samplePhase({ values, weight, ratio }: Source, period: number, phases: number) {
  const onPhase = values.filter((units, i) => i % phases === period % phases && !Number.isNaN(units));
  const used = onPhase.length > 0 ? onPhase : values.filter((units) => !Number.isNaN(units));
  return Array.from(used, (units) => ({ units: units * ratio, weight: weight / used.length }));
}

function copyPhase({ quantiles, mean, levels }: QuantileForecast, to: number, from: number): void {
  const width = levels.length;
  quantiles.copyWithin(to * width, from * width, (from + 1) * width);
  mean[to] = mean[from] ?? 0;
}

function meanOf(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values)
    if (!Number.isNaN(value)) {
      sum += value;
      count += 1;
    }
  return sum / count;
}
