/** The hierarchical panel model: demand of items that share groups and dates, given prices and what else is known ahead. */

import type { GroupDeviations } from './deviationSteps.ts';
import { remember } from './groupBlocks.ts';
import { fitGroupDemand, type GroupDemand } from './groupDemand.ts';
import { fitDeviations, readDeviation } from './itemDeviations.ts';
import { gatherGroups, lessMeans, type PanelGroup, type PanelSeries } from './panelSeries.ts';

/** What is known of one item in one period to come. */
export interface PanelPeriod {
  readonly day: number;
  /** `[covariates]` in the order of the history's; NaN = unknown. */
  readonly covariates: Float64Array;
}

/** A slope of log units with its standard error. */
export interface PanelSlope {
  readonly value: number;
  readonly standardError: number;
}

/** How one item's demand answers. */
export interface PanelItemResponse {
  /** Of the group's mean on its mean log price. */
  readonly group: PanelSlope;
  /** On the own log price where the prices of the whole group move along. */
  readonly together: PanelSlope;
  /** On the own log price where only this item's price moves. */
  readonly alone: PanelSlope;
  /** `[covariates − 1]`, on the covariates after the price, where those of the group move along. */
  readonly effects: readonly PanelSlope[];
  /** Deviation of log units in a period that the model leaves unexplained by the item alone. */
  readonly residualDeviation: number;
}

/** A fitted panel. */
export interface PanelDemand {
  /** In the order of the series. */
  readonly responses: readonly PanelItemResponse[];
  /**
   * Expected log units of every item in its periods, in order. Items of a group that are asked for the same day make up its
   * mean there; alone an item stands for its group.
   */
  predict(periods: readonly (readonly PanelPeriod[])[]): readonly Float64Array[];
}

/** Periods of a group's mean that are read: four years of weeks; a longer past costs time and says little of today. */
const mostPeriods = 208;

interface FittedGroup {
  readonly group: PanelGroup;
  readonly deviations: GroupDeviations;
  readonly demand: GroupDemand;
  /** Mean of the cells' log units. */
  readonly mean: number;
}

/**
 * Fits the panel in two parts: how items deviate from their group's mean in a period (`itemDeviations.ts`), and how these
 * means move from period to period (`groupDemand.ts`). An item's covariates therefore have two slopes, one of its difference
 * from the group's mean and one of that mean (Y. Mundlak, Econometrica 46 (1978), pp. 69–85): prices of a chain move
 * together mostly when all is promoted, which a single slope would confuse with differences between shops.
 *
 * @param width covariates per period
 */
export function fitPanel(series: readonly PanelSeries[], width: number): PanelDemand {
  const groups = gatherGroups(series, width);
  const deviations = fitDeviations(groups, width);
  const means = deviations.map(meanOfCells);
  const demands = fitGroupDemand(
    deviations.flatMap((own, g) => {
      const group = groups[g];
      return group === undefined ? [] : toGroupSeries(group, own, means[g] ?? 0);
    }),
    width,
  );
  const fitted = groups.map((group, g): FittedGroup => {
    const [own, demand] = [deviations[g], demands[g]];
    if (own === undefined || demand === undefined)
      throw new Error('Every group must have been fitted, and one has not.');
    return { group, deviations: own, demand, mean: means[g] ?? 0 };
  });
  const responses = new Array<PanelItemResponse>(series.length);
  for (const one of fitted)
    for (const [place, { index }] of one.group.items.entries()) responses[index] = readResponse(one, place);
  return { responses, predict: (periods) => predictAll(fitted, periods, width) };
}

function meanOfCells({ cellMeans, cellWeights }: GroupDeviations): number {
  let [sum, total] = [0, 0];
  for (const [cell, weight] of cellWeights.entries()) {
    sum += Math.min(1, weight) * (cellMeans[cell] ?? 0);
    total += Math.min(1, weight);
  }
  return total > 0 ? sum / total : 0;
}

