import { negativeBinomialQuantiles } from '../../maths/negativeBinomial.ts';
import { makeForecast, type QuantileForecast } from '../member.ts';
import { estimateDispersions } from './countDispersion.ts';
import { type DemandPanel, makeDemandPanel, type PooledSeries } from './demandPanel.ts';
import { estimateGroupSeason } from './groupSeason.ts';
import { trackLevels } from './levelTracks.ts';

/** Items whose demand is to be forecast together; all have the same frequency and end now. */
export interface PooledRequest {
  readonly series: readonly PooledSeries[];
  /** Periods in one season; 1 = none. */
  readonly seasonLength: number;
  /** Periods ahead, ≥ 1. */
  readonly horizon: number;
  /** Ascending levels in (0, 1). */
  readonly levels: readonly number[];
}

/** A forecast with how its periods' errors go together. */
export interface DemandForecast extends QuantileForecast {
  /** Correlation of neighbouring periods' normal scores, in [0, 1). */
  readonly correlation: number;
}

/** Periods without a sale after which an item that never sold is not expected to. */
const patience = 26;
/** Periods ahead at which the spread is measured. */
const measuredLead = 2;
/** Correlation of neighbouring periods' demand rates; counting noise on top of them is independent. */
const rateCorrelation = 0.4;

/**
 * Forecasts all items together: mean = level (`trackLevels`) × season (`estimateGroupSeason`), distribution negative
 * binomial (`estimateDispersions`). Demand is a Poisson count of a rate with variance φ μ²; only the rates of
 * neighbouring periods go together, so the counts' correlation is 0.4 · φμ/(1 + φμ).
 */
export function forecastPooledDemand(request: PooledRequest): readonly DemandForecast[] {
  const { horizon, levels, seasonLength } = request;
  const panel = makeDemandPanel(request.series);
  const season = estimateGroupSeason(panel, seasonLength);
  const tracks = trackLevels(panel, season);
  const lead = Math.min(measuredLead, horizon - 1);
  const dispersions = estimateDispersions(panel, season, tracks, lead);
  const { items, periods } = panel;
  return request.series.map((_, i) => {
    const forecast = makeForecast(horizon, levels);
    const level = isDead(panel, i) ? 0 : (tracks.levels[periods * items + i] ?? 0);
    const [unit, phi] = [panel.units[i] ?? 1, dispersions[i] ?? 1];
    for (let h = 0; h < horizon; h += 1) {
      const mean = level * (season.factors[i * season.length + ((periods + h) % season.length)] ?? 1);
      const row = negativeBinomialQuantiles(levels, mean, 1 / phi);
      forecast.mean[h] = mean * unit;
      for (let k = 0; k < levels.length; k += 1)
        forecast.quantiles[h * levels.length + k] = (row[k] ?? 0) * unit;
    }
    const spread = (phi * (forecast.mean[lead] ?? 0)) / unit;
    return { ...forecast, correlation: (rateCorrelation * spread) / (1 + spread) };
  });
}

/** Whether an item has been on sale for long and never sold. */
function isDead({ periods, demand, seen }: DemandPanel, item: number): boolean {
  let known = 0;
  for (let cell = item * periods; cell < (item + 1) * periods; cell += 1) {
    if ((demand[cell] ?? 0) > 0) return false;
    known += seen[cell] ?? 0;
  }
  return known >= patience;
}
