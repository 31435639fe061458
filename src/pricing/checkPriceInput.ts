import { badInputField as refuse } from '../errors.ts';
import type { PriceConstraintsInput, PriceItemInput, PriceOptimizeInput } from '../generated/graphql.ts';
import { checkObservations, checkPrice, type HistoryPlace, maximumAmount } from './checkObservations.ts';
import { listMarkdownPeriods, mostMarkdownPeriods } from './markdownPeriods.ts';

const maximumItems = 1_000;
const maximumHorizon = 64;
const maximumGroups = 10;
const maximumEndings = 100;
const maximumGroupLength = 200;
const maximumMarkdowns = 100;

/**
 * Checks what holds for the whole input of `priceOptimize`; yields the currency of all its prices, null where none is named.
 * Throws BAD_USER_INPUT naming the field, what must hold and what was got.
 */
export function checkPriceInput({ frequency, horizon, items }: PriceOptimizeInput): string | null {
  if (frequency === 'HOURLY')
    throw refuse('frequency', 'DAILY or longer, since an observation is dated by its day', frequency);
  if (horizon < 1 || horizon > maximumHorizon)
    throw refuse('horizon', `1 to ${maximumHorizon} periods`, horizon);
  if (items.length < 1 || items.length > maximumItems)
    throw refuse('items', `1 to ${maximumItems} items`, items.length);
  const markdowns = items.filter(({ markdown }) => markdown != null).length;
  if (markdowns > maximumMarkdowns)
    throw refuse('items', `such that at most ${maximumMarkdowns} have a markdown`, markdowns);
  return findCurrency(items);
}

/** Checks one item of the input at its path, e.g. `items.3`. */
export function checkPriceItem(item: PriceItemInput, { path, ...reading }: HistoryPlace): void {
  const { unitCost, currentPrice, competitorPrices, constraints, groups } = item;
  if (!(unitCost >= 0 && unitCost <= maximumAmount))
    throw refuse(`${path}.unitCost`, `0 to ${maximumAmount}`, unitCost);
  checkPrice(currentPrice, `${path}.currentPrice`);
  const competitors = checkObservations(item.history, { path: `${path}.history`, ...reading });
  checkCompetitors(competitorPrices, { path, competitors });
  checkGroups(groups ?? [], `${path}.groups`);
  if (constraints != null) checkConstraints(constraints, `${path}.constraints`);
  checkMarkdown(item, { path, ...reading });
  if (constraints?.competitorCorridor != null && !knowsCompetitors(item))
    throw refuse(`${path}.constraints.competitorCorridor`, 'given with a price of a competitor', 'none');
}

function checkMarkdown(
  { markdown, history }: PriceItemInput,
  { path, frequency, dayOf }: HistoryPlace,
): void {
  if (markdown == null) return;
  const { stock, endDate, salvageValue } = markdown;
  for (const [name, value] of Object.entries({ stock, salvageValue }))
    if (value != null && !(value >= 0 && value <= maximumAmount))
      throw refuse(`${path}.markdown.${name}`, `0 to ${maximumAmount}`, value);
  const lastDay = Math.max(...history.map(({ date }) => dayOf(date)));
  const periods = listMarkdownPeriods(lastDay, dayOf(endDate), frequency).length;
  if (periods < 1 || periods > mostMarkdownPeriods)
    throw refuse(
      `${path}.markdown.endDate`,
      `1 to ${mostMarkdownPeriods} whole ${frequency} periods after the last one of the history`,
      endDate,
    );
}

function findCurrency(items: readonly PriceItemInput[]): string | null {
  const named = items.findIndex(({ currencyCode }) => currencyCode != null);
  const currency = items[named]?.currencyCode ?? null;
  for (const [index, item] of items.entries()) {
    const own = item.currencyCode ?? currency;
    if (own !== currency)
      throw refuse(`items.${index}.currencyCode`, `${currency} like that of items.${named}`, own ?? 'none');
    for (const [period, { currencyCode }] of item.history.entries())
      if (currencyCode != null && currencyCode !== item.currencyCode)
        throw refuse(
          `items.${index}.history.${period}.currencyCode`,
          `the item's (${item.currencyCode ?? 'none'})`,
          currencyCode,
        );
  }
  return currency;
}

function checkCompetitors(
  prices: PriceItemInput['competitorPrices'],
  { path, competitors }: { readonly path: string; readonly competitors: number },
): void {
  if (prices == null) return;
  if (competitors > 0 && prices.length !== competitors && prices.length > 0)
    throw refuse(`${path}.competitorPrices`, `${competitors} entries as in the history`, prices.length);
  for (const [index, price] of prices.entries())
    if (price != null) checkPrice(price, `${path}.competitorPrices.${index}`);
}

function knowsCompetitors({ competitorPrices, history }: PriceItemInput): boolean {
  return [competitorPrices, ...history.map((period) => period.competitorPrices)].some(
    (prices) => prices?.some((price) => price != null) === true,
  );
}

function checkGroups(groups: readonly string[], path: string): void {
  if (groups.length > maximumGroups) throw refuse(path, `at most ${maximumGroups} groups`, groups.length);
  for (const [index, group] of groups.entries())
    if (group.length < 1 || group.length > maximumGroupLength)
      throw refuse(`${path}.${index}`, `1 to ${maximumGroupLength} characters`, group.length);
}

/** Checks the ranges of constraints at their path, e.g. `items.3.constraints`; throws BAD_USER_INPUT. */
export function checkConstraints(constraints: PriceConstraintsInput, path: string): void {
  const { floor, ceiling, minimumMarginRate, maximumStepRate, endings, competitorCorridor } = constraints;
  const { stockLimit, minimumAdvertisedPrice } = constraints;
  for (const [name, value] of Object.entries({ floor, maximumStepRate, stockLimit }))
    if (value != null && !(value >= 0 && value <= maximumAmount))
      throw refuse(`${path}.${name}`, `0 to ${maximumAmount}`, value);
  if (ceiling != null) checkPrice(ceiling, `${path}.ceiling`);
  if (minimumAdvertisedPrice != null) checkPrice(minimumAdvertisedPrice, `${path}.minimumAdvertisedPrice`);
  if (minimumMarginRate != null && !(minimumMarginRate >= -1 && minimumMarginRate < 1))
    throw refuse(`${path}.minimumMarginRate`, '−1 to below 1', minimumMarginRate);
  if (endings != null) checkEndings(endings, `${path}.endings`);
  if (competitorCorridor != null) checkCorridor(competitorCorridor, `${path}.competitorCorridor`);
}

function checkEndings(endings: readonly number[], path: string): void {
  if (endings.length > maximumEndings)
    throw refuse(path, `at most ${maximumEndings} endings`, endings.length);
  for (const [index, ending] of endings.entries())
    if (!(ending >= 0 && ending < 1)) throw refuse(`${path}.${index}`, '0 to below 1', ending);
}

function checkCorridor(corridor: readonly number[], path: string): void {
  if (corridor.length !== 2) throw refuse(path, 'two ratios, the lowest and the highest', corridor.length);
  const [low = 0, high = 0] = corridor;
  checkPrice(low, `${path}.0`);
  checkPrice(high, `${path}.1`);
  if (low > high) throw refuse(path, 'two ratios, the lowest first', `${low} and ${high}`);
}
