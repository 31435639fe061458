/** The panel model on the items of a request. */

import type { PriceItem, PriceObservation } from '../../priceItem.ts';
import { toLogDemand } from '../logDemand.ts';
import { fitPanel, type PanelDemand, type PanelPeriod } from './panelDemand.ts';
import type { PanelSeries } from './panelSeries.ts';
import { readPriceMoves } from './priceMoves.ts';

/** Competitors that are told apart; of more only the mean price is read. */
const mostCompetitors = 12;

/** Circumstances of a period to come. */
export type PlannedPeriod = Pick<
  PriceObservation,
  'day' | 'price' | 'regularPrice' | 'promoted' | 'competitorPrices'
>;

/** A fitted panel of items. */
export interface ItemPanel {
  /** In item order; effects on what `readCovariates` lists after the price. */
  readonly responses: PanelDemand['responses'];
  /** Expected log units of every item in the periods of its plan, in order. */
  predict(plans: readonly (readonly PlannedPeriod[])[]): readonly Float64Array[];
}

/**
 * Fits the panel model on items; those of the same first group, which sell in the same periods, are a group. Items without a
 * group stand alone.
 */
export function fitItemPanel(items: readonly PriceItem[]): ItemPanel {
  const most = items.reduce((count, { history }) => Math.max(count, countCompetitors(history)), 0);
  const competitors = most > 1 && most <= mostCompetitors ? most : 0;
  const { responses, predict } = fitPanel(
    items.map((item, index) => toPanelSeries(item, index, competitors)),
    plainCovariates + competitors,
  );
  return {
    responses,
    predict: (plans) =>
      predict(items.map((item, index) => toPanelPeriods(item, plans[index] ?? [], competitors))),
  };
}

function countCompetitors(history: PriceItem['history']): number {
  return history[0]?.competitorPrices.length ?? 0;
}

/** The history tells what a cut is and what is usual. */
function toPanelPeriods(
  { history }: PriceItem,
  plan: readonly PlannedPeriod[],
  competitors: number,
): readonly PanelPeriod[] {
  const width = plainCovariates + competitors;
  const covariates = readCovariates([...history, ...plan], competitors).subarray(history.length * width);
  return plan.map(({ day }, t) => ({ day, covariates: covariates.slice(t * width, (t + 1) * width) }));
}

function toPanelSeries(item: PriceItem, index: number, competitors: number): PanelSeries {
  const { values, weights } = toLogDemand(item.history);
  return {
    group: item.groups[0] ?? `\u0000${index}`,
    days: item.history.map(({ day }) => day),
    logUnits: values,
    weights,
    covariates: readCovariates(item.history, competitors),
  };
}

const plainCovariates = 5;

/**
 * `[periods × (5 + competitors)]`: log price, mean log price of the competitors, promotion, price cut, promotion at a reduced
 * price, and the log price of each competitor.
 */
function readCovariates(periods: readonly PlannedPeriod[], competitors: number): Float64Array {
  const logPrices = Float64Array.from(periods, ({ price }) => Math.log(price));
  const { cuts, reductions } = readPriceMoves(
    logPrices,
    Float64Array.from(periods, ({ regularPrice }) => Math.log(regularPrice)),
  );
  return Float64Array.from(
    periods.flatMap(({ promoted, competitorPrices }, t) => [
      logPrices[t] ?? Number.NaN,
      meanLog(competitorPrices),
      promoted ? 1 : 0,
      cuts[t] ?? 0,
      promoted ? (reductions[t] ?? 0) : 0,
      ...Array.from({ length: competitors }, (_, k) => Math.log(competitorPrices[k] ?? Number.NaN)),
    ]),
  );
}

/** Mean of the logarithms that are known, NaN where none is. */
function meanLog(prices: readonly number[]): number {
  const known = prices.filter((price) => !Number.isNaN(price));
  return known.reduce((sum, price) => sum + Math.log(price), 0) / known.length;
}
