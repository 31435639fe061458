import { badInputField as refuse } from '../errors.ts';
import type { Frequency, PriceObservationInput } from '../generated/graphql.ts';
import type { DayOf } from './toPriceItem.ts';

/** Where an item's history lies, and how its dates are read. */
export interface HistoryPlace {
  readonly path: string;
  readonly frequency: Frequency;
  readonly dayOf: DayOf;
}

const maximumObservations = 2_000;
const maximumCompetitors = 50;
/** Largest price, cost and number of units. */
export const maximumAmount = 1e12;
/** Days that two observations must lie apart: about half a period, since real periods are not all alike. */
const leastGapDays = { HOURLY: 1, DAILY: 1, WEEKLY: 4, MONTHLY: 15, QUARTERLY: 46, YEARLY: 183 } as const;

/** Checks an item's history at its path; yields the number of competitors, 0 where it knows none. Throws BAD_USER_INPUT. */
export function checkObservations(history: readonly PriceObservationInput[], place: HistoryPlace): number {
  const { path } = place;
  if (history.length < 1 || history.length > maximumObservations)
    throw refuse(path, `1 to ${maximumObservations} periods`, history.length);
  const competitors = history.find(({ competitorPrices }) => (competitorPrices?.length ?? 0) > 0);
  const count = competitors?.competitorPrices?.length ?? 0;
  for (const [index, observation] of history.entries()) {
    checkNumbers(observation, `${path}.${index}`);
    checkCompetitorPrices(observation, { path: `${path}.${index}.competitorPrices`, count });
  }
  checkDates(history, place);
  return count;
}

function checkNumbers(observation: PriceObservationInput, path: string): void {
  const { units, price, regularPrice, sentiment, complaintRate } = observation;
  if (!(units >= 0 && units <= maximumAmount)) throw refuse(`${path}.units`, `0 to ${maximumAmount}`, units);
  checkPrice(price, `${path}.price`);
  checkPrice(regularPrice, `${path}.regularPrice`);
  if (sentiment != null && !(sentiment >= -1 && sentiment <= 1))
    throw refuse(`${path}.sentiment`, '−1 to 1', sentiment);
  if (complaintRate != null && !(complaintRate >= 0 && complaintRate <= maximumAmount))
    throw refuse(`${path}.complaintRate`, `0 to ${maximumAmount}`, complaintRate);
}

function checkCompetitorPrices(
  { competitorPrices }: PriceObservationInput,
  { path, count }: { readonly path: string; readonly count: number },
): void {
  if (competitorPrices == null || competitorPrices.length === 0) return;
  if (count > maximumCompetitors) throw refuse(path, `at most ${maximumCompetitors} entries`, count);
  if (competitorPrices.length !== count)
    throw refuse(path, `${count} entries as in the first period with any`, competitorPrices.length);
  for (const [index, price] of competitorPrices.entries()) checkPrice(price, `${path}.${index}`);
}

function checkDates(
  history: readonly PriceObservationInput[],
  { path, frequency, dayOf }: HistoryPlace,
): void {
  const least = leastGapDays[frequency];
  const days = history
    .map(({ date }, index) => ({ date, index, day: dayOf(date) }))
    .sort((a, b) => a.day - b.day);
  for (const [index, { date, day, index: place }] of days.entries()) {
    const before = days[index - 1];
    if (before === undefined || day - before.day >= least) continue;
    const rule =
      day === before.day
        ? `another day than that of ${path.replace(/.*\./, '')}.${before.index}`
        : `at least ${least} days after the ${frequency} period before it (${before.date})`;
    throw refuse(`${path}.${place}.date`, rule, date);
  }
}

/** Checks a price at its path; absent is allowed. Throws BAD_USER_INPUT. */
export function checkPrice(price: number | null | undefined, path: string): void {
  if (price == null || (price > 0 && price <= maximumAmount)) return;
  throw refuse(path, `above 0 and at most ${maximumAmount}`, price);
}