/** The group's means beyond what its items' differences say of the price, so that the slope of the mean is shrunk towards theirs. */
function toGroupSeries({ days }: PanelGroup, deviations: GroupDeviations, mean: number) {
  const { cellWeights, cellMeans, cellCovariates, slopes } = deviations;
  const width = slopes.length;
  const kept = [...days.keys()].filter((cell) => (cellWeights[cell] ?? 0) > 0).slice(-mostPeriods);
  return {
    days: kept.map((cell) => days[cell] ?? 0),
    values: Float64Array.from(
      kept,
      (cell) => (cellMeans[cell] ?? 0) - mean - (slopes[0] ?? 0) * (cellCovariates[cell * width] ?? 0),
    ),
    weights: Float64Array.from(kept, (cell) => Math.min(1, cellWeights[cell] ?? 0)),
    covariates: Float64Array.from({ length: kept.length * width }, (_, place) => {
      const cell = kept[Math.floor(place / width)] ?? 0;
      return cellCovariates[cell * width + (place % width)] ?? 0;
    }),
  };
}

function readResponse({ deviations, demand }: FittedGroup, place: number): PanelItemResponse {
  const own = deviations.priceSlopes[place] ?? 0;
  const ownError = deviations.priceSlopeErrors[place] ?? 0;
  const group = {
    value: (deviations.slopes[0] ?? 0) + (demand.slopes[0] ?? 0),
    standardError: Math.hypot(demand.slopeErrors[0] ?? 0, deviations.priceError),
  };
  const together = {
    value: group.value + own,
    standardError: Math.hypot(group.standardError, ownError),
  };
  const hasOthers = deviations.levels.length > 1;
  const alone = {
    value: (deviations.slopes[0] ?? 0) + own,
    standardError: Math.hypot(deviations.priceError, ownError),
  };
  return {
    group,
    together,
    alone: hasOthers ? alone : together,
    effects: Array.from(demand.slopes.subarray(1), (value, k) => ({
      value,
      standardError: demand.slopeErrors[k + 1] ?? Number.POSITIVE_INFINITY,
    })),
    residualDeviation: Math.sqrt(hasOthers ? deviations.residualVariance : 0),
  };
}

function predictAll(
  fitted: readonly FittedGroup[],
  periods: readonly (readonly PanelPeriod[])[],
  width: number,
): readonly Float64Array[] {
  const answers = periods.map((asked) => new Float64Array(asked.length));
  for (const one of fitted) {
    const asked = one.group.items.map(({ index, means }) =>
      (periods[index] ?? []).map(({ day, covariates }) => ({
        day,
        covariates: lessMeans(covariates, means),
      })),
    );
    const cells = meanByDay(asked, width);
    for (const [place, { index }] of one.group.items.entries())
      for (const [t, { day, covariates }] of (asked[place] ?? []).entries()) {
        const cellCovariates = cells.get(day) ?? covariates;
        const answer = answers[index];
        if (answer === undefined) continue;
        answer[t] =
          predictGroup(one, day, cellCovariates) +
          readDeviation(one.deviations, place, { covariates, cellCovariates });
      }
  }
  return answers;
}

function meanByDay(
  asked: readonly (readonly PanelPeriod[])[],
  width: number,
): ReadonlyMap<number, Float64Array> {
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (const periods of asked)
    for (const { day, covariates } of periods) {
      const entry = sums.get(day) ?? { sum: new Float64Array(width), count: 0 };
      sums.set(day, entry);
      for (let k = 0; k < width; k += 1) entry.sum[k] = (entry.sum[k] ?? 0) + (covariates[k] ?? 0);
      entry.count += 1;
    }
  return new Map([...sums].map(([day, { sum, count }]) => [day, sum.map((value) => value / count)]));
}

function predictGroup(
  { deviations, demand, mean }: FittedGroup,
  day: number,
  covariates: Float64Array,
): number {
  let sum = mean + demand.mean + (deviations.slopes[0] ?? 0) * (covariates[0] ?? 0);
  for (const [k, slope] of demand.slopes.entries()) sum += slope * (covariates[k] ?? 0);
  for (const [t, weight] of demand.levelWeights.entries())
    sum += weight * remember(day - (demand.days[t] ?? 0));
  return sum;
}
