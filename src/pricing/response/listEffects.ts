import type { ResponseEffect } from '../demandResponse.ts';
import type { PriceItem } from '../priceItem.ts';
import { fillUnknown, makeCalendarColumns } from './controlColumns.ts';
import { type ItemRemainders, shiftByOne } from './itemEvidence.ts';
import { type Estimate, regressTogether } from './multipleRegression.ts';
import { makeSmoother } from './penalisedSmoother.ts';

/** Effects of an item, and whether its rivals' prices follow its own. */
export interface ItemEffects {
  readonly effects: readonly ResponseEffect[];
  readonly competitorsReact: boolean;
}

/** Periods that an effect beside the price is looked for in, at least. */
const fewestRows = 20;
/** Standard errors that a reaction must be away from 0. */
const clearly = 3;
/** Periods whose stock-outs make an item scarce. */
const scarcePeriods = 4;

interface Influence {
  readonly name: string;
  readonly values: Float64Array;
}

/**
 * What else moves an item's demand, and what its answer to the price depends on: one regression of log units on log price,
 * promotions, rivals' prices (cross-price elasticity), prices of the category's other items (above 0 where they take its
 * customers), sentiment and complaints; and one on the log price times sentiment, demand of the season and scarcity. All
 * are what a smooth of the calendar leaves.
 *
 * @param categoryPrices `[n]`, mean log price of the group's other items, undefined without any.
 */
export function listEffects(
  { history }: PriceItem,
  { series, left }: ItemRemainders,
  categoryPrices: Float64Array | undefined,
): ItemEffects {
  const { logUnits, logPrices, promoted, weights } = series;
  if (weights.filter((weight) => weight > 0).length < fewestRows)
    return { effects: [], competitorsReact: false };
  const rivals = fillUnknown(history.map(({ competitorPrices }) => meanLog(competitorPrices)));
  const moods = fillUnknown(history.map(({ sentiment }) => sentiment));
  const influences: Influence[] = [
    { name: 'price', values: logPrices },
    { name: 'promotion', values: promoted },
    { name: 'competitor_price', values: rivals },
    ...(categoryPrices === undefined ? [] : [{ name: 'category_price', values: categoryPrices }]),
    { name: 'sentiment', values: moods },
    { name: 'complaint_rate', values: fillUnknown(history.map((row) => Math.log1p(row.complaintRate))) },
  ].filter(({ values }) => isMoving(values));
  const calendar = makeSmoother(makeCalendarColumns(history), weights);
  const columns = influences.map(({ values }) => calendar.leaveOver(values));
  const { estimates } = regressTogether(calendar.leaveOver(logUnits), columns, weights);
  const reaction = regressTogether(
    calendar.leaveOver(rivals),
    [calendar.leaveOver(shiftByOne(logPrices))],
    weights,
  );
  const moderators: Influence[] = [
    { name: 'price_by_sentiment', values: moods },
    { name: 'price_by_season', values: logUnits.map((value, t) => value - (left.units[t] ?? 0)) },
    { name: 'price_by_scarcity', values: shareOutOfStock(history.map(({ inStock }) => inStock)) },
  ].filter(({ values }) => isMoving(values));
  const moderated = regressTogether(
    left.units,
    [left.prices, left.promoted, ...moderators.map(({ values }) => interact(left.prices, values))],
    weights,
  ).estimates.slice(2);
  return {
    // The price's own slope is the elasticity.
    effects: [...nameEffects(influences, estimates).slice(1), ...nameEffects(moderators, moderated)],
    competitorsReact: isClear(reaction.estimates[0]),
  };
}

function isClear(estimate: Estimate | undefined): boolean {
  return estimate !== undefined && Math.abs(estimate.value) > clearly * estimate.standardError;
}

function nameEffects(
  influences: readonly Influence[],
  estimates: readonly Estimate[],
): readonly ResponseEffect[] {
  return influences.flatMap(({ name }, k) => {
    const estimate = estimates[k];
    if (estimate === undefined || !Number.isFinite(estimate.standardError)) return [];
    return [{ name, coefficient: estimate.value, standardError: estimate.standardError }];
  });
}

/** The price's remainder times the moderator in deviations from its mean. */
function interact(prices: Float64Array, moderator: Float64Array): Float64Array {
  const mean = moderator.reduce((sum, value) => sum + value, 0) / Math.max(1, moderator.length);
  const square =
    moderator.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, moderator.length);
  return prices.map((price, t) => (price * ((moderator[t] ?? 0) - mean)) / Math.sqrt(square));
}

function isMoving(values: Float64Array): boolean {
  const first = values[0] ?? 0;
  return values.some((value) => Math.abs(value - first) > 1e-6);
}

function meanLog(prices: readonly number[]): number {
  const known = prices.filter((price) => price > 0);
  return known.reduce((sum, price) => sum + Math.log(price), 0) / known.length;
}

function shareOutOfStock(inStock: readonly boolean[]): Float64Array {
  return Float64Array.from(inStock, (_, t) => {
    const before = inStock.slice(Math.max(0, t - scarcePeriods), t);
    return before.filter((is) => !is).length / scarcePeriods;
  });
}
